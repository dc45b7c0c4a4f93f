"""Noisy networks: what is drawn, how large it is, and where it does not count."""

from typing import cast

import numpy as np
import pytest
import torch

from core.deep.engine.blueprint import Blueprint, Convolution
from core.deep.engine.network import Network
from core.deep.engine.noise import Noise, NoisyNetwork, make_network
from core.deep.engine.settings import Dueling
from tests.core.deep.networks import CPU, drawn

WIDE = Blueprint((40,), 5, (60,), noise=0.5)


def noisy(blueprint: Blueprint = WIDE, members: int = 1) -> NoisyNetwork:
    return cast(NoisyNetwork, drawn(blueprint, members))


def test_a_plain_blueprint_makes_a_plain_network() -> None:
    assert type(make_network(Blueprint((4,), 2), 1, CPU)) is Network
    assert type(make_network(Blueprint((4,), 2, noise=0.5), 1, CPU)) is NoisyNetwork


def test_sigma_begins_as_the_paper_says_and_mu_as_without_noise() -> None:
    network, plain = make_network(WIDE, 2, CPU), make_network(Blueprint((40,), 5, (60,)), 2, CPU)
    for each in (network, plain):
        each.initialise(1, np.random.default_rng(3))
    mu, sigma = network.parameters[1].chunk(2)
    assert torch.equal(mu, plain.parameters[1])
    assert mu[:2400].abs().max() <= 1 / np.sqrt(40)
    first, last = 41 * 60, 61 * 5
    torch.testing.assert_close(sigma, torch.cat((torch.full((first,), 0.5 / 40**0.5), torch.full((last,), 0.5 / 60**0.5))))


def test_noise_is_a_product_of_factors_with_the_right_spread() -> None:
    noise = Noise(1, [(200, 300)], CPU, torch.float64)
    assert not noise.values.any()
    squares = []
    stream = np.random.default_rng(0)
    for _ in range(30):
        noise.renew([stream])
        weight, bias = noise.values[0, :60_000].view(200, 300), noise.values[0, 60_000:]
        assert torch.linalg.matrix_rank(weight) == 1
        torch.testing.assert_close(weight / weight[0], (weight[:, :1] / weight[0, 0]).expand(200, 300))
        ratio = weight / bias  # f(e_in), equal along each row
        torch.testing.assert_close(ratio, ratio[:, :1].expand(200, 300))
        draws = torch.from_numpy(noise.state()[0])
        torch.testing.assert_close(bias.square() * bias.sign(), draws[200:])
        squares.append((weight.square().mean(), weight.mean(), bias.square().mean(), bias.mean()))
    # E f(x)² = E |x| = sqrt(2 / π), and the product of two independent ones has its square
    square, mean, bias_square, bias_mean = torch.tensor(squares).mean(0).tolist()
    assert square == pytest.approx(2 / np.pi, rel=0.03)
    assert bias_square == pytest.approx(np.sqrt(2 / np.pi), rel=0.03)
    assert mean == pytest.approx(0.0, abs=0.02)
    assert bias_mean == pytest.approx(0.0, abs=0.03)


def test_members_draw_from_their_own_stream() -> None:
    three, one = noisy(members=3), noisy()
    assert torch.equal(three.noise.values[0], one.noise.values[0])
    assert not torch.equal(three.noise.values[1], three.noise.values[0])
    three.renew([np.random.default_rng(member) for member in (5, 6, 7)])
    one.renew([np.random.default_rng(5)])
    assert torch.equal(three.noise.values[0], one.noise.values[0])


def test_a_new_draw_changes_noisy_outputs_only() -> None:
    network, inputs = noisy(), torch.ones(1, 2, 40, dtype=torch.float64)
    first, same, quiet = (network.forward(inputs, noisy=loud).outputs for loud in (True, True, False))
    greedy = network.outputs(0, inputs[0])
    network.renew([np.random.default_rng(8)])
    assert torch.equal(first, same)
    assert not torch.equal(network.forward(inputs).outputs, first)
    assert torch.equal(network.forward(inputs, noisy=False).outputs, quiet)
    assert torch.equal(network.outputs(0, inputs[0]), greedy)
    network.parameters[:, network.parameters.shape[1] // 2 :] = 0.0  # no sigma, no noise
    torch.testing.assert_close(network.forward(inputs).outputs, quiet)


def test_convolutions_and_norms_have_no_noise() -> None:
    network = noisy(Blueprint((2, 6, 6), 3, (4,), convolutions=(Convolution(2, 3),), layer_norm=True, dueling=Dueling.mean, noise=0.5))
    linear = (32 + 1) * 8 + (4 + 1) * 1 + (4 + 1) * 3
    assert network.noise.values.shape == (1, linear)
    others = (2 * 3 * 3 + 1) * 2 + 2 * 2 * 4 * 4 + 2 * 8
    assert network.parameters.shape == (1, others + 2 * linear)


def test_restored_noise_is_the_noise_that_was() -> None:
    network, again = noisy(members=2), noisy(members=2)
    again.renew([np.random.default_rng(1), np.random.default_rng(2)])
    again.noise.restore(network.noise.state())
    assert torch.equal(network.noise.values, again.noise.values)
