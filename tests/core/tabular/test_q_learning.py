"""Q-learning by hand, and against the optimum of every small world."""

import numpy as np
import pytest

from core.config import assign
from core.learner import UNBOUNDED, Budget, Task
from core.planning.value_iteration import ValueIteration, ValueIterationConfig
from core.registry import algorithm
from core.tabular.q_learning import QLearning, QLearningConfig
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.world import World

SMALL = ["grid/lecture-3x4", "grid/russell-norvig-4x3", "mdp/three-state"]
OTHERS = ["grid/frozen-lake-4x4", "gym:FrozenLake-v1", "grid/cliff-4x12", "grid/four-rooms-10x10"]


def learner(world: World, *settings: str, **task: int) -> QLearning:
    return QLearning(Task(world, assign(QLearningConfig, settings), **task))


@pytest.mark.parametrize("name", [*SMALL, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def test_the_shipped_settings_find_the_optimal_policy_on_ten_seeds(name: str) -> None:
    world = open_world(name)
    planner = ValueIteration(Task(world, ValueIterationConfig()))
    planner.advance(Budget(UNBOUNDED))
    optimal = planner.snapshot().q
    assert optimal is not None
    filled = np.where(np.isnan(optimal), -np.inf, optimal)
    good = (filled >= filled.max(axis=1, keepdims=True) - 1e-9) & np.isfinite(filled)
    active = np.isfinite(filled).any(axis=1)
    agents = learner(world, members=10)
    agents.advance(Budget(algorithm("q-learning").limit))
    for member in range(10):
        q = agents.snapshot(member).q
        assert q is not None
        chosen = np.argmax(np.where(np.isnan(q), -np.inf, q), axis=1)
        assert good[np.arange(len(chosen)), chosen][active].all(), f"member {member}"


def test_updates_by_hand() -> None:
    """Corridor S . G, discount 0.5, step size 0.5, reward 1 at the goal: right, right, and again."""
    agent = learner(GridWorld(map=("S.G",), discount=0.5), "step_size=0.5", "epsilon=0")
    agent.q[0] = [-9, 0, -9, -9, -9, 0, -9, -9]
    expected = [(0, 1, 0.0), (1, 5, 0.5), (0, 1, 0.125), (1, 5, 0.75), (0, 1, 0.25), (1, 5, 0.875)]
    for state, pair, value in expected:
        assert agent.place[0, 0] == state
        agent.advance(Budget(1))
        assert agent.q[0, pair] == value
    assert agent.place[0, 1:3].tolist() == [6, 3]


def test_a_truncated_episode_bootstraps_and_a_terminated_one_does_not() -> None:
    cut = learner(GridWorld(map=("S..",), discount=1.0, step_limit=1, living_reward=-1), "step_size=1", "epsilon=0")
    cut.q[0] = [-9, 0, -9, -9, -9, 7, -9, -9, -9, -9, -9, -9]
    progress = cut.advance(Budget(1))
    assert cut.q[0, 1] == -1 + 7
    assert progress.boundaries == 1
    ended = learner(GridWorld(map=("SG",), discount=1.0), "step_size=1", "epsilon=0", "initial_value=5")
    ended.q[0] = [-9, 5, -9, -9]
    ended.advance(Budget(1))
    assert ended.q[0, 1] == 1


def test_rows_tell_returns_lengths_and_exploration() -> None:
    agent = learner(open_world("grid/lecture-3x4"), "epsilon=linear(1, 0, 100)")
    episodes, updates = agent.advance(Budget(10_000, boundaries=50)).rows
    assert episodes.columns["episode"].tolist() == list(range(50))
    assert episodes.columns["length"].sum() == episodes.columns["step"][-1]
    assert updates.columns["epsilon"].tolist() == pytest.approx([max(0, 1 - t / 100) for t in updates.columns["step"]])


def test_the_step_size_counts_the_visits_of_its_pair() -> None:
    agent = learner(GridWorld(map=("SG",), discount=0.9), "step_size=power(1, 0, 1, per=visit)", "epsilon=0")
    agent.q[0] = [-9, 0, -9, -9]
    rewards = []
    for visit in range(4):
        agent.advance(Budget(1))
        explanation = agent.explain()
        assert explanation is not None
        rewards.append(explanation.terms["alpha"].value)
        assert agent.visits[0, 1] == visit + 1
    assert rewards == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])
