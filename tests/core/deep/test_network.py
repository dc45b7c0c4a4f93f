"""Networks of every kind: forward and backward against torch's autograd, one member at a time, in double precision."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some

from core.deep.engine.blueprint import Blueprint, Convolution
from core.deep.engine.network import Network
from core.deep.engine.settings import Activation, Dueling
from tests.core.deep.networks import CPU, drawn, twin


@some.composite
def blueprints(draw: some.DrawFn) -> Blueprint:
    """Small ones of every kind; the picture is large enough for two kernels of 3."""
    inputs: tuple[int, ...] = (draw(some.integers(1, 5)),)
    convolutions: list[Convolution] = []
    if draw(some.booleans()):
        inputs = (draw(some.integers(1, 3)), draw(some.integers(7, 9)), draw(some.integers(7, 9)))
        kinds = some.builds(Convolution, some.integers(1, 3), some.integers(1, 3), some.integers(1, 2), some.integers(0, 1))
        convolutions = draw(some.lists(kinds, max_size=2))
    return Blueprint(
        inputs,
        actions=draw(some.integers(1, 4)),
        widths=tuple(draw(some.lists(some.integers(2, 6), max_size=3))),
        activation=draw(some.sampled_from(Activation)),
        atoms=draw(some.sampled_from((1, 3))),
        convolutions=tuple(convolutions),
        layer_norm=draw(some.booleans()),
        dueling=draw(some.sampled_from(Dueling)),
        noise=draw(some.sampled_from((0.0, 0.5))),
    )


@settings(max_examples=200, deadline=None)
@given(blueprint=blueprints(), batch=some.integers(1, 5), seed=some.integers(0, 999), compiled=some.booleans())
def test_outputs_and_gradients_equal_those_of_torch_autograd(blueprint: Blueprint, batch: int, seed: int, compiled: bool) -> None:
    members = 3
    network = drawn(blueprint, members, seed, compiled=compiled)
    random = torch.Generator().manual_seed(seed)
    inputs = torch.randn(members, batch, *blueprint.inputs, generator=random, dtype=torch.float64)
    slope = torch.randn(members, batch, blueprint.actions, blueprint.atoms, generator=random, dtype=torch.float64)
    gradient = torch.full_like(network.parameters, torch.nan)
    through = network.forward(inputs.clone())
    outputs = through.outputs.clone()
    network.backward(through, slope.clone(), network.lay(gradient))
    for member in range(members):
        flat = network.parameters[member].clone().requires_grad_()
        expected = twin(network, flat, member, inputs[member])
        torch.testing.assert_close(outputs[member], expected)
        torch.testing.assert_close(gradient[member], *torch.autograd.grad((expected * slope[member]).sum(), flat))


@settings(max_examples=50, deadline=None)
@given(blueprint=blueprints(), seed=some.integers(0, 999), compiled=some.booleans())
def test_three_members_are_three_networks(blueprint: Blueprint, seed: int, compiled: bool) -> None:
    three = drawn(blueprint, 3, compiled=compiled)
    random = torch.Generator().manual_seed(seed)
    inputs = torch.randn(3, 4, *blueprint.inputs, generator=random, dtype=torch.float64)
    slope = torch.randn(3, 4, blueprint.actions, blueprint.atoms, generator=random, dtype=torch.float64)
    together, gradients = three.forward(inputs), torch.zeros_like(three.parameters)
    outputs = together.outputs.clone()
    three.backward(together, slope.clone(), three.lay(gradients))
    for member in range(3):
        one = drawn(blueprint, 1, first=member, compiled=compiled)
        assert torch.equal(one.parameters[0], three.parameters[member])
        through, gradient = one.forward(inputs[member, None]), torch.zeros_like(one.parameters)
        torch.testing.assert_close(through.outputs[0].clone(), outputs[member])
        one.backward(through, slope[member, None].clone(), one.lay(gradient))
        torch.testing.assert_close(gradient[0], gradients[member])
        quiet = three.forward(inputs, noisy=False).outputs[member]
        torch.testing.assert_close(three.outputs(member, inputs[member]), quiet)
        if not blueprint.noise:
            torch.testing.assert_close(quiet, outputs[member])


@pytest.mark.parametrize("widths", [(), (6, 7)])
@pytest.mark.parametrize("dueling", list(Dueling))
@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("compiled", [False, True])
def test_the_table_is_the_output_for_every_one_hot_input(widths: tuple[int, ...], dueling: Dueling, noise: float, compiled: bool) -> None:
    network = drawn(Blueprint((5,), 3, widths, layer_norm=True, dueling=dueling, noise=noise), 2, compiled=compiled)
    before = network.parameters.clone()
    torch.testing.assert_close(network.table(1), network.outputs(1, torch.eye(5, dtype=torch.float64)))
    assert torch.equal(network.parameters, before)


def test_first_weights_come_from_the_members_own_stream() -> None:
    def made(members: int) -> Network:
        network = Network(Blueprint((2, 5, 5), 2, (8,), convolutions=(Convolution(3, 4),), layer_norm=True), members, CPU)
        for member in range(members):
            network.initialise(member, np.random.default_rng(member))
        return network

    one, three = made(1), made(3)
    assert torch.equal(one.parameters[0], three.parameters[0])
    assert not torch.equal(three.parameters[0], three.parameters[1])
    convolution, norm, _, _, linear, *_, output, _ = three.lay(three.parameters).views
    for (weight, bias), inputs in ((convolution, 2 * 4 * 4), (linear, 3 * 2 * 2), (output, 8)):
        bound = 1 / np.sqrt(inputs)
        assert 0.8 * bound < weight.abs().max() <= bound
        assert bias.abs().max() <= bound
    assert norm[0].eq(1).all()
    assert norm[1].eq(0).all()
