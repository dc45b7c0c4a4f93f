"""SARSA by hand, against the values of its own policy, and on the cliff."""

import numpy as np
import pytest

from core.learner import Budget
from core.tabular.engine import steps
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import corridor, finds_the_best_policy, finds_the_values_of_its_own_policy, learner, per_episode, walk


def test_updates_by_hand() -> None:
    """Corridor S . G, discount 0.5, step size 0.5, reward 1 at the goal; the action taken next is the best one."""
    agent = corridor(learner("sarsa", GridWorld(map=("S.G",), discount=0.5), "step_size=0.5", "epsilon=0"))
    for pair, value in [(1, 0.0), (5, 0.5), (1, 0.125), (5, 0.75), (1, 0.25), (5, 0.875)]:
        agent.advance(Budget(1))
        assert agent.q[0, pair] == value


def test_the_action_that_counts_is_the_one_taken_next() -> None:
    agent = learner("sarsa", open_world("mdp/three-state"), "epsilon=1")
    agent.q[:] = np.arange(agent.mdp.pairs)
    for _ in range(50):
        before = agent.q[0].copy()
        agent.advance(Budget(1))
        assert agent.known(0)["following"] == before[agent.place[0, steps.PAIR]]


def test_it_finds_the_best_policy_and_the_values_of_its_own() -> None:
    finds_the_best_policy("sarsa", open_world("grid/lecture-3x4"), 200_000, "epsilon=0.3")
    finds_the_values_of_its_own_policy("sarsa", open_world("mdp/three-state"), 200_000, 0.04)


@pytest.mark.slow
def test_it_does_so_where_chance_moves_the_agent_too() -> None:
    finds_the_values_of_its_own_policy("sarsa", open_world("grid/russell-norvig-4x3"), 6_000_000, 0.2, epsilon=0.5)


def test_sarsa_keeps_away_from_the_cliff_and_q_learning_walks_along_its_edge() -> None:
    """Sutton and Barto, example 6.6: Q-learning learns the shortest way, SARSA the safe one and earns more while it explores."""
    cliff, settings = open_world("grid/cliff-back-4x12"), ("step_size=0.5", "epsilon=0.1")
    bold, safe = (learner(name, cliff, *settings, members=50) for name in ("q-learning", "sarsa"))
    lost, kept = (per_episode(agents, "return", 500)[:, 250:].mean() for agents in (bold, safe))
    assert -60 < lost < -40
    assert -32 < kept < -20
    edge = ["3,0", *(f"2,{column}" for column in range(12))]
    assert all(walk(bold, member) == edge for member in range(50))
    careful = learner("sarsa", cliff, "step_size=0.05", "epsilon=0.1", members=10)
    per_episode(careful, "length", 4_000)
    ways = [walk(careful, member) for member in range(10)]
    assert all(15 <= len(way) <= 25 and edge[2:-1] != way[2:-1] for way in ways)
    assert all(sum(name.startswith("2,") for name in way) <= 4 for way in ways)
