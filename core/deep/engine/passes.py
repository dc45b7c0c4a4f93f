"""Passes through K networks: here layer by layer in torch, on every device and for every kind of layer."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import accumulate
from math import prod
from typing import Any, NamedTuple

from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.blueprint import Part
from core.deep.engine.device import on_host
from core.deep.engine.layers import Layer, Views


class Layout:
    """A flat tensor as the layers of a network: the linear ones last, so that what noise is added to lies in one piece.

    Args:
        flat: [K, P] parameters or gradients; columns beyond the layers' are left alone.
        parts: of the blueprint.

    Attributes:
        views: those of each layer, each [K, ...].
        array: `flat` as the host has it; empty where it lies on a device.
        starts: the column where those of each layer begin.
    """

    def __init__(self, flat: Tensor, parts: Sequence[Part]) -> None:
        self.flat = flat
        self.array: NDArray[Any] = on_host(flat)
        self.views: list[Views] = [()] * len(parts)
        self.starts = [0] * len(parts)
        at = 0
        for number in sorted(range(len(parts)), key=lambda number: bool(parts[number].products)):
            sizes = [prod(shape) for shape in parts[number].shapes]
            starts = accumulate(sizes, initial=at)
            views = zip(starts, sizes, parts[number].shapes, strict=False)
            self.views[number] = tuple(flat[:, start : start + size].view(len(flat), *shape) for start, size, shape in views)
            self.starts[number] = at
            at += sum(sizes)


class Pass(NamedTuple):
    """A forward pass.

    Attributes:
        outputs: [K, B, A, N].
        kept: what the backward pass needs of it.
    """

    outputs: Tensor
    kept: Any


class Passes(ABC):
    """Passes through networks of one blueprint, whose parameters are given each time."""

    @abstractmethod
    def forward(self, inputs: Tensor, own: Layout, first: int = 0) -> Pass:
        """Outputs for inputs [K, B, ...], which the layer numbered `first` reads."""

    @abstractmethod
    def backward(self, through: Pass, gradient: Tensor, own: Layout, into: Layout) -> None:
        """Write the loss's gradient at every parameter.

        Args:
            through: a forward pass from the first layer on.
            gradient: [K, B, A, N] of the loss at the outputs; overwritten.
            own: the parameters that the forward pass had.
            into: where the parameters' gradients go.
        """


class Layered(Passes):
    """One layer after the other.

    Args:
        layers: of a network.
        first: the first that learns.
    """

    def __init__(self, layers: Sequence[Layer], first: int) -> None:
        self._forward, self._backward = [layer.forward for layer in layers], [layer.backward for layer in layers]
        self._first = first

    def forward(self, inputs: Tensor, own: Layout, first: int = 0) -> Pass:
        x, kept = inputs, []
        for number in range(first, len(self._forward)):
            x, needed = self._forward[number](x, own.views[number])
            kept.append(needed)
        return Pass(x, kept)

    def backward(self, through: Pass, gradient: Tensor, own: Layout, into: Layout) -> None:
        kept, used, views, first = through.kept, own.views, into.views, self._first
        for number in range(len(kept) - 1, first - 1, -1):
            gradient = self._backward[number](gradient, kept[number], used[number], views[number], number > first)
