"""Dyna-Q by hand, against Q-learning and Q*, and in the maze of the book."""

import numpy as np

from core.learner import Budget
from core.tabular.engine.model import ModelLearner
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import corridor, finds_the_best_policy, learner, per_episode, same_course

MAZE = GridWorld(map=(".......#G", "..#....#.", "S.#....#.", "..#......", ".....#...", "........."), discount=0.95)
"""Sutton and Barto, example 8.1; the shortest way has 14 steps."""


def test_one_episode_is_enough_to_know_the_way() -> None:
    """Corridor S . . G, discount 0.5, step size 1: what was seen once is thought through until nothing changes."""
    agent = corridor(learner("dyna-q", GridWorld(map=("S..G",), discount=0.5), "step_size=1", "epsilon=0", "planning_steps=200"))
    agent.advance(Budget(2))
    assert agent.q[0, [1, 5, 9]].tolist() == [0, 0, 0]
    agent.advance(Budget(1))
    assert agent.q[0, [1, 5, 9]].tolist() == [0.25, 0.5, 1]
    assert (agent.q[0] == -9).sum() == 9
    assert agent.snapshot().metrics["states in memory"] == 3
    explained = agent.explain()
    assert explained is not None and explained.result == 1 and explained.terms["q"].state == 2


def test_the_model_counts_what_was_seen() -> None:
    agent = learner("dyna-q", open_world("mdp/three-state"), "epsilon=1")
    assert isinstance(agent, ModelLearner)
    agent.advance(Budget(20_000))
    mdp, counts = agent.mdp, agent.counts[0]
    assert counts.sum() == agent.visits.sum() == 20_000
    assert np.array_equal(np.add.reduceat(counts, mdp.outcome_offsets[:-1]), agent.visits[0])
    shares = counts / np.repeat(agent.visits[0], np.diff(mdp.outcome_offsets))
    np.testing.assert_allclose(shares, mdp.probability, atol=0.05)
    assert sorted(agent.met[0].tolist()) == [0, 1, 2]


def test_without_planning_it_is_q_learning() -> None:
    for name in ("grid/lecture-3x4", "mdp/three-state"):
        world = open_world(name)
        epsilon = "epsilon=exponential(1, 0.5, 5000)"
        same_course(learner("q-learning", world, epsilon, members=2), learner("dyna-q", world, epsilon, "planning_steps=0", members=2))


def test_it_finds_the_best_policy() -> None:
    finds_the_best_policy("dyna-q", open_world("grid/lecture-3x4"), 30_000)
    finds_the_best_policy("dyna-q", open_world("mdp/three-state"), 50_000)


def test_planning_saves_real_steps_in_the_maze_of_the_book() -> None:
    """Sutton and Barto, figure 8.2: with 50 planning steps the third episode is about the best way, without it takes dozens.

    In all, about a fifth of the steps.
    """
    settings = ("step_size=0.1", "epsilon=0.1", "planning_steps=50")
    thinking = per_episode(learner("dyna-q", MAZE, *settings, members=300), "length", 30)
    acting = per_episode(learner("q-learning", MAZE, *settings[:2], members=300), "length", 30)
    assert thinking[:, 3:].mean() < 20
    assert acting[:, 3:6].mean() > 100
    assert 4 * thinking[:, 1:].sum() < acting[:, 1:].sum()
