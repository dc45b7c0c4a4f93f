"""Off-policy Monte Carlo by hand, and against the optimum of small worlds."""

import numpy as np
import pytest

from core.config import assign
from core.learner import UNBOUNDED, Budget, Task
from core.planning.value_iteration import ValueIteration, ValueIterationConfig
from core.tabular.off_policy_monte_carlo import OffPolicyMonteCarlo, OffPolicyMonteCarloConfig
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World
from tests.core.tabular.walks import corridor


def learner(world: World, *settings: str, **task: int) -> OffPolicyMonteCarlo:
    return OffPolicyMonteCarlo(Task(world, assign(OffPolicyMonteCarloConfig, settings), **task))


def test_without_a_choice_every_return_counts_alike() -> None:
    agent = learner(corridor())
    agent.advance(Budget(6))
    assert agent.q[0].tolist() == [3, 4, 4] and agent.weights[0].tolist() == [2, 2, 2]


def test_weights_by_hand() -> None:
    """Two states with two ways to go on, b by chance: a greedy tail weighs twice as much a step earlier, another one stops."""
    rows = [
        (state, action, following, reward) for state, following in (("a", "b"), ("b", "end")) for action, reward in (("x", 1.0), ("y", 0.0))
    ]
    world = TableWorld(states=("a", "b", "end"), actions=("x", "y"), start={"a": 1.0}, discount=1.0,
                       transitions=tuple(Transition(state=s, action=a, next=n, reward=r) for s, a, n, r in rows))  # fmt: skip
    agent = learner(world, "epsilon=1", seed=1)
    q, c = np.zeros(4), np.zeros(4)
    for _ in range(200):
        agent.advance(Budget(2))
        first, second = agent.path[0, :2]
        for pair, target in ((second, 1.0 - second % 2), (first, 2.0 - second % 2 - first % 2)):
            weight = 1.0 if pair == second else 2.0
            c[pair] += weight
            q[pair] += weight / c[pair] * (target - q[pair])
            if pair != (2 if q[2] >= q[3] else 3):
                break
        assert agent.q[0].tolist() == pytest.approx(q) and agent.weights[0].tolist() == c.tolist()
    assert agent.q[0].tolist() == pytest.approx([2, 1, 1, 0])
    assert agent.chances[0, :2].tolist() == [0.5, 0.5]


def test_the_probability_of_a_greedy_action_counts_exploration() -> None:
    agents = learner(GridWorld(map=("SG",), discount=1.0), "epsilon=0.4", members=30)
    agents.q[:] = [0, 1, 0, 0]
    agents.advance(Budget(1))
    right = agents.origin[agents.path[:, 0]] == 1
    assert right.any() and not right.all()
    assert agents.chances[:, 0].tolist() == pytest.approx(np.where(right, 0.7, 0.1))


@pytest.mark.parametrize("strategy", ["greedy", pytest.param("softmax", marks=pytest.mark.slow)])
def test_values_of_the_best_actions_are_optimal_on_ten_seeds(strategy: str) -> None:
    world = open_world("grid/lecture-3x4")
    planner = ValueIteration(Task(world, ValueIterationConfig()))
    planner.advance(Budget(UNBOUNDED))
    optimal = planner.snapshot().q
    assert optimal is not None
    best = np.where(np.isnan(optimal), -np.inf, optimal)
    agents = learner(world, "epsilon=0.3", f"strategy={strategy}", members=10)
    agents.advance(Budget(1_000_000))
    start = int(np.argmax(world.compile().start))
    for member in range(10):
        q = agents.snapshot(member).q
        assert q is not None
        assert best[start, int(np.nanargmax(q[start]))] >= best[start].max() - 1e-9
