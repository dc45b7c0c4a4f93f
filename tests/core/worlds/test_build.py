"""The transition table: what is built, what is refused and how that is said."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WorldError
from core.worlds.build import from_gymnasium, from_rows
from core.worlds.mdp import FiniteMDP, greedy, state_values


def rows(**changes: Any) -> FiniteMDP:
    """Two states, 'go' leads from a to the terminal b with 0.9 and back to a with 0.1."""
    columns = {
        "state": [0, 0],
        "action": [0, 0],
        "next_state": [1, 0],
        "probability": [0.9, 0.1],
        "reward": [1.0, 0.0],
        "terminated": [False] * 2,
    }
    return from_rows(["a", "b"], ["go"], **(columns | changes))


def test_a_table_lies_sorted_and_frozen() -> None:
    mdp = rows()
    assert (mdp.states, mdp.actions, mdp.pairs) == (2, 1, 1)
    assert mdp.next_state.tolist() == [0, 1]
    assert mdp.terminated.tolist() == [False, True]
    assert mdp.expected_reward.tolist() == [0.9]
    assert mdp.continuation.tolist() == [0.1, 0.0]
    assert mdp.cumulative.tolist() == [0.1, 1.0]
    assert mdp.absorbing.tolist() == [False, True]
    assert mdp.start.tolist() == [1.0, 0.0]
    with pytest.raises(ValueError, match="read-only"):
        mdp.reward[0] = 5


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"probability": [0.8, 0.1]}, "probabilities of state 'a', action 'go' add up to 0.9. Make them add up to 1."),
        ({"probability": [1.2, -0.2]}, "state 'a', action 'go': probability 1.2 is not possible."),
        ({"probability": [float("nan"), 1]}, "probability nan is not possible"),
        ({"reward": [float("inf"), 0]}, "reward inf is not possible"),
        ({"next_state": [2, 0]}, "names next state 2, but there are 2"),
        ({"discount": 1.5}, "The discount must lie from 0 to 1, not 1.5"),
        ({"start": [0.5, 0.4]}, "start probabilities add up to 0.9"),
        ({"start": [0.0, 1.0]}, "starts in state 'b', where it is already over"),
        ({name: [] for name in ("state", "action", "next_state", "probability", "reward", "terminated")}, "No state has an action"),
    ],
)
def test_the_first_fault_is_named(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WorldError) as caught:
        rows(**changes)
    assert sentence in caught.value.sentence


def test_equal_outcomes_are_merged_and_impossible_ones_dropped() -> None:
    mdp = from_rows(
        ["a"], ["x"], state=[0] * 3, action=[0] * 3, next_state=[0] * 3, probability=[0.5, 0.5, 0], reward=[1, 1, 9], terminated=[True] * 3
    )
    assert mdp.probability.tolist() == [1.0]
    assert mdp.reward.tolist() == [1.0]


@st.composite
def tables(draw: st.DrawFn) -> dict[int, dict[int, list[tuple[float, int, float, bool]]]]:
    states, actions = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    table: dict[int, dict[int, list[tuple[float, int, float, bool]]]] = {}
    for state in range(states):
        table[state] = {}
        for action in draw(st.sets(st.integers(0, actions - 1), min_size=1 if state == 0 else 0)):
            weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
            table[state][action] = [
                (w / sum(weights), draw(st.integers(0, states - 1)), float(draw(st.integers(-5, 5))), draw(st.booleans())) for w in weights
            ]
    return table


@given(tables())
def test_a_table_says_the_same_as_the_dictionary_it_was_built_from(table: Any) -> None:
    mdp = from_gymnasium(table, discount=0.9)
    for state, actions in table.items():
        assert np.flatnonzero(mdp.available[state]).tolist() == sorted(actions)
        for action, outcomes in actions.items():
            pair = mdp.pair_of(state, action)
            assert mdp.expected_reward[pair] == pytest.approx(sum(p * r for p, _, r, _ in outcomes))
            part = slice(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1])
            reached = np.zeros(mdp.states)
            np.add.at(reached, mdp.next_state[part], mdp.continuation[part])
            expected = np.zeros(mdp.states)
            for p, n, _, over in outcomes:
                expected[n] += p * (not over and bool(table[n]))
            assert reached == pytest.approx(expected)
            assert mdp.cumulative[part][-1] == 1.0


def test_values_and_greedy_actions_leave_out_what_is_unavailable() -> None:
    q = np.array([[1.0, np.nan, 3.0], [np.nan] * 3, [-2.0, -1.0, np.nan]])
    assert state_values(q).tolist() == [3.0, 0.0, -1.0]
    assert greedy(q).tolist() == [2, -1, 1]
