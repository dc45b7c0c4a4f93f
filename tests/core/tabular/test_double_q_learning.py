"""Double Q-learning step by step, against Q*, and where the maximum of noise deceives."""

import numpy as np
import pytest

from core.learner import Budget
from core.tabular.double_q_learning import DoubleQLearning
from core.worlds.library import open_world
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World
from tests.core.tabular.answers import finds_the_best_policy, learner


def test_one_table_chooses_and_the_other_one_says_what_it_is_worth() -> None:
    agent = learner("double-q-learning", open_world("mdp/three-state"), "step_size=0.5", "epsilon=1")
    assert isinstance(agent, DoubleQLearning)
    mdp = agent.mdp
    agent.both[:] = np.random.default_rng(1).uniform(-5, 5, agent.both.shape)
    agent.q[:] = agent.both.mean(axis=1)
    drawn = set()
    for _ in range(60):
        before = agent.both[0].copy()
        agent.advance(Budget(1))
        known = agent.known(0)
        pair, outcome, mine = int(known["pair"]), int(known["outcome"]), int(known["table"])
        drawn.add(mine)
        first, last = mdp.state_offsets[mdp.next_state[outcome] :][:2]
        following = before[1 - mine, first + np.argmax(before[mine, first:last])]
        before[mine, pair] += 0.5 * (mdp.reward[outcome] + mdp.discount * following - before[mine, pair])
        np.testing.assert_array_equal(agent.both[0], before)
        np.testing.assert_array_equal(agent.q[0], before.mean(axis=0))
        explained = agent.explain()
        assert explained is not None
        assert explained.equation.startswith("Q₁(s, a) ← Q₁" if mine == 0 else "Q₂(s, a) ← Q₂")
        assert explained.terms["q"].symbol == ("Q₁(s, a)" if mine == 0 else "Q₂(s, a)")
    assert drawn == {0, 1}


def test_it_finds_the_best_policy() -> None:
    finds_the_best_policy("double-q-learning", open_world("grid/lecture-3x4"), 200_000)
    finds_the_best_policy("double-q-learning", open_world("mdp/three-state"), 200_000)


@pytest.mark.slow
def test_it_does_so_where_chance_moves_the_agent_too() -> None:
    finds_the_best_policy("double-q-learning", open_world("grid/russell-norvig-4x3"), 6_000_000)


def deceiving() -> World:
    """Sutton and Barto, example 6.7: left leads to ten actions that lose 0.1 on average, right ends at once with 0. Rewards are
    -1.1 or 0.9 here, of the book's mean and variance."""
    tries = tuple(f"try {number}" for number in range(10))
    lots = [Transition(state="B", action=one, next="end", probability=0.5, reward=reward) for one in tries for reward in (-1.1, 0.9)]
    ways = [Transition(state="A", action="left", next="B"), Transition(state="A", action="right", next="end")]
    return TableWorld(
        states=("A", "B", "end"), actions=("left", "right", *tries), transitions=(*ways, *lots), start={"A": 1.0}, discount=1.0
    )


def test_it_is_deceived_less_by_the_maximum_of_noise() -> None:
    left = []
    for name in ("q-learning", "double-q-learning"):
        agents = learner(name, deceiving(), "step_size=0.1", "epsilon=0.1", members=300)
        agents.advance(Budget(1 << 20, boundaries=300))
        left.append(agents.visits[:, 0].sum() / agents.place[:, 2].sum())
    assert left[0] > 0.35
    assert left[1] < 0.6 * left[0]
