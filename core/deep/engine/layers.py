"""The layers of K networks at once: each its output at [K, B, ...] and, by hand, the loss's gradient at what it read.

A layer holds no parameters. It is given views [K, ...] of the flat tensor in which they lie, so the same layer serves
weights, weights with noise added and those of a single member.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import torch
from numpy.random import Generator
from torch import Tensor

from core.deep.engine.blueprint import Part
from core.deep.engine.settings import Activation

Views = tuple[Tensor, ...]
"""A layer's parameters, or their gradients, each [K, ...]."""

Kept = tuple[Tensor, ...]
"""What a layer's backward pass needs of its forward pass."""

_aten = torch.ops.aten
_relu_slope, _elu_slope = _aten.threshold_backward.grad_input, _aten.elu_backward.grad_input
_tanh_slope, _silu_slope = _aten.tanh_backward.grad_input, _aten.silu_backward.grad_input


class Layer(ABC):
    """One layer of K networks."""

    def initialise(self, own: Views, stream: Generator) -> None:
        """Draw one member's parameters, given as views without K; a layer without any draws nothing."""
        return

    @abstractmethod
    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        """Outputs [K, B, ...] at inputs `x` [K, B, ...], and what `backward` needs. May overwrite x where that is said."""

    @abstractmethod
    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        """The loss's gradient at the inputs.

        Args:
            gradient: [K, B, ...] at the outputs; may be overwritten.
            kept: from `forward`.
            own: the parameters that `forward` had.
            into: where the gradients of the parameters are written.
            onward: whether the gradient at the inputs is wanted; if not, anything is returned.
        """


def draw(parts: Views, inputs: int, stream: Generator) -> None:
    """Uniform within 1 / sqrt(inputs) of 0 (as LeCun et al. 1998; torch's default)."""
    bound = 1.0 / math.sqrt(inputs)
    for part in parts:
        part.copy_(torch.from_numpy(stream.uniform(-bound, bound, tuple(part.shape))))


