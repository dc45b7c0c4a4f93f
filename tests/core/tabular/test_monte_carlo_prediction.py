"""Monte Carlo prediction by hand, and against the values that a policy has."""

import numpy as np
import pytest

from core.learner import Budget
from core.tabular.engine.episode import LONGEST
from core.worlds.library import open_world
from core.worlds.table import TableWorld, Transition
from tests.core.tabular.walks import corridor, predictor, solved, walk


def test_returns_by_hand() -> None:
    """a -1-> b -2-> c -4-> end at discount 0.5: returns 3, 4 and 4, known when the episode ends."""
    agent = predictor("monte-carlo-prediction", corridor(), "step_size=0.5")
    agent.advance(Budget(2))
    assert agent.v[0].tolist() == [0, 0, 0, 0] and agent.explain() is None
    progress = agent.advance(Budget(1))
    assert agent.v[0].tolist() == [1.5, 2, 2, 0]
    explanation = agent.explain()
    assert explanation is not None and explanation.terms["following"].value == 4
    _, updates = progress.rows
    assert updates.columns["td_error"].tolist() == pytest.approx([11 / 3])


@pytest.mark.parametrize(("visits", "value", "count"), [("first", 2.0, 1), ("every", 1.5, 2)])
def test_first_or_every_visit(visits: str, value: float, count: int) -> None:
    """a goes to itself and is cut after two steps: its returns are 2 and 1."""
    rows = (Transition(state="a", action="stay", next="a", reward=1.0),)
    world = TableWorld(states=("a",), actions=("stay",), transitions=rows, discount=1.0, step_limit=2)
    agent = predictor("monte-carlo-prediction", world, f"visits={visits}")
    agent.advance(Budget(2))
    assert agent.v[0, 0] == value and agent.visits[0, 0] == count


def test_an_episode_without_end_is_cut() -> None:
    rows = (Transition(state="a", action="stay", next="a", reward=1.0),)
    world = TableWorld(states=("a",), actions=("stay",), transitions=rows, discount=1.0, step_limit=0)
    agent = predictor("monte-carlo-prediction", world)
    assert agent.advance(Budget(2 * LONGEST + 1)).boundaries == 2
    assert agent.v[0, 0] == LONGEST


@pytest.mark.parametrize("visits", ["first", "every"])
def test_values_are_those_of_the_policy_on_ten_seeds(visits: str) -> None:
    agents = predictor("monte-carlo-prediction", open_world("grid/russell-norvig-4x3"), "discount=0.9", f"visits={visits}", members=10)
    agents.advance(Budget(500_000))
    assert np.abs(agents.v - solved(agents.mdp, 0.9)).max() < 0.03


def test_the_random_walk_lies_on_a_straight_line_on_ten_seeds() -> None:
    agents = predictor("monte-carlo-prediction", walk(5), members=10)
    agents.advance(Budget(300_000))
    assert np.abs(agents.v[:, 1:-1] - np.arange(1, 6) / 6).max() < 0.03
