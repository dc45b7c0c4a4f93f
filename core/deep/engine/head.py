"""The last layers of K networks: from numbers to Q [K, B, A, N], with N numbers for each action."""

import torch
from numpy.random import Generator
from torch import Tensor

from core.deep.engine.blueprint import Part
from core.deep.engine.layers import Kept, Layer, Views, draw, linear, linear_gradients
from core.deep.engine.settings import Dueling


class QValues(Layer):
    """A N numbers as [A, N]."""

    def __init__(self, part: Part) -> None:
        self._shape = part.outputs

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        return x.view(*x.shape[:2], *self._shape), ()

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        return gradient.flatten(2)


class Streams(Layer):
    """Two linear layers side by side: the first half of the neurons gives N values, the other half A N advantages."""

    def __init__(self, part: Part) -> None:
        half, values = part.shapes[0]
        self._sides = ((0, slice(None, half), slice(None, values)), (2, slice(half, None), slice(values, None)))

    def initialise(self, own: Views, stream: Generator) -> None:
        for at, _, _ in self._sides:
            draw(own[at : at + 2], own[at].shape[0], stream)

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        return torch.cat([linear(x[..., neurons], own[at], own[at + 1]) for at, neurons, _ in self._sides], 2), (x,)

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        (x,) = kept
        back = torch.empty_like(x)
        for at, neurons, outputs in self._sides:
            part = gradient[..., outputs]
            linear_gradients(x[..., neurons], part, into[at], into[at + 1])
            torch.bmm(part, own[at].mT, out=back[..., neurons])
        return back


class Duel(Layer):
    """Q = V + A less the mean, or the greatest, of the A over the actions (Wang et al. 2016): without it, V and A could drift apart.

    The gradient of the greatest goes to the first of several. Of N numbers each, every one is put together for itself; all
    actions count, available or not. The paper also scales the gradient where the streams meet by 1 / √2; here it is left.

    Args:
        part: shape of the outputs.
        dueling: mean or max.
    """

    def __init__(self, part: Part, dueling: Dueling) -> None:
        self._shape, self._by_max = part.outputs, dueling is Dueling.max

    def forward(self, x: Tensor, own: Views) -> tuple[Tensor, Kept]:
        atoms = self._shape[1]
        value, advantage = x[..., None, :atoms], x[..., atoms:].view(*x.shape[:2], *self._shape)
        if self._by_max:
            level, best = advantage.max(2, keepdim=True)
            return advantage + (value - level), (best,)
        return advantage + (value - advantage.mean(2, keepdim=True)), ()

    def backward(self, gradient: Tensor, kept: Kept, own: Views, into: Views, onward: bool) -> Tensor:
        total = gradient.sum(2, keepdim=True)
        if self._by_max:
            advantage = gradient.scatter_add_(2, kept[0], -total)
        else:
            advantage = gradient.sub_(total, alpha=1.0 / self._shape[0])
        return torch.cat((total[:, :, 0], advantage.flatten(2)), 2)
