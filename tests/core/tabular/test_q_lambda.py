"""Watkins's Q(lambda) by hand, against the book's dense traces, Q-learning and Q*."""

import pytest

from core.learner import Budget
from core.tabular.engine.traces import Trace
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import corridor, finds_the_best_policy, learner, same_course
from tests.core.tabular.traced import follows_the_book


def test_updates_by_hand() -> None:
    """Corridor S . . G, gamma = lambda = step size = 0.5: the reward reaches back over the whole way, a quarter of it per step."""
    agent = corridor(learner("q-lambda", GridWorld(map=("S..G",), discount=0.5), "trace_decay=0.5", "step_size=0.5", "epsilon=0"))
    agent.advance(Budget(3))
    assert agent.q[0, [1, 5, 9]].tolist() == [0.03125, 0.125, 0.5]


def test_an_action_that_is_no_best_one_cuts_the_traces() -> None:
    """The last step before the goal is not thought the best one: nothing before it learns from the reward."""
    agent = corridor(learner("q-lambda", GridWorld(map=("S..G",), discount=0.5), "trace_decay=0.5", "step_size=0.5", "epsilon=0"))
    agent.advance(Budget(2))
    agent.q[0, 8] = agent.q[0, 10] = agent.q[0, 11] = 3
    agent.policy.epsilon[1] = 1
    while agent.known(0)["pair"] != 9:
        before = agent.q[0].copy()
        agent.advance(Budget(1))
    assert agent.q[0, 9] == 0.5
    assert agent.q[0, 8] == before[8] and agent.q[0, [1, 5]].tolist() == before[[1, 5]].tolist()


@pytest.mark.parametrize("trace", list(Trace))
def test_traces_are_those_of_the_book(trace: str) -> None:
    follows_the_book("q-lambda", "mdp/three-state", trace, 400, "epsilon=0.3")
    follows_the_book("q-lambda", "grid/lecture-3x4", trace, 400, "epsilon=0.3")


@pytest.mark.parametrize("trace", list(Trace))
def test_without_traces_it_is_q_learning(trace: str) -> None:
    for name in ("grid/lecture-3x4", "mdp/three-state"):
        world = open_world(name)
        settings = ("epsilon=exponential(1, 0.5, 5000)", "trace_decay=0", f"trace={trace}")
        same_course(learner("q-learning", world, settings[0], members=2), learner("q-lambda", world, *settings, members=2))


def test_it_finds_the_best_policy() -> None:
    for trace in Trace:
        finds_the_best_policy("q-lambda", open_world("grid/lecture-3x4"), 100_000, f"trace={trace}")
        finds_the_best_policy("q-lambda", open_world("mdp/three-state"), 200_000, f"trace={trace}")


@pytest.mark.slow
def test_it_does_so_where_chance_moves_the_agent_too() -> None:
    finds_the_best_policy("q-lambda", open_world("grid/russell-norvig-4x3"), 6_000_000, "epsilon=0.5")
