"""Prioritised sweeping of a learned model: its queue, its updates by hand, what it promises at every moment, and Q*."""

import numpy as np
import pytest

from core.learner import Budget
from core.tabular.engine.heap import put, take
from core.tabular.prioritised_sweeping import LearnedSweeping
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import corridor, finds_the_best_policy, learner

NAME = "learned-prioritised-sweeping"


def test_the_queue_gives_the_most_urgent_first() -> None:
    draws, size, waiting = np.random.default_rng(0), 0, dict[int, float]()
    heap, slot, priority = np.zeros(40, np.int64), np.full(40, -1), np.zeros(40)
    for _ in range(3_000):
        if waiting and draws.random() < 0.4:
            number = take(heap, slot, priority, size)
            size -= 1
            assert waiting.pop(number) == max([priority[number], *waiting.values()])
        else:
            number, urgency = int(draws.integers(40)), float(draws.random())
            size = put(heap, slot, priority, size, number, urgency)
            waiting[number] = urgency
        assert size == len(waiting) and set(heap[:size].tolist()) == set(waiting)
        assert all(slot[number] == (heap[:size].tolist().index(number) if number in waiting else -1) for number in range(40))


def test_updates_by_hand() -> None:
    """Corridor S . . . G, discount 0.5: when the goal is found, two updates reach two cells back, the next step the others."""
    agent = corridor(learner(NAME, GridWorld(map=("S...G",), discount=0.5), "epsilon=0", "planning_steps=2"))
    agent.advance(Budget(3))
    assert agent.explain() is None
    agent.advance(Budget(1))
    assert agent.q[0, [1, 5, 9, 13]].tolist() == [0, 0, 0.5, 1]
    assert agent.snapshot().metrics["waiting"] == 1
    explained = agent.explain()
    assert explained is not None
    assert {name: term.value for name, term in explained.terms.items()} == {"q": 0, "alpha": 1, "r": 0, "gamma": 0.5, "following": 1}
    agent.advance(Budget(1))
    assert agent.q[0, [1, 5, 9, 13]].tolist() == [0.125, 0.25, 0.5, 1]
    assert agent.snapshot().metrics["waiting"] == 0


def test_every_error_of_the_model_above_the_threshold_waits() -> None:
    agent = learner(NAME, open_world("grid/russell-norvig-4x3"), "planning_steps=3", "threshold=0.001")
    assert isinstance(agent, LearnedSweeping)
    mdp = agent.mdp
    for _ in range(100):
        agent.advance(Budget(11))
        q, visits, counts = agent.q[0], agent.visits[0], agent.counts[0]
        for pair in np.flatnonzero(visits):
            target = 0.0
            for outcome in range(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1]):
                first, last = mdp.state_offsets[mdp.next_state[outcome] :][:2]
                ahead = 0.0 if mdp.terminated[outcome] else q[first:last].max()
                target += counts[outcome] / visits[pair] * (mdp.reward[outcome] + mdp.discount * ahead)
            error = abs(target - q[pair])
            if agent.slot[0, pair] < 0:
                assert error <= 0.001 + 1e-12
            else:
                assert abs(agent.priority[0, pair] - error) < 1e-12


def test_it_finds_the_best_policy() -> None:
    finds_the_best_policy(NAME, open_world("grid/lecture-3x4"), 30_000)
    finds_the_best_policy(NAME, open_world("mdp/three-state"), 30_000, "planning_steps=3")


@pytest.mark.slow
def test_it_does_so_where_chance_moves_the_agent_too() -> None:
    finds_the_best_policy(NAME, open_world("grid/russell-norvig-4x3"), 300_000, "planning_steps=3")
