"""The same networks a second way: plain torch with autograd, one member at a time."""

from collections.abc import Callable, Iterator
from unittest.mock import patch

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from core.deep.engine import network as network_module
from core.deep.engine.blueprint import Blueprint
from core.deep.engine.dense.passes import suits
from core.deep.engine.network import Network
from core.deep.engine.noise import NoisyNetwork, make_network
from core.deep.engine.settings import Activation, Dueling

CPU = torch.device("cpu")
ACTIVATIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    Activation.relu: F.relu,
    Activation.elu: F.elu,
    Activation.tanh: torch.tanh,
    Activation.silu: F.silu,
}


def drawn(
    blueprint: Blueprint, members: int = 1, first: int = 0, dtype: torch.dtype = torch.float64, compiled: bool = True
) -> Network:  # fmt: skip
    """A network with weights, gains and noise of its own, those of member k from streams that are k's; `compiled` where that can be."""
    with patch.object(network_module, "suits", suits if compiled else lambda blueprint, device: False):
        network = make_network(blueprint, members, CPU, dtype)
    for member in range(members):
        stream = np.random.default_rng(first + member)
        network.initialise(member, stream)
        network.parameters[member] += torch.from_numpy(0.1 * stream.standard_normal(network.parameters.shape[1]))
    network.renew([np.random.default_rng(100 + first + member) for member in range(members)])
    return network


def twin(network: Network, flat: Tensor, member: int, inputs: Tensor) -> Tensor:
    """[B, A, N] outputs for inputs [B, ...] with the parameters `flat` [P] of a member, noise included."""
    blueprint = network.blueprint
    own = (view[0] for views in network.lay(flat[None]).views for view in views)
    noise = _noise(network, flat, member)

    def linear(x: Tensor) -> Tensor:
        weight, bias = next(own), next(own)
        more, less = next(noise)
        return x @ (weight + more) + bias + less

    def bend(x: Tensor, halves: int = 1) -> Tensor:
        if blueprint.layer_norm:
            gain, shift = next(own)[0], next(own)[0]
            parts = zip(*(whole.chunk(halves, -1) for whole in (x, gain, shift)), strict=True)
            x = torch.cat([F.layer_norm(part, part.shape[1:], gain, shift) for part, gain, shift in parts], -1)
        return ACTIVATIONS[blueprint.activation](x)

    x = inputs
    for _, _, stride, padding in blueprint.convolutions:
        x = bend(F.conv2d(x, next(own), next(own), stride, padding))
    x = x.flatten(1)
    apart = blueprint.dueling is not Dueling.none
    for number, _ in enumerate(blueprint.widths, 1):
        x = bend(linear(x), 2 if apart and number == len(blueprint.widths) else 1)
    if not apart:
        return linear(x).view(len(x), blueprint.actions, blueprint.atoms)
    if blueprint.widths:
        left, right = x.chunk(2, 1)
        value, advantage = linear(left), linear(right)
    else:
        value, advantage = linear(x).split([blueprint.atoms, blueprint.actions * blueprint.atoms], 1)
    value, advantage = value[:, None], advantage.view(len(x), blueprint.actions, blueprint.atoms)
    level = advantage.mean(1, keepdim=True) if blueprint.dueling is Dueling.mean else advantage.amax(1, keepdim=True)
    return value + advantage - level


def _noise(network: Network, flat: Tensor, member: int) -> Iterator[tuple[Tensor | float, Tensor | float]]:
    """What is added to each weight [in, out] and bias [1, out] of the linear layers."""
    products = [product for part in network.parts for product in part.products]
    if not isinstance(network, NoisyNetwork):
        yield from ((0.0, 0.0) for _ in products)
        return
    sigma = flat[-sum((inputs + 1) * outputs for inputs, outputs in products) :]
    draws = torch.from_numpy(network.noise.state()[member])
    draws = draws.sign() * draws.abs().sqrt()
    for inputs, outputs in products:
        weight, bias, sigma = sigma.split([inputs * outputs, outputs, len(sigma) - (inputs + 1) * outputs])
        left, right, draws = draws.split([inputs, outputs, len(draws) - inputs - outputs])
        yield weight.view(inputs, outputs) * torch.outer(left, right), bias * right
