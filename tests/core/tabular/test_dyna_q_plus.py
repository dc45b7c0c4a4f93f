"""Dyna-Q+ by hand and against Q*."""

import numpy as np

from core.learner import Budget
from core.tabular.dyna_q_plus import DynaQPlus
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import finds_the_best_policy, learner

CELL = GridWorld(map=("S",), discount=0.5)
"""One cell: four actions that lead back and earn nothing."""


def test_what_was_never_tried_is_planned_with_and_earns_the_bonus() -> None:
    """After one step, tau is 0 for the action taken and 1 for the others: Q = bonus + 0.5 max Q, which is 2 for them and 1 for it."""
    agent = learner("dyna-q-plus", CELL, "step_size=1", "epsilon=0", "kappa=1", "planning_steps=1000")
    agent.advance(Budget(1))
    taken = int(np.argmax(agent.visits[0]))
    np.testing.assert_allclose(agent.q[0], [1 if pair == taken else 2 for pair in range(4)], atol=1e-9)


def test_it_goes_and_looks_again_at_what_it_has_not_tried_for_long() -> None:
    agent = learner("dyna-q-plus", CELL, "step_size=1", "epsilon=0", "kappa=1", "planning_steps=1000")
    assert isinstance(agent, DynaQPlus)
    for turn in range(1, 6):
        agent.advance(Budget(4))
        assert agent.visits[0].tolist() == [turn] * 4
        assert sorted(agent.tried[0].tolist()) == list(range(4 * turn - 3, 4 * turn + 1))


def test_the_real_step_earns_no_bonus() -> None:
    agent = learner("dyna-q-plus", CELL, "step_size=1", "epsilon=0", "kappa=1", "planning_steps=0")
    agent.advance(Budget(10))
    assert (agent.q == 0).all()


def test_it_finds_the_best_policy() -> None:
    finds_the_best_policy("dyna-q-plus", open_world("grid/lecture-3x4"), 30_000)
    finds_the_best_policy("dyna-q-plus", open_world("mdp/three-state"), 50_000, "kappa=0.01")
