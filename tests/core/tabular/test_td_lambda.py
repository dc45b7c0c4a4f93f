"""TD(lambda) by hand, as TD(0) for lambda = 0, and against the values that a policy has."""

import numpy as np
import pytest

from core.learner import Budget
from core.worlds.library import open_world
from core.worlds.table import TableWorld, Transition
from tests.core.tabular.walks import corridor, errors, predictor, solved, walk


def test_updates_by_hand() -> None:
    """a -1-> b -2-> c -4-> end at discount 0.5, lambda 0.5, step size 0.5: the trace of a is 1, 1/4, 1/16."""
    agent = predictor("td-lambda", corridor(), "trace_decay=0.5", "step_size=0.5")
    agent.advance(Budget(1))
    assert agent.v[0].tolist() == [0.5, 0, 0, 0]
    agent.advance(Budget(1))
    assert agent.v[0].tolist() == [0.5 + 0.25, 1, 0, 0]
    agent.advance(Budget(1))
    assert agent.v[0].tolist() == [0.75 + 0.125, 1 + 0.5, 2, 0]
    agent.advance(Budget(1))
    assert agent.v[0].tolist() == [0.875 + 0.5 * (1 + 0.75 - 0.875), 1.5, 2, 0]


@pytest.mark.parametrize(("trace", "weight"), [("accumulating", 1.5), ("replacing", 1.0)])
def test_a_second_visit_adds_to_the_trace_or_replaces_it(trace: str, weight: float) -> None:
    rows = (Transition(state="a", action="stay", next="a", reward=1.0),)
    world = TableWorld(states=("a",), actions=("stay",), transitions=rows, discount=0.5)
    agent = predictor("td-lambda", world, "trace_decay=1", "step_size=0.5", f"trace={trace}")
    agent.advance(Budget(1))
    assert agent.v[0, 0] == 0.5
    agent.advance(Budget(1))
    assert agent.v[0, 0] == 0.5 + 0.5 * weight * (1 + 0.25 - 0.5)
    explanation = agent.explain()
    assert explanation is not None and explanation.terms["trace"].value == weight


@pytest.mark.parametrize("trace", ["accumulating", "replacing"])
@pytest.mark.parametrize("name", ["grid/lecture-3x4", "mdp/three-state"])
def test_without_lambda_it_is_td_zero(name: str, trace: str) -> None:
    one = predictor("td-lambda", open_world(name), "trace_decay=0", f"trace={trace}")
    other = predictor("td-0", open_world(name))
    for agent in (one, other):
        agent.advance(Budget(5000))
    assert np.array_equal(one.v, other.v) and np.array_equal(one.visits, other.visits)


@pytest.mark.parametrize("trace", ["accumulating", "replacing"])
def test_values_are_those_of_the_policy_on_ten_seeds(trace: str) -> None:
    agents = predictor("td-lambda", open_world("grid/russell-norvig-4x3"), "discount=0.9", f"trace={trace}", members=10)
    agents.advance(Budget(500_000))
    assert np.abs(agents.v - solved(agents.mdp, 0.9)).max() < 0.05


@pytest.mark.slow
def test_some_lambda_errs_less_than_none_or_all() -> None:
    """Sutton and Barto (2018), figure 12.6: nineteen states, ten episodes, a hundred runs, the best step size of each lambda."""
    world, truth = walk(19, left=-1.0), np.arange(-10, 11) / 10
    best = {
        decay: min(errors("td-lambda", world, truth, 10, f"trace_decay={decay}", f"step_size={alpha}").mean()
                   for alpha in alphas)
        for decay, alphas in ((0.0, (0.4, 0.6, 0.8, 1.0)), (0.8, (0.1, 0.2, 0.3, 0.4)), (1.0, (0.01, 0.02, 0.05)))
    }  # fmt: skip
    assert best[0.8] < best[0.0] < best[1.0]
