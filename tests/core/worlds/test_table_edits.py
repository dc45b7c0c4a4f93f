"""Edits of tables: hand-made cases, and round trips over random ones."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import WorldError
from core.worlds import table_edits as edits
from core.worlds.library import library_world, names
from core.worlds.mdp import FiniteMDP
from core.worlds.table import TableWorld, Transition

TWO = TableWorld(
    states=("a", "b"),
    actions=("go", "stay"),
    transitions=(
        Transition(state="a", action="go", next="b", probability=0.5, reward=2),
        Transition(state="a", action="go", next="a", probability=0.5),
        Transition(state="b", action="stay", next="b"),
    ),
    start={"a": 1.0},
    places={"a": (0, 0)},
)


def same(one: FiniteMDP, other: FiniteMDP) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("state_offsets", "pair_action", "outcome_offsets", "next_state", "probability", "reward", "terminated", "start")
    ) and (tuple(one.state_names), tuple(one.action_names), one.discount, one.step_limit) == (
        tuple(other.state_names), tuple(other.action_names), other.discount, other.step_limit,
    )  # fmt: skip


def test_outcomes_take_the_place_of_those_of_their_pair() -> None:
    row = Transition(state="a", action="go", next="a", reward=-1)
    changed = edits.with_outcomes(TWO, "a", "go", [row])
    assert changed.transitions == (row, TWO.transitions[2])
    assert edits.outcomes(changed, "a", "go") == (row,)
    assert TWO.transitions[0].reward == 2


def test_a_new_pair_stands_behind_its_state() -> None:
    row = Transition(state="a", action="stay", next="a")
    assert edits.with_outcomes(TWO, "a", "stay", [row]).transitions[2] == row


def test_removing_a_state_leaves_what_is_missing_to_be_seen() -> None:
    without = edits.without_state(TWO, "b")
    assert without.states == ("a",)
    with pytest.raises(WorldError, match=r"state 'a', action 'go' add up to 0\.5"):
        without.compile()
    assert edits.normalised(without, "a", "go").compile().probability.tolist() == [1.0]


def test_renaming_reaches_every_place() -> None:
    renamed = edits.renamed_action(edits.renamed_state(TWO, "a", "home"), "go", "leave")
    assert renamed.states == ("home", "b") and renamed.actions == ("leave", "stay")
    assert renamed.start == {"home": 1.0} and renamed.places == {"home": (0, 0)}
    assert [(row.state, row.action, row.next) for row in renamed.transitions] == [
        ("home", "leave", "b"), ("home", "leave", "home"), ("b", "stay", "b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "edit", [lambda: edits.with_state(TWO, "a"), lambda: edits.renamed_state(TWO, "a", "b"), lambda: edits.with_action(TWO, " ")]
)
def test_names_are_given_once(edit: Callable[[], TableWorld]) -> None:
    with pytest.raises(WorldError):
        edit()


def test_an_outcome_may_end_the_episode_where_the_next_state_has_actions() -> None:
    ending = edits.with_outcomes(TWO, "b", "stay", [Transition(state="b", action="stay", next="a", ends=True)])
    assert ending.compile().terminated.tolist() == [False, False, True]


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("gym:")])
def test_a_library_world_is_the_same_as_a_table(name: str) -> None:
    mdp = library_world(name).compile()
    table = edits.table_of(mdp)
    assert same(table.compile(), mdp)


@given(st.integers(1, 4), st.integers(1, 3), st.data())
def test_a_table_of_any_mdp_compiles_to_it_again(states: int, actions: int, data: st.DataObject) -> None:
    rows = []
    for s, a in itertools.product(range(states), range(actions)):
        if data.draw(st.booleans()):
            for following in data.draw(st.lists(st.integers(0, states - 1), min_size=2, max_size=2)):
                reward, ends = data.draw(st.integers(-3, 3)), data.draw(st.booleans())
                rows.append(Transition(state=str(s), action=str(a), next=str(following), probability=0.5, reward=reward, ends=ends))
    if rows:
        world = TableWorld(states=[str(s) for s in range(states)], actions=[str(a) for a in range(actions)], transitions=rows)
        mdp = world.compile()
        assert same(edits.table_of(mdp).compile(), mdp)
