"""K multilayer perceptrons as one: every layer is one batched matrix product over the members.

All parameters of a member lie in one row of a flat [K, P] tensor; weights [K, in, out] and biases [K, 1, out] are views
of it. Optimizer, target network, clipping and files then work on one tensor. The backward pass is written out, since
autograd costs as much as the products themselves at these sizes; the tests compare the two.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from numpy.random import Generator
from torch import Tensor

from core.deep.engine.settings import Activation


@dataclass(frozen=True, slots=True)
class Bend:
    """An activation.

    Attributes:
        forward: its output y at the input z; may overwrite z.
        backward: the loss's gradient at z from that at y, from z and from y; may overwrite the gradient.
        keeps_input: whether `backward` looks at z, so that `forward` must leave it.
    """

    forward: Callable[[Tensor], Tensor]
    backward: Callable[[Tensor, Tensor, Tensor], Tensor]
    keeps_input: bool = False


def _silu_backward(gradient: Tensor, z: Tensor, y: Tensor) -> Tensor:
    sigmoid = torch.sigmoid(z)
    return gradient.mul_(sigmoid + y * (1.0 - sigmoid))


_threshold_backward = torch.ops.aten.threshold_backward.default

BENDS = {
    # as a product with y > 0 it takes five times as long
    Activation.relu: Bend(torch.relu_, lambda gradient, z, y: _threshold_backward(gradient, y, 0)),
    Activation.elu: Bend(torch.nn.functional.elu_, lambda gradient, z, y: gradient.mul_(y.clamp(max=0.0).add_(1.0))),
    Activation.tanh: Bend(torch.tanh_, lambda gradient, z, y: gradient.mul_(1.0 - y * y)),
    Activation.silu: Bend(torch.nn.functional.silu, _silu_backward, keeps_input=True),
}


class Layers:
    """Views of a flat [K, P] tensor as the layers of a perceptron.

    Args:
        flat: [K, P] parameters, or a gradient laid out likewise.
        sizes: neurons of each layer, inputs first and outputs last.
    """

    def __init__(self, flat: Tensor, sizes: Sequence[int]) -> None:
        members, at = len(flat), 0
        self.weights: list[Tensor] = []
        self.biases: list[Tensor] = []
        for inputs, outputs in pairwise(sizes):
            self.weights.append(flat[:, at : at + inputs * outputs].view(members, inputs, outputs))
            at += inputs * outputs
            self.biases.append(flat[:, at : at + outputs].view(members, 1, outputs))
            at += outputs


def parameter_count(sizes: Sequence[int]) -> int:
    """P: weights and biases of one member."""
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


class Network:
    """K perceptrons of equal shape.

    Args:
        members: K.
        sizes: neurons of each layer, inputs first and outputs last.
        activation: after every layer but the last.
        device: where the parameters lie.

    Attributes:
        parameters: [K, P].
    """

    def __init__(self, members: int, sizes: Sequence[int], activation: Activation, device: torch.device) -> None:
        self.sizes = tuple(sizes)
        self.bend = BENDS[activation]
        self.parameters = torch.zeros(members, parameter_count(sizes), device=device)
        self.layers = Layers(self.parameters, self.sizes)

    def initialise(self, member: int, stream: Generator) -> None:
        """Draw one member's weights and biases, uniform within 1 / sqrt(inputs) of 0 (as LeCun et al. 1998; torch's default)."""
        for weight, bias in zip(self.layers.weights, self.layers.biases, strict=True):
            bound = 1.0 / math.sqrt(weight.shape[1])
            for part in (weight[member], bias[member]):
                part.copy_(torch.from_numpy(stream.uniform(-bound, bound, tuple(part.shape))))

    def forward(self, inputs: Tensor) -> "Pass":
        """Outputs [K, B, A] for inputs [K, B, D], with what `backward` needs."""
        bend, last = self.bend, len(self.layers.weights) - 1
        y = inputs
        before, after = [], [inputs]
        for number, (weight, bias) in enumerate(zip(self.layers.weights, self.layers.biases, strict=True)):
            z = torch.baddbmm(bias, y, weight)
            y = z if number == last else bend.forward(z)
            before.append(z)
            after.append(y)
        return Pass(before, after)

    def backward(self, through: "Pass", gradient: Tensor, into: Layers) -> None:
        """Write the loss's gradient at every parameter.

        Args:
            through: the forward pass.
            gradient: [K, B, A] of the loss at the outputs; overwritten.
            into: where the parameters' gradients go.
        """
        for number in reversed(range(len(self.layers.weights))):
            y = through.after[number]
            torch.bmm(y.mT, gradient, out=into.weights[number])
            torch.sum(gradient, 1, keepdim=True, out=into.biases[number])
            if number:
                gradient = torch.bmm(gradient, self.layers.weights[number].mT)
                gradient = self.bend.backward(gradient, through.before[number - 1], y)

    def outputs(self, member: int, inputs: Tensor) -> Tensor:
        """[B, A] outputs of one member for inputs [B, D]."""
        return self._rest(member, torch.addmm(self.layers.biases[0][member], inputs, self.layers.weights[0][member]))

    def table(self, member: int) -> Tensor:
        """[D, A] outputs of one member for the D one-hot inputs, whose first product is the weights themselves."""
        return self._rest(member, self.layers.biases[0][member] + self.layers.weights[0][member])

    def _rest(self, member: int, z: Tensor) -> Tensor:
        for weight, bias in zip(self.layers.weights[1:], self.layers.biases[1:], strict=True):
            z = torch.addmm(bias[member], self.bend.forward(z), weight[member])
        return z


@dataclass(frozen=True, slots=True)
class Pass:
    """A forward pass: [K, B, n] `before` each activation, and `after` it, the inputs first."""

    before: list[Tensor]
    after: list[Tensor]

    @property
    def outputs(self) -> Tensor:
        """[K, B, A]."""
        return self.after[-1]
