"""The stacked network: forward and backward against torch, one member at a time."""

import numpy as np
import pytest
import torch

from core.deep.engine.network import Layers, Network, parameter_count
from core.deep.engine.settings import Activation

CPU = torch.device("cpu")
MODULES = {Activation.relu: torch.nn.ReLU, Activation.elu: torch.nn.ELU, Activation.tanh: torch.nn.Tanh, Activation.silu: torch.nn.SiLU}


def drawn(members: int, sizes: tuple[int, ...], activation: Activation = Activation.relu) -> Network:
    network = Network(members, sizes, activation, CPU)
    for member in range(members):
        network.initialise(member, np.random.default_rng(member))
    return network


def torch_twin(network: Network, member: int, activation: Activation) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    for weight, bias in zip(network.layers.weights, network.layers.biases, strict=True):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[2])
        linear.weight.data.copy_(weight[member].T)
        linear.bias.data.copy_(bias[member, 0])
        layers += [linear, MODULES[activation]()]
    return torch.nn.Sequential(*layers[:-1])


@pytest.mark.parametrize("activation", list(Activation))
@pytest.mark.parametrize("widths", [(), (5,), (6, 7)])
def test_outputs_and_gradients_equal_those_of_torch_autograd(activation: Activation, widths: tuple[int, ...]) -> None:
    sizes = (4, *widths, 3)
    network = drawn(2, sizes, activation)
    inputs, slope = torch.randn(2, 8, 4), torch.randn(2, 8, 3)
    flat = torch.full_like(network.parameters, torch.nan)
    gradients = Layers(flat, sizes)
    through = network.forward(inputs)
    outputs = through.outputs.clone()
    network.backward(through, slope.clone(), gradients)
    assert not flat.isnan().any()
    for member in range(2):
        twin = torch_twin(network, member, activation)
        expected = twin(inputs[member])
        torch.testing.assert_close(outputs[member], expected)
        torch.testing.assert_close(network.outputs(member, inputs[member]), expected)
        (expected * slope[member]).sum().backward()
        linears = [layer for layer in twin if isinstance(layer, torch.nn.Linear)]
        for linear, weight, bias in zip(linears, gradients.weights, gradients.biases, strict=True):
            assert linear.weight.grad is not None
            assert linear.bias.grad is not None
            torch.testing.assert_close(weight[member], linear.weight.grad.T)
            torch.testing.assert_close(bias[member, 0], linear.bias.grad)


@pytest.mark.parametrize("widths", [(), (6, 7)])
def test_the_table_is_the_output_for_every_one_hot_input(widths: tuple[int, ...]) -> None:
    network = drawn(2, (5, *widths, 3))
    torch.testing.assert_close(network.table(1), network.outputs(1, torch.eye(5)))


def test_first_weights_come_from_the_members_own_stream() -> None:
    one, three = drawn(1, (4, 8, 2)), drawn(3, (4, 8, 2))
    assert torch.equal(one.parameters[0], three.parameters[0])
    assert not torch.equal(three.parameters[0], three.parameters[1])
    assert one.layers.weights[1].abs().max() <= 1 / np.sqrt(8)
    assert parameter_count((4, 8, 2)) == one.parameters.shape[1] == 4 * 8 + 8 + 8 * 2 + 2