THIN = 12
"""Outputs below which matrix libraries for processors multiply several times slower, unless the weights lie transposed."""


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x W + b [K, B, out] for x [K, B, in], W [K, in, out] and b [K, 1, out]."""
    if weight.shape[2] < THIN and x.shape[1] > 1:
        weight = weight.mT.contiguous().mT
    return torch.baddbmm(bias, x, weight)


def linear_gradients(x: Tensor, gradient: Tensor, weight: Tensor, bias: Tensor) -> None:
    """Write the gradients at W and b, of their shapes, from that at the outputs [K, B, out]."""
    if weight.shape[2] < THIN:
        weight.copy_(torch.bmm(gradient.mT, x).mT)
    else:
        torch.bmm(x.mT, gradient, out=weight)
    torch.sum(gradient, 1, keepdim=True, out=bias)


class Linear(Layer):
    """x W + b with W [K, in, out] and b [K, 1, out]."""

    def initialise(self, own: Views, stream: Generator) -> None:
        draw(own, own[0].shape[0], stream)

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        return linear(x, *own), (x,)

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        linear_gradients(kept[0], gradient, *into)
        return torch.bmm(gradient, own[0].mT) if onward else gradient


@dataclass(frozen=True, slots=True)
class Bend:
    """An activation.

    Attributes:
        forward: its output y at z; may overwrite z.
        backward: the gradient at z from that at y, given y or z, written over it.
        by_input: whether `backward` wants z, which `forward` then leaves as it is, instead of y.
    """

    forward: Callable[[Tensor], Tensor]
    backward: Callable[[Tensor, Tensor], Tensor]
    by_input: bool = False


BENDS = {
    Activation.relu: Bend(torch.relu_, lambda g, y: _relu_slope(g, y, 0, grad_input=g)),
    Activation.elu: Bend(torch.nn.functional.elu_, lambda g, y: _elu_slope(g, 1, 1, 1, True, y, grad_input=g)),
    Activation.tanh: Bend(torch.tanh_, lambda g, y: _tanh_slope(g, y, grad_input=g)),
    Activation.silu: Bend(torch.nn.functional.silu, lambda g, z: _silu_slope(g, z, grad_input=g), by_input=True),
}


class Activate(Layer):
    """An activation, over its input where it can be."""

    def __init__(self, activation: Activation) -> None:
        bend = BENDS[activation]
        self._forward, self._backward, self._by_input = bend.forward, bend.backward, bend.by_input

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        y = self._forward(x)
        return y, (x if self._by_input else y,)

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        return self._backward(gradient, kept[0])


class LayerNorm(Layer):
    """Layer normalisation (Ba, Kiros and Hinton 2016): each input less its layer's mean, divided by its deviation; then a
    learnable gain and shift for each neuron. In Q-learning without a target network it keeps values from growing without
    bounds (Gallici et al. 2025).

    Args:
        part: shape, and in how many groups it is normalised; a picture as a whole.
    """

    SMALL = 1e-5

    def __init__(self, part: Part) -> None:
        self._picture = len(part.inputs) == 3
        self._apart = (part.groups, part.inputs[0] // part.groups)
        self._normal = part.inputs if self._picture else self._apart[1:]

    def initialise(self, own: Views, stream: Generator) -> None:
        own[0].fill_(1.0)
        own[1].zero_()

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        rows = self._rows(x)
        normal, mean, scale = torch.native_layer_norm(rows, self._normal, None, None, self.SMALL)
        y = (self._whole(normal) * own[0]).add_(own[1])
        return y, (rows, normal, mean, scale)

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        rows, normal, mean, scale = kept
        torch.sum(gradient, 1, keepdim=True, out=into[1])
        torch.sum(self._whole(normal) * gradient, 1, keepdim=True, out=into[0])
        inner = self._rows(gradient * own[0])
        found = _aten.native_layer_norm_backward.default(inner, rows, self._normal, mean, scale, None, None, [True, False, False])
        return self._whole(found[0])

    def _rows(self, x: Tensor) -> Tensor:
        """What is normalised last. Pictures come from convolutions, whose memory has B before K."""
        return x.transpose(0, 1) if self._picture else x.view(*x.shape[:2], *self._apart)

    def _whole(self, rows: Tensor) -> Tensor:
        return rows.transpose(0, 1) if self._picture else rows.flatten(2)


class Flatten(Layer):
    """Pictures [K, B, C, H, W] as numbers [K, B, C H W]."""

    def __init__(self, part: Part) -> None:
        self._shape = part.inputs

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        return x.flatten(2), ()

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        return gradient.view(*gradient.shape[:2], *self._shape)


class Convolve(Layer):
    """Convolutions of pictures [K, B, C, H, W] with W [K, out, C, kernel, kernel] and b [K, out], one group of channels for
    each member. Outputs are views of [B, K, ...], as torch has them, which the next convolution takes without a copy.
    """

    def __init__(self, part: Part) -> None:
        assert part.convolution is not None
        self._stride, self._padding = [part.convolution.stride] * 2, [part.convolution.padding] * 2

    def initialise(self, own: Views, stream: Generator) -> None:
        draw(own, own[0][0].numel(), stream)

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        members, weight = len(x), own[0].flatten(0, 1)
        pictures = x.transpose(0, 1).flatten(1, 2)
        y = torch.conv2d(pictures, weight, own[1].flatten(), self._stride, self._padding, 1, members)
        return _members_first(y, members), (pictures, weight)

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        (pictures, weight), members = kept, len(gradient)
        found = _aten.convolution_backward.default(
            gradient.transpose(0, 1).flatten(1, 2), pictures, weight, [len(weight)],
            self._stride, self._padding, [1, 1], False, [0, 0], members, [onward, True, True],
        )  # fmt: skip
        into[0].copy_(found[1].view_as(into[0]))
        into[1].copy_(found[2].view_as(into[1]))
        return _members_first(found[0], members) if onward else gradient


def _members_first(pictures: Tensor, members: int) -> Tensor:
    """[B, K C, H, W] as [K, B, C, H, W]."""
    return pictures.view(len(pictures), members, -1, *pictures.shape[2:]).transpose(0, 1)
