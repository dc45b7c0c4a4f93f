"""Expected SARSA by hand, against Q-learning and against the values of its own policy."""

import numpy as np
import pytest

from core.learner import Budget
from core.tabular.engine.policy import SOFTMAX
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import corridor, finds_the_best_policy, finds_the_values_of_its_own_policy, learner, same_course


def test_the_next_actions_are_weighed_by_the_greedy_policy() -> None:
    """One step along S . G with epsilon 0.4: the best next action has probability 0.7, the other three 0.1 each."""
    agent = learner("expected-sarsa", GridWorld(map=("S.G",), discount=0.5), "step_size=0.5", "epsilon=linear(0, 0.4, 1)")
    agent.q[0] = [-9, 2, -9, -9, 1, 4, 2, 3]
    agent.advance(Budget(1))
    following = 0.7 * 4 + 0.1 * (1 + 2 + 3)
    assert agent.known(0)["following"] == pytest.approx(following)
    assert agent.q[0, 1] == pytest.approx(2 + 0.5 * (0.5 * following - 2))


def test_the_next_actions_are_weighed_by_a_softmax() -> None:
    world = GridWorld(map=("S.G",), discount=0.5)
    agent = learner("expected-sarsa", world, "step_size=0.5", "epsilon=0", "temperature=2")
    agent.policy = agent.policy._replace(strategy=SOFTMAX)
    agent.q[0] = [-99, 99, -99, -99, 1, 4, 2, 3]
    agent.advance(Budget(1))
    weights = np.exp(np.array([1, 4, 2, 3]) / 2)
    assert agent.known(0)["following"] == pytest.approx(float(weights @ [1, 4, 2, 3] / weights.sum()))


def test_termination_leaves_nothing_to_follow_truncation_does() -> None:
    cut = corridor(learner("expected-sarsa", GridWorld(map=("S..",), step_limit=1, living_reward=-1), "step_size=1", "epsilon=0"))
    cut.q[0, 5] = 7
    cut.advance(Budget(1))
    assert cut.q[0, 1] == -1 + cut.discount * 7
    ended = corridor(learner("expected-sarsa", GridWorld(map=("SG",)), "step_size=1", "epsilon=0"))
    ended.advance(Budget(1))
    assert ended.q[0, 1] == 1


@pytest.mark.parametrize("world", ["grid/lecture-3x4", "mdp/three-state"])
def test_without_exploration_it_is_q_learning(world: str) -> None:
    """Values that differ from the start leave no ties, whose shares could round."""
    agents = [learner(name, open_world(world), "epsilon=0") for name in ("q-learning", "expected-sarsa")]
    for agent in agents:
        agent.q[:] = np.random.default_rng(0).uniform(1, 2, agent.q.shape)
    same_course(*agents)


def test_it_finds_the_best_policy_and_the_values_of_its_own() -> None:
    finds_the_best_policy("expected-sarsa", open_world("grid/lecture-3x4"), 200_000)
    finds_the_values_of_its_own_policy("expected-sarsa", open_world("grid/lecture-3x4"), 600_000, 1e-3)
    finds_the_values_of_its_own_policy("expected-sarsa", open_world("mdp/three-state"), 200_000, 0.04)


@pytest.mark.slow
def test_it_does_so_where_chance_moves_the_agent_too() -> None:
    finds_the_values_of_its_own_policy("expected-sarsa", open_world("grid/russell-norvig-4x3"), 6_000_000, 0.2, epsilon=0.5)
