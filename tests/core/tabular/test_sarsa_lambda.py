"""SARSA(lambda) by hand, against the book's dense traces, SARSA and the values of its own policy."""

import math

import pytest

from core.learner import Budget
from core.tabular.engine.traces import CUTOFF, Trace, TraceLearner
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import corridor, finds_the_best_policy, finds_the_values_of_its_own_policy, learner, same_course
from tests.core.tabular.traced import follows_the_book


def test_updates_by_hand() -> None:
    """Corridor S . . G, gamma = lambda = step size = 0.5: the reward reaches back over the whole way, a quarter of it per step."""
    world = GridWorld(map=("S..G",), discount=0.5)
    agent = corridor(learner("sarsa-lambda", world, "trace_decay=0.5", "step_size=0.5", "epsilon=0"))
    agent.advance(Budget(3))
    assert agent.q[0, [1, 5, 9]].tolist() == [0.03125, 0.125, 0.5]
    for values in [(0.046875, 0.125, 0.5), (0.0625, 0.1875, 0.5), (0.078125, 0.25, 0.75)]:
        agent.advance(Budget(1))
        assert agent.q[0, [1, 5, 9]].tolist() == list(values)


@pytest.mark.parametrize(("trace", "second"), [("accumulating", 1.5), ("replacing", 1.0), ("dutch", 1.25)])
def test_a_second_visit_by_hand(trace: str, second: float) -> None:
    """In one cell with one good action, gamma lambda = 0.5 and step size 0.5: the trace is 1, fades to 0.5, then is visited again."""
    agent = learner("sarsa-lambda", GridWorld(map=("S",), discount=1.0, living_reward=1), f"trace={trace}", "trace_decay=0.5",
                    "step_size=0.5", "epsilon=0")  # fmt: skip
    agent.q[0] = [0, -9, -9, -9]
    agent.advance(Budget(2))
    assert agent.known(0)["trace"] == second
    assert agent.q[0, 0] == 0.5 + 0.5 * second


@pytest.mark.parametrize("trace", list(Trace))
def test_traces_are_those_of_the_book(trace: str) -> None:
    follows_the_book("sarsa-lambda", "mdp/three-state", trace, 400)
    follows_the_book("sarsa-lambda", "grid/lecture-3x4", trace, 400)


def test_no_more_pairs_are_active_than_matter() -> None:
    agent = learner("sarsa-lambda", open_world("grid/four-rooms-10x10"), "epsilon=1", "trace_decay=0.5")
    assert isinstance(agent, TraceLearner)
    most = 0
    for _ in range(300):
        agent.advance(Budget(1))
        most = max(most, int(agent.held[0, 0]))
        assert (agent.z[0] > 0).sum() == agent.held[0, 0]
    assert 10 < most <= math.ceil(math.log(CUTOFF) / math.log(agent.decay)) + 1
    assert agent.snapshot().metrics["traces"] >= 1


@pytest.mark.parametrize("trace", list(Trace))
def test_without_traces_it_is_sarsa(trace: str) -> None:
    for name in ("grid/lecture-3x4", "mdp/three-state"):
        world = open_world(name)
        same_course(learner("sarsa", world, members=2), learner("sarsa-lambda", world, "trace_decay=0", f"trace={trace}", members=2))


def test_it_finds_the_best_policy_and_the_values_of_its_own() -> None:
    finds_the_best_policy("sarsa-lambda", open_world("grid/lecture-3x4"), 200_000, "epsilon=0.3")
    for trace in Trace:
        finds_the_values_of_its_own_policy("sarsa-lambda", open_world("mdp/three-state"), 300_000, 0.05, f"trace={trace}")


@pytest.mark.slow
def test_it_does_so_where_chance_moves_the_agent_too() -> None:
    finds_the_values_of_its_own_policy("sarsa-lambda", open_world("grid/russell-norvig-4x3"), 6_000_000, 0.2, epsilon=0.5)
