"""Monte Carlo control by hand, and against the optimum of small worlds."""

import numpy as np
import pytest

from core.config import assign
from core.learner import UNBOUNDED, Budget, Task
from core.planning.value_iteration import ValueIteration, ValueIterationConfig
from core.tabular.monte_carlo_control import MonteCarloControl, MonteCarloControlConfig
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.world import World
from tests.core.tabular.walks import corridor


def learner(world: World, *settings: str, **task: int) -> MonteCarloControl:
    return MonteCarloControl(Task(world, assign(MonteCarloControlConfig, settings), **task))


def test_returns_by_hand() -> None:
    agent = learner(corridor(), "step_size=0.5")
    agent.advance(Budget(3))
    assert agent.q[0].tolist() == [1.5, 2, 2]


@pytest.mark.parametrize(("visits", "first", "second"), [("first", 3.0, 2.0), ("every", 2.0, 2.0)])
def test_first_or_every_visit_of_a_pair(visits: str, first: float, second: float) -> None:
    """A cell that cannot be left, cut after three steps of -1; taking the same action again and again returns 3, 2, 1."""
    agent = learner(GridWorld(map=("S",), living_reward=1.0, discount=1.0, step_limit=3), "epsilon=0", f"visits={visits}")
    agent.q[0] = [0.5, 0, 0, 0]
    agent.advance(Budget(3))
    assert agent.q[0, 0] == first and agent.visits[0].tolist() == [1 if visits == "first" else 3, 0, 0, 0]


def test_exploring_starts_begin_anywhere_and_need_no_epsilon() -> None:
    world = GridWorld(map=("S..G",), discount=0.9, living_reward=-0.1, step_limit=20)
    agents = learner(world, "epsilon=0", "exploring_starts=true", members=10)
    agents.advance(Budget(1))
    assert len(set(agents.path[:, 0].tolist())) > 3
    agents.advance(Budget(20_000))
    assert agents.visits.min() > 10
    assert (agents.q.reshape(10, 3, 4).argmax(axis=2) == 1).all()
    fixed = learner(world, "epsilon=0", members=10)
    fixed.advance(Budget(1))
    assert (fixed.origin[fixed.path[:, 0]] < 4).all()


@pytest.mark.parametrize("visits", ["first", "every"])
def test_the_greedy_policy_is_optimal_on_ten_seeds(visits: str) -> None:
    world = open_world("grid/lecture-3x4")
    planner = ValueIteration(Task(world, ValueIterationConfig()))
    planner.advance(Budget(UNBOUNDED))
    optimal = planner.snapshot().q
    assert optimal is not None
    best = np.where(np.isnan(optimal), -np.inf, optimal)
    agents = learner(world, "epsilon=exponential(1, 0.1, 100000)", "step_size=0.01", f"visits={visits}", members=10)
    agents.advance(Budget(1_000_000))
    start = int(np.argmax(world.compile().start))
    for member in range(10):
        q = agents.snapshot(member).q
        assert q is not None
        assert best[start, int(np.nanargmax(q[start]))] >= best[start].max() - 1e-9
