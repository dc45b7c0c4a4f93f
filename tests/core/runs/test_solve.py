"""The numbers that must come out, through `solve`."""

import numpy as np
import pytest

from core.errors import ConfigError, WorldError
from core.learner import Budget, Task
from core.planning.value_iteration import ValueIteration, ValueIterationConfig
from core.runs.solve import solve
from core.worlds.library import open_world


def answer(name: str, **settings: float) -> dict:
    return solve(open_world(name), name, "value-iteration", settings)


def by_cell(name: str) -> dict[str, float]:
    found = answer(name)
    return dict(zip(found["states"], found["values"], strict=True))


def test_lecture_3x4() -> None:
    rows = [[0.81, 0.9, 1, 0], [0.729, None, 0.9, 1], [0.6561, 0.729, 0.81, 0.729]]
    expected = {f"{row},{column}": value for row, values in enumerate(rows) for column, value in enumerate(values) if value is not None}
    assert by_cell("grid/lecture-3x4") == pytest.approx(expected, abs=1e-9)


def test_three_states() -> None:
    found = answer("mdp/three-state")
    expected = [[18.9189189189, 17.0270270270, 13.6216216216], [0, None, -4.8797148797], [None, 50.1336501337, None]]
    for row, wanted in zip(found["q"], expected, strict=True):
        assert [value is None for value in row] == [value is None for value in wanted]
        assert [value for value in row if value is not None] == pytest.approx([value for value in wanted if value is not None], abs=1e-9)
    assert found["policy"] == [0, 0, 1]
    assert found["converged"] and found["gamma"] == 0.9


def test_the_lecture_stops_after_fifty_sweeps() -> None:
    learner = ValueIteration(Task(open_world("mdp/three-state"), ValueIterationConfig()))
    assert learner.advance(Budget(10**9, boundaries=50)).boundaries == 50
    q = learner.snapshot().q
    assert q is not None
    assert q[0, 0] == pytest.approx(18.918918917, abs=1e-9)
    assert q[1, 2] == pytest.approx(-4.879714883, abs=1e-9)


def test_russell_norvig() -> None:
    found = by_cell("grid/russell-norvig-4x3")
    rows = [[0.812, 0.868, 0.918], [0.762, None, 0.660], [0.705, 0.655, 0.611, 0.388]]
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value is not None:
                assert round(found[f"{row},{column}"], 3) == value
    assert found["0,0"] == pytest.approx(0.81155822, abs=1e-8)


@pytest.mark.parametrize("name", ["grid/frozen-lake-4x4", "gym:FrozenLake-v1"])
def test_frozen_lake(name: str) -> None:
    assert answer(name)["values"][0] == pytest.approx(0.5420259320, abs=1e-9)


def test_the_frozen_lake_policy_succeeds_as_often_as_it_can_within_100_steps() -> None:
    """Backward induction for 100 steps at discount 1: the optimal success rate is .7442."""
    mdp = open_world("gym:FrozenLake-v1").compile()
    values = np.zeros(mdp.states)
    for _ in range(100):
        pairs = mdp.expected_reward + np.add.reduceat(mdp.continuation * values[mdp.next_state], mdp.outcome_offsets[:-1])
        values = np.maximum.reduceat(pairs, mdp.state_offsets[:-1])
    assert values[0] == pytest.approx(0.7442, abs=5e-5)


def test_settings_reach_the_planner() -> None:
    assert answer("grid/lecture-3x4", discount=0.5)["values"][0] == pytest.approx(0.25)
    rough = answer("gym:FrozenLake-v1", tolerance=0.1)
    assert rough["iterations"] < 300
    assert rough["error_bound"] <= 0.1


def test_what_cannot_be_solved_is_said() -> None:
    with pytest.raises(ConfigError, match="cannot solve exactly"):
        solve(open_world("grid/lecture-3x4"), "x", "q-learning", {})
    with pytest.raises(ConfigError, match="observations only"):
        solve(open_world("gym:CartPole-v1"), "x", "value-iteration", {})
    with pytest.raises(WorldError, match="cannot be listed"):
        open_world("gym:CartPole-v1").compile()
    endless = solve(open_world("mdp/three-state"), "x", "value-iteration", {"discount": 1.0, "max_sweeps": 50})
    assert not endless["converged"] and endless["iterations"] == 50
