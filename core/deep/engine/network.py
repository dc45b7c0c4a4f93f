"""K networks of one blueprint as one: every layer works on all members at once.

All parameters of a member lie in one row of a flat [K, P] tensor, of which the layers have views. Optimizer, target network,
clipping and files then work on one tensor. The backward pass is written out, since autograd costs as much as the products
themselves at these sizes; the tests compare the two.
"""

from collections.abc import Sequence

import torch
from numpy.random import Generator
from torch import Tensor

from core.deep.engine.blueprint import Blueprint, Kind, Part
from core.deep.engine.dense.passes import Dense, suits
from core.deep.engine.head import Duel, QValues, Streams
from core.deep.engine.layers import Activate, Convolve, Flatten, Layer, LayerNorm, Linear
from core.deep.engine.passes import Layered, Layout, Pass, Passes
from core.deep.engine.settings import Dueling


class Network:
    """K networks of equal shape.

    Args:
        blueprint: of one.
        members: K.
        device: where the parameters lie.
        dtype: of the parameters.

    Attributes:
        parameters: [K, P].
        passes: through the networks.
        used: what those multiply with: the parameters as layers, or what noise makes of them.
    """

    def __init__(self, blueprint: Blueprint, members: int, device: torch.device, dtype: torch.dtype = torch.float32) -> None:
        self.blueprint, self.parts = blueprint, blueprint.parts()
        self.layers = [_layer(part, blueprint) for part in self.parts]
        self.parameters = torch.zeros(members, sum(map(blueprint.parameters, self.parts)), device=device, dtype=dtype)
        self.used = self.lay(self.parameters)
        self._single = [self.lay(self.parameters[member : member + 1]) for member in range(members)]
        self.passes: Passes
        if suits(blueprint, device):
            self.passes = Dense(blueprint, self.parts, self.used.starts)
        else:
            self.passes = Layered(self.layers, next(number for number, part in enumerate(self.parts) if part.shapes))

    def lay(self, flat: Tensor) -> Layout:
        """`flat` [K, P], such as the gradient, as the layers of this network."""
        return Layout(flat, self.parts)

    def initialise(self, member: int, stream: Generator) -> None:
        """Draw one member's parameters."""
        for layer, own in zip(self.layers, self._single[member].views, strict=True):
            layer.initialise(tuple(view[0] for view in own), stream)

    def put(self, member: int, numbers: Tensor) -> None:
        """Give a member its parameters [P] in the order of the parts; noise stays as it is."""
        views = [view for own in self._single[member].views for view in own]
        for view, values in zip(views, numbers.split_with_sizes([view.numel() for view in views]), strict=True):
            view.copy_(values.view_as(view))

    def taken(self, member: int) -> Tensor:
        """[P] the parameters of a member in the order of the parts, without noise."""
        return torch.cat([view.reshape(-1) for own in self._single[member].views for view in own])

    def renew(self, streams: Sequence[Generator]) -> None:
        """Draw noise anew, each member's from its own stream, where there is noise."""

    def forward(self, inputs: Tensor, noisy: bool = True) -> Pass:
        """Outputs [K, B, A, N] for inputs [K, B, ...], with what `backward` needs; without noise if not `noisy`."""
        return self.passes.forward(inputs, self.used)

    def backward(self, through: Pass, gradient: Tensor, into: Layout) -> None:
        """Write the loss's gradient at every parameter.

        Args:
            through: the newest forward pass, and not one without noise where there is some.
            gradient: [K, B, A, N] of the loss at the outputs; overwritten.
            into: where the parameters' gradients go.
        """
        self.passes.backward(through, gradient, self.used, into)

    def outputs(self, member: int, inputs: Tensor) -> Tensor:
        """[B, A, N] outputs of one member for inputs [B, ...], without noise."""
        return self.passes.forward(inputs[None], self._single[member]).outputs[0]

    def table(self, member: int) -> Tensor:
        """[D, A, N] outputs of one member for the D one-hot inputs, whose first product is the weights themselves; without noise.

        For networks that read D numbers, not pictures.
        """
        weight, bias = self._single[member].views[0]
        return self.passes.forward(weight + bias, self._single[member], 1).outputs[0]


def _layer(part: Part, blueprint: Blueprint) -> Layer:
    match part.kind:
        case Kind.convolution:
            return Convolve(part)
        case Kind.flatten:
            return Flatten(part)
        case Kind.linear:
            return Linear()
        case Kind.layer_norm:
            return LayerNorm(part)
        case Kind.activation:
            return Activate(blueprint.activation)
        case Kind.streams:
            return Streams(part)
        case Kind.q_values:
            return QValues(part) if blueprint.dueling is Dueling.none else Duel(part, blueprint.dueling)
