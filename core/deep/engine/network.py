"""K independent multilayer perceptrons as one: every parameter has the member as its leading dimension.

All parameters lie in one flat tensor and all gradients in another, so that an optimizer step and a copy to the target
network are one operation each. Layers are views into both.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu, "elu": F.elu, "tanh": torch.tanh, "silu": F.silu}


class StackedMLP:
    """Fully connected layers with an activation between them, K times.

    Args:
        sizes: numbers of inputs, hidden units and outputs, such as (4, 128, 128, 2).
        activation: a key of `ACTIVATIONS`.
        streams: one generator per member, for its first weights.
        device: where the parameters lie.

    Attributes:
        flat: float32, all parameters of all members; an optimizer steps this.
        layers: views into it, [K, inputs + 1, outputs] each; the last row is the bias.
    """

    def __init__(self, sizes: Sequence[int], activation: str, streams: Sequence[Generator], device: torch.device) -> None:
        self.activation = ACTIVATIONS[activation]
        self.shapes = [(len(streams), fan_in + 1, fan_out) for fan_in, fan_out in pairwise(sizes)]
        self.flat = torch.cat([torch.from_numpy(first).ravel() for first in _first_layers(sizes, streams)]).to(device)
        self.gradient = torch.zeros_like(self.flat)
        self.flat.grad = self.gradient
        self.layers = self._views(self.flat)
        self.gradients = self._views(self.gradient)
        for leaf, gradient in zip(self.layers, self.gradients, strict=True):
            leaf.requires_grad_().grad = gradient

    def __call__(self, x: Tensor) -> Tensor:
        """[K, B, inputs] to [K, B, outputs]."""
        return forward(self.layers, self.activation, x)

    def gradient_norm(self) -> Tensor:
        """[K] Euclidean norm of each member's gradient."""
        return torch.stack([gradient.flatten(1).norm(dim=1) for gradient in self.gradients]).norm(dim=0)

    def scale_gradient(self, factor: Tensor) -> None:
        """Multiply each member's gradient by its own factor [K]."""
        for gradient in self.gradients:
            gradient.mul_(factor[:, None, None])

    def target(self) -> "Target":
        """A copy of the network as it stands, without gradients."""
        flat = self.flat.clone()
        return Target(self, flat, self._views(flat))

    def _views(self, flat: Tensor) -> list[Tensor]:
        parts = torch.split(flat, [math.prod(shape) for shape in self.shapes])
        return [part.view(shape).detach() for part, shape in zip(parts, self.shapes, strict=True)]


class Target:
    """A network that follows another one, at once or softly (Mnih et al. 2015; Lillicrap et al. 2016)."""

    def __init__(self, source: StackedMLP, flat: Tensor, layers: list[Tensor]) -> None:
        self.source, self.flat, self.layers = source, flat, layers

    def __call__(self, x: Tensor) -> Tensor:
        """[K, B, inputs] to [K, B, outputs]."""
        return forward(self.layers, self.source.activation, x)

    def follow(self, tau: float) -> None:
        """Move a share `tau` of the way to the source; 1 copies it."""
        if tau == 1:
            self.flat.copy_(self.source.flat)
        else:
            self.flat.lerp_(self.source.flat, tau)


def forward(layers: Sequence[Tensor], activation: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """[K, B, inputs] through layers [K, inputs + 1, outputs], the activation between them."""
    for layer in layers[:-1]:
        x = activation(torch.baddbmm(layer[:, -1:], x, layer[:, :-1]))
    return torch.baddbmm(layers[-1][:, -1:], x, layers[-1][:, :-1])


def _first_layers(sizes: Sequence[int], streams: Sequence[Generator]) -> Iterator[NDArray[np.float32]]:
    """Weights and biases uniform within 1 / sqrt(fan_in), torch.nn.Linear's own choice."""
    for fan_in, fan_out in pairwise(sizes):
        bound = 1 / math.sqrt(fan_in)
        yield np.stack([stream.uniform(-bound, bound, (fan_in + 1, fan_out)) for stream in streams]).astype(np.float32)
