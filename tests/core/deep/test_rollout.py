"""λ-returns against values worked out by hand, and rollouts that are gone through once in every epoch."""

import numpy as np
import pytest
import torch

from core.deep.engine.rollout import Futures, Rollout, futures

GAMMA, TRACE = 0.5, 0.25
REWARD = [1.0, 2.0, 4.0, 8.0]
BEST = [10.0, 20.0, 30.0, 40.0]


def row(numbers: list[float]) -> torch.Tensor:
    return torch.tensor(numbers)[None, :, None]


def returns(factor: list[float], going: list[bool]) -> tuple[list[float], list[float]]:
    """`ahead` and the λ-returns of one environment over four steps."""
    ahead, mixed = futures(row(REWARD), row(factor), row(going).bool(), row(BEST), TRACE)  # type: ignore[arg-type]
    return ahead[0, :, 0].tolist(), (row(REWARD) + row(factor) * mixed)[0, :, 0].tolist()


def test_lambda_returns_of_an_episode_that_goes_on() -> None:
    ahead, found = returns([GAMMA] * 4, [True] * 4)
    last = 8 + 0.5 * 40
    third = 4 + 0.5 * (0.75 * 30 + 0.25 * last)
    second = 2 + 0.5 * (0.75 * 20 + 0.25 * third)
    first = 1 + 0.5 * (0.75 * 10 + 0.25 * second)
    assert (last, third, second, first) == (28.0, 18.75, 11.84375, 6.23046875)
    assert found == [first, second, third, last]
    assert ahead[:3] == [second, third, last] and np.isnan(ahead[3])


def test_a_termination_within_the_rollout_ends_the_return_without_a_bootstrap() -> None:
    ahead, found = returns([GAMMA, 0.0, GAMMA, GAMMA], [True, False, True, True])
    assert found[1] == 2.0
    assert found[0] == 1 + 0.5 * (0.75 * 10 + 0.25 * 2)
    assert found[2:] == [18.75, 28.0]
    assert np.isnan(ahead[1])


def test_a_truncation_within_the_rollout_bootstraps_and_reaches_no_further() -> None:
    """From the last observation's value 20, not from the return of the episode after it."""
    _, found = returns([GAMMA] * 4, [True, False, True, True])
    assert found[1] == 2 + 0.5 * 20
    assert found[0] == 1 + 0.5 * (0.75 * 10 + 0.25 * 12)


@pytest.mark.parametrize("trace", [0.0, 1.0])
def test_the_ends_of_lambda(trace: float) -> None:
    _, mixed = futures(row(REWARD), row([GAMMA] * 4), row([1.0] * 4).bool(), row(BEST), trace)
    found = (row(REWARD) + GAMMA * mixed)[0, :, 0].tolist()
    whole = [1 + (2 + (4 + (8 + 40 / 2) / 2) / 2) / 2, 2 + (4 + (8 + 40 / 2) / 2) / 2, 4 + (8 + 40 / 2) / 2, 28.0]
    assert found == (whole if trace else [1 + 10 / 2, 2 + 20 / 2, 4 + 30 / 2, 28.0])


def test_environments_and_members_have_returns_of_their_own() -> None:
    """Four by four of them at once are each as alone."""
    draws = torch.Generator().manual_seed(0)
    shape = (2, 6, 3)
    reward, best = (torch.randn(shape, generator=draws) for _ in range(2))
    going = torch.rand(shape, generator=draws) < 0.7
    factor = torch.where(torch.rand(shape, generator=draws) < 0.5, 0.9, 0.0).where(~going, torch.tensor(0.9))
    _, mixed = futures(reward, factor, going, best, 0.8)
    for member in range(2):
        for number in range(3):
            one = [part[member : member + 1, :, number : number + 1] for part in (reward, factor, going, best)]
            assert torch.equal(futures(*one, 0.8)[1], mixed[member : member + 1, :, number : number + 1])  # type: ignore[arg-type]


def test_an_epoch_goes_through_every_transition_once_with_what_follows_it() -> None:
    streams = [np.random.default_rng(seed) for seed in (1, 2)]
    rollout = Rollout(2, 3, 4, 1, 2, 6, streams, torch.device("cpu"), [0.9, 0.5])
    assert rollout.full
    for place in range(12):
        for member in range(2):
            rollout.begin(member, 100 * member + place)
            rollout.end(member, 0, 0, 1.0, False, False, np.ones(2, bool))
        rollout.commit()
        assert rollout.full == (place == 11)
    numbers = rollout.rows[:, :, :1].clone()
    orders = []
    for _ in range(2):
        parts = [(batch.observation.clone(), known) for batch, known in rollout.epoch(Futures(numbers, numbers + 1, numbers + 2))]
        assert len(parts) == 6 and all(observation.shape == (2, 2, 1) for observation, _ in parts)
        for observation, known in parts:
            assert torch.equal(observation, known.best)
            assert torch.equal(observation + 1, known.ahead) and torch.equal(observation + 2, known.mixed)
        orders.append(torch.cat([observation for observation, _ in parts], 1)[..., 0])
        assert torch.equal(orders[-1].sort(1).values, numbers[..., 0])
    assert not torch.equal(orders[0], orders[1]) and not torch.equal(orders[0][0], orders[0][1] - 100)
