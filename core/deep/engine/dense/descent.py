"""Adam on a processor, with the norm of the gradient and its clipping, in one compiled call, whatever the network.

Formulas are those of `core.deep.engine.optimizer`. After a minibatch the processor has little else at hand, so that what counts is how much
code an update runs through: torch's three calls took a fifth of CartPole's steps.
"""

import math

import numpy as np
import torch
from torch import Tensor

from core.compiled import compiled
from core.deep.engine.dense.layers import Floats
from core.deep.engine.descent import Descent
from core.deep.engine.device import Shared
from core.deep.engine.optimizer import BETA_1, BETA_2, EPSILON, Adam
from core.deep.engine.settings import Clip


class DenseDescent(Descent):
    """As `Descent`, for Adam and its kin."""

    def __init__(self, optimizer: Adam, most: float, by: Clip, recorded: bool) -> None:
        super().__init__(optimizer, most, by, recorded)
        moments = optimizer.moments
        none = torch.empty(len(optimizer.parameters), 0)
        tensors = (optimizer.gradient, optimizer.parameters, moments["mean"], moments["square"], moments.get("largest", none))
        self._gradient, self._parameters, self._mean, self._square, self._largest = (tensor.numpy() for tensor in tensors)
        self._decay = optimizer.decay or 0.0

    def __call__(self, learning_rate: Shared) -> Tensor:
        norm = np.empty(len(learning_rate.array), np.float32)
        descend(
            self._gradient, self._parameters, self._mean, self._square, self._largest, learning_rate.array, self.optimizer.count,
            self._decay, self.most, self.by is Clip.norm, norm,
        )  # fmt: skip
        return torch.from_numpy(norm)


@compiled
def descend(
    gradient: Floats, parameters: Floats, mean: Floats, square: Floats, largest: Floats, rates: Floats, count: int, decay: float,
    most: float, by_norm: bool, norm: Floats,
) -> None:  # fmt: skip
    """One step of every member.

    Args:
        gradient: [K, P], clipped in place.
        parameters, mean, square: [K, P], moved.
        largest: [K, P] the largest mean square so far, moved; [K, 0]: there is none.
        rates: [K, 1] learning rates.
        count: steps taken, with this one.
        decay: share of the weights, times the learning rate, that a step takes off them.
        most: as of `Descent`.
        by_norm: whether that is the largest norm.
        norm: into which the norms [K] of before go.
    """
    for member in range(len(gradient)):
        g = gradient[member]
        norm[member] = math.sqrt(np.dot(g, g))
        if most > 0:
            clip(g, most, by_norm, norm[member])
        adam(g, parameters[member], mean[member], square[member], largest[member], rates[member, 0], count, decay)


@compiled
def clip(g: Floats, most: float, by_norm: bool, norm: float) -> None:
    """Bring a gradient [P] of this norm to the largest norm, or its entries to the largest entry."""
    if not by_norm:
        bound = g.dtype.type(most)
        for i in range(len(g)):
            g[i] = min(max(g[i], -bound), bound)
    elif not norm <= most:
        by = g.dtype.type(min(most / (norm + 1e-6), 1.0))
        for i in range(len(g)):
            g[i] *= by


@compiled
def adam(g: Floats, p: Floats, m: Floats, v: Floats, most: Floats, rate: float, count: int, decay: float) -> None:
    """One member's step, all arrays [P]. (`np.divide`: before `/` numba looks for zeros, one number at a time.)"""
    number = p.dtype.type
    fresh, kept, new, small = number(1 - BETA_1), number(BETA_2), number(1 - BETA_2), number(EPSILON)
    step, scale = number(rate / (1 - BETA_1**count)), number(1 / math.sqrt(1 - BETA_2**count))
    stays = number(1 - rate * decay)
    for i in range(len(g)):
        m[i] += fresh * (g[i] - m[i])
        v[i] = kept * v[i] + new * g[i] * g[i]
        by = v[i]
        if len(most):
            by = most[i] = max(most[i], by)
        p[i] = stays * p[i] - np.divide(step * m[i], scale * np.sqrt(by) + small)
