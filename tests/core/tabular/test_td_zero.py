"""TD(0) by hand, and against the values that a policy has."""

import numpy as np
import pytest

from core.learner import Budget
from core.worlds.copies import make_environment
from core.worlds.library import open_world
from tests.core.tabular.walks import corridor, errors, predictor, solved, walk


def test_updates_by_hand() -> None:
    """a -1-> b -2-> c -4-> end at discount 0.5, step size 0.5: two episodes."""
    agent = predictor("td-0", corridor(), "step_size=0.5")
    expected = [(0, 0.5), (1, 1.0), (2, 2.0), (0, 0.5 + 0.5 * (1 + 0.5 - 0.5)), (1, 1 + 0.5 * (2 + 1 - 1)), (2, 3.0)]
    for state, value in expected:
        agent.advance(Budget(1))
        assert agent.v[0, state] == value
    assert agent.snapshot().counters.episodes == 2
    assert agent.snapshot().visits is not None and agent.snapshot().visits.tolist() == [2, 2, 2, 0]


def test_a_truncated_episode_bootstraps_and_a_terminated_one_does_not() -> None:
    cut = predictor("td-0", corridor(step_limit=1), "step_size=1", "initial_value=8")
    assert cut.advance(Budget(1)).boundaries == 1
    assert cut.v[0].tolist() == [1 + 0.5 * 8, 8, 8, 0]
    whole = predictor("td-0", corridor(), "step_size=1", "initial_value=8")
    whole.advance(Budget(3))
    assert whole.v[0].tolist() == [5, 6, 4, 0]


@pytest.mark.parametrize("policy", ["uniform", "first"])
@pytest.mark.parametrize("name", ["grid/russell-norvig-4x3", "mdp/three-state"])
def test_values_are_those_of_the_policy_on_ten_seeds(name: str, policy: str) -> None:
    agents = predictor("td-0", open_world(name), f"policy={policy}", "discount=0.9", members=10)
    agents.advance(Budget(1_000_000))
    truth = solved(agents.mdp, 0.9, policy == "uniform")
    seen = agents.visits > 10_000
    assert seen.any(axis=1).all()
    assert np.abs(agents.v - truth)[seen].max() < 0.03 * np.abs(truth).max()


def test_the_random_walk_lies_on_a_straight_line_on_ten_seeds() -> None:
    agents = predictor("td-0", walk(5), members=10)
    agents.advance(Budget(300_000))
    assert np.abs(agents.v[:, 1:-1] - np.arange(1, 6) / 6).max() < 0.03


def test_what_is_shown_has_values_and_no_action_values_but_a_viewer_may_look_ahead() -> None:
    world = open_world("mdp/three-state")
    agent = predictor("td-0", world)
    agent.advance(Budget(1000))
    snapshot = agent.snapshot()
    assert snapshot.q is None and snapshot.action_values is None
    assert snapshot.values is not None and snapshot.values.tolist() == agent.v[0].tolist()
    environment = make_environment(world, np.random.default_rng(0))
    environment.reset()
    v = agent.v[0]
    assert agent.action_values(environment).tolist() == pytest.approx([
        0.7 * (10 + 0.9 * v[0]) + 0.3 * 0.9 * v[1], 0.9 * v[0], 0.8 * 0.9 * v[0] + 0.2 * 0.9 * v[1]
    ])  # fmt: skip


@pytest.mark.slow
def test_td_errs_less_than_monte_carlo_on_the_random_walk() -> None:
    """Sutton and Barto (2018), figure 6.2: five states from 0.5, a hundred episodes, a hundred runs."""
    world, truth = walk(5), np.arange(7) / 6
    td = [errors("td-0", world, truth, 100, "initial_value=0.5", f"step_size={alpha}") for alpha in (0.05, 0.1, 0.15)]
    mc = [errors("monte-carlo-prediction", world, truth, 100, "initial_value=0.5", f"step_size={alpha}", "visits=every")
          for alpha in (0.01, 0.02, 0.03, 0.04)]  # fmt: skip
    assert min(curve.mean() for curve in td) < min(curve.mean() for curve in mc)
    assert min(curve[-1] for curve in td) < min(curve[-1] for curve in mc)
    assert td[2][10] < td[1][10] < td[0][10]
    assert td[0][-1] < td[1][-1] < td[2][-1]
