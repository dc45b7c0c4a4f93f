"""n-step TD by hand, as TD(0) for n = 1, and against the values that a policy has."""

import numpy as np
import pytest

from core.learner import Budget
from core.worlds.library import open_world
from tests.core.tabular.walks import corridor, errors, predictor, solved, walk


def test_updates_by_hand() -> None:
    """a -1-> b -2-> c -4-> end at discount 0.5, n = 2, step size 0.5, V = 8: nothing at first, then a, and at the end b and c."""
    agent = predictor("n-step-td", corridor(), "n=2", "step_size=0.5", "initial_value=8")
    agent.advance(Budget(1))
    assert agent.v[0].tolist() == [8, 8, 8, 0] and agent.explain() is None
    agent.advance(Budget(1))
    assert agent.v[0].tolist() == [8 + 0.5 * (1 + 0.5 * 2 + 0.25 * 8 - 8), 8, 8, 0]
    agent.advance(Budget(1))
    assert agent.v[0, 1:].tolist() == [8 + 0.5 * (2 + 0.5 * 4 - 8), 8 + 0.5 * (4 - 8), 0]
    assert agent.visits[0].tolist() == [1, 1, 1, 0]


def test_a_truncated_episode_bootstraps_all_that_is_left() -> None:
    agent = predictor("n-step-td", corridor(step_limit=2), "n=5", "step_size=1", "initial_value=8")
    agent.advance(Budget(2))
    assert agent.v[0].tolist() == [1 + 0.5 * 2 + 0.25 * 8, 2 + 0.5 * 8, 8, 0]


@pytest.mark.parametrize("name", ["grid/lecture-3x4", "mdp/three-state"])
def test_one_step_is_td_zero(name: str) -> None:
    one, other = (predictor(found, open_world(name), *more) for found, more in (("n-step-td", ["n=1"]), ("td-0", [])))
    for agent in (one, other):
        agent.advance(Budget(5000))
    assert np.array_equal(one.v, other.v) and np.array_equal(one.visits, other.visits)


def test_as_long_as_an_episode_it_is_monte_carlo() -> None:
    whole = predictor("n-step-td", corridor(), "n=50", "step_size=0.3")
    returns = predictor("monte-carlo-prediction", corridor(), "step_size=0.3")
    for agent in (whole, returns):
        agent.advance(Budget(30))
    assert whole.v[0].tolist() == pytest.approx(returns.v[0].tolist())
    assert np.array_equal(whole.visits, returns.visits)


@pytest.mark.parametrize("n", [2, 5])
def test_values_are_those_of_the_policy_on_ten_seeds(n: int) -> None:
    agents = predictor("n-step-td", open_world("grid/russell-norvig-4x3"), f"n={n}", "discount=0.9", members=10)
    agents.advance(Budget(500_000))
    assert np.abs(agents.v - solved(agents.mdp, 0.9)).max() < 0.05


@pytest.mark.slow
def test_a_few_steps_err_less_than_one_or_very_many() -> None:
    """Sutton and Barto (2018), figure 7.2: nineteen states, ten episodes, a hundred runs, the best step size of each n."""
    world, truth = walk(19, left=-1.0), np.arange(-10, 11) / 10
    best = {
        n: min(errors("n-step-td", world, truth, 10, f"n={n}", f"step_size={alpha}").mean() for alpha in (0.05, 0.1, 0.2, 0.4, 0.6, 0.9))
        for n in (1, 4, 64)
    }
    assert best[4] < best[1] < best[64]
    assert 0.24 < best[4] < 0.32
