"""The running average of weights: its shares by hand, who reads it, and that learning does not."""

import numpy as np
import pytest
import torch

from core.config import build
from core.deep.engine.average import Average
from core.deep.engine.blueprint import Blueprint
from core.deep.engine.dqn_settings import DQNConfig
from core.errors import ConfigError
from core.learner import Budget, Task
from core.registry import algorithm
from core.worlds.library import open_world
from tests.core.deep.conftest import Made


def test_the_beginning_is_forgotten_soon_and_later_shares_are_all_alike() -> None:
    weights = torch.full((2, 6), 100.0)
    average = Average(Blueprint((2,), 2), weights, rate=0.6)
    # shares 9/9, 9/10, then 0.6: 8, 8 + 0.9 (18 - 8) = 17, 17 + 0.6 (7 - 17) = 11, 11 + 0.6 (1 - 11) = 5
    for update, now, then in [(1, 8.0, 8.0), (2, 18.0, 17.0), (7, 7.0, 11.0), (100, 1.0, 5.0)]:
        weights.fill_(now)
        average.follow(update)
        torch.testing.assert_close(average.network.parameters, torch.full((2, 6), then))


def test_noise_is_left_out() -> None:
    blueprint = Blueprint((2,), 2, (3,), layer_norm=True, noise=0.5)
    plain = (3 + 3) + (2 * 3 + 3) + (3 * 2 + 2)
    learned = torch.arange(float(plain + 17)).repeat(2, 1)
    average = Average(blueprint, learned, rate=1.0)
    assert not average.network.blueprint.noise and torch.equal(average.network.parameters, learned[:, :plain])


@pytest.mark.parametrize("switches", [{}, {"noisy": True}, {"replay": False, "target_update": "none"}], ids=["plain", "noisy", "alone"])
def test_learning_does_not_notice(made: Made, switches: dict[str, object]) -> None:
    without, beside = made(members=2, **switches), made(members=2, averaging=0.01, **switches)
    for learner in (without, beside):
        learner.advance(Budget(80))
    assert np.array_equal(without.state()["online"], beside.state()["online"])
    assert "average" not in without.state() and not np.array_equal(beside.state()["average"], beside.state()["online"])


def test_who_looks_and_plays_reads_the_average(made: Made) -> None:
    learner = made("grid/lecture-3x4", averaging=0.01)
    learner.advance(Budget(60))
    q = learner.snapshot().q
    assert learner.average is not None and q is not None and np.isfinite(q).any()
    with learner._torch_set():
        learner.average.network.parameters.zero_()
    values = learner.action_values(learner.environments[0])
    assert np.nanmax(np.abs(values)) == 0.0 and np.nanmax(np.abs(learner.snapshot().q)) == 0.0  # type: ignore[arg-type]


def test_a_rate_of_one_shows_the_newest_weights(made: Made) -> None:
    newest, averaged = made(), made(averaging=1.0)
    for learner in (newest, averaged):
        learner.advance(Budget(50))
    environment = newest.environments[0]
    np.testing.assert_allclose(newest.action_values(environment), averaged.action_values(environment), rtol=1e-6)


def test_pqn_has_it_too_and_resumes_with_it() -> None:
    chosen = algorithm("pqn")
    settings = {"widths": (16,), "environments": 3, "rollout": 5, "minibatches": 3, "averaging": 0.1}
    whole, half, again = (chosen.build(Task(open_world("gym:CartPole-v1"), build(chosen.config, settings), 1, 2, "cpu")) for _ in range(3))
    whole.advance(Budget(60))
    half.advance(Budget(25))
    again.restore(half.state())
    again.advance(Budget(35))
    assert np.array_equal(whole.state()["average"], again.state()["average"])


def test_a_member_that_diverged_leaves_nothing(made: Made) -> None:
    learner = made(members=2, averaging=0.1)
    learner.advance(Budget(40))
    with learner._torch_set():
        learner._stop(1, 40)
    average = learner.state()["average"]
    assert not average[1].any() and average[0].any()


@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_a_share_lies_from_0_to_1(rate: float) -> None:
    with pytest.raises(ConfigError, match="averaging"):
        build(DQNConfig, {"averaging": rate})
