"""Optimizers of one flat [K, P] tensor, in place: members share the rule and the count, and have a learning rate each.

Formulas and constants as in torch.optim, which the tests compare with.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor

from core.deep.engine.device import Shared, to_numpy
from core.deep.engine.settings import OptimizerName

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


class Optimizer:
    """Plain stochastic gradient descent, and the base of the others.

    Args:
        parameters: [K, P], changed in place.
        gradient: [K, P], read at each step.

    Attributes:
        moments: running averages by name, each [K, P].
        count: steps taken, or begun.
    """

    keeps: ClassVar[tuple[str, ...]] = ()
    steady: ClassVar[bool] = True
    """Whether `move` is the same work at every step, as long as all learning rates are alike: it needs no number that only Python knows."""

    def __init__(self, parameters: Tensor, gradient: Tensor) -> None:
        self.parameters, self.gradient = parameters, gradient
        self.moments = {name: torch.zeros_like(parameters) for name in self.keeps}
        self.count = 0
        self._work = torch.empty_like(parameters)

    def step(self, learning_rate: Shared) -> None:
        """Move the parameters once; `learning_rate` [K, 1], pushed."""
        self.begin()
        self.move(learning_rate)

    def begin(self) -> None:
        """Count a step, of which `move` is the other half."""
        self.count += 1

    def move(self, learning_rate: Shared) -> None:
        """What a step does to tensors."""
        self.parameters.addcmul_(self.gradient, learning_rate.tensor, value=-1.0)

    def state(self) -> dict[str, Any]:
        return {"count": self.count, "moments": {name: to_numpy(moment) for name, moment in self.moments.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.count = int(state["count"])
        for name, moment in self.moments.items():
            moment.copy_(torch.from_numpy(state["moments"][name]))


class RMSprop(Optimizer):
    """Tieleman and Hinton 2012: steps divided by the root of the mean squared gradient."""

    keeps: ClassVar[tuple[str, ...]] = ("square",)

    def move(self, learning_rate: Shared) -> None:
        square = self.moments["square"].mul_(0.99).addcmul_(self.gradient, self.gradient, value=0.01)
        move = torch.sqrt(square, out=self._work).add_(EPSILON)
        torch.div(self.gradient, move, out=move)
        self.parameters.addcmul_(move, learning_rate.tensor, value=-1.0)


class Adam(Optimizer):
    """Kingma and Ba 2015: RMSprop with momentum, both corrected for starting at zero.

    torch's own kernel reads and writes each number once, in a third of the time of a call for each term.
    """

    keeps: ClassVar[tuple[str, ...]] = ("mean", "square")
    decay: ClassVar[float | None] = None
    """Share of the weights, times the learning rate, that each step takes off them beside the gradient."""

    def __init__(self, parameters: Tensor, gradient: Tensor) -> None:
        super().__init__(parameters, gradient)
        self._count = Shared((), parameters.device)
        self._kernel: Any = torch._fused_adam_ if self.decay is None else torch._fused_adamw_
        lists = [(parameters, gradient, *self.moments.values())]
        lists += [tuple(tensor[member] for tensor in lists[0]) for member in range(len(parameters))]
        (self._all, *self._each) = [([p], [g], [m], [v], list(largest)) for p, g, m, v, *largest in lists]

    def begin(self) -> None:
        super().begin()
        self._count.fill(self.count)

    def move(self, learning_rate: Shared) -> None:
        rates = learning_rate.array[:, 0].tolist()
        parts: Iterable[Any] = ((learning_rate.tensor[0], self._all),)
        if len(set(rates)) > 1:
            parts = zip(rates, self._each, strict=True)
        for rate, tensors in parts:
            self._kernel(
                *tensors, [self._count.tensor], lr=rate, beta1=BETA_1, beta2=BETA_2, weight_decay=self.decay or 0.0, eps=EPSILON,
                amsgrad=bool(tensors[-1]), maximize=False,
            )  # fmt: skip


class AdamW(Adam):
    """Loshchilov and Hutter 2019: Adam with weights decaying towards 0 beside the gradient, by 0.01."""

    decay: ClassVar[float | None] = 0.01


class AMSGrad(Adam):
    """Reddi, Kale and Kumar 2018: Adam divided by the root of the largest mean square so far, so that steps cannot grow again."""

    keeps: ClassVar[tuple[str, ...]] = ("mean", "square", "largest")


class AMSGradW(AMSGrad, AdamW):
    """AMSGrad with the weight decay of AdamW."""


class NAdam(Optimizer):
    """Dozat 2016: Adam looking one step ahead along its momentum (Nesterov)."""

    keeps: ClassVar[tuple[str, ...]] = ("mean", "square")
    steady: ClassVar[bool] = False

    def __init__(self, parameters: Tensor, gradient: Tensor) -> None:
        super().__init__(parameters, gradient)
        self._product = 1.0

    def move(self, learning_rate: Shared) -> None:
        now, following = _momentum(self.count), _momentum(self.count + 1)
        self._product *= now
        mean = self.moments["mean"].lerp_(self.gradient, 1.0 - BETA_1)
        square = self.moments["square"].mul_(BETA_2).addcmul_(self.gradient, self.gradient, value=1.0 - BETA_2)
        scale = torch.div(square, 1.0 - BETA_2**self.count, out=self._work).sqrt_().add_(EPSILON)
        ahead = self.gradient * ((1.0 - now) / (1.0 - self._product))
        ahead.add_(mean, alpha=following / (1.0 - self._product * following))
        self.parameters.addcmul_(ahead.div_(scale), learning_rate.tensor, value=-1.0)

    def restore(self, state: Mapping[str, Any]) -> None:
        super().restore(state)
        self._product = 1.0
        for step in range(1, self.count + 1):
            self._product *= _momentum(step)


class RAdam(Optimizer):
    """Liu et al. 2020: Adam whose steps are held back while their mean square is known from few gradients, and plain momentum before."""

    keeps: ClassVar[tuple[str, ...]] = ("mean", "square")
    steady: ClassVar[bool] = False

    def move(self, learning_rate: Shared) -> None:
        mean = self.moments["mean"].lerp_(self.gradient, 1.0 - BETA_1)
        square = self.moments["square"].mul_(BETA_2).addcmul_(self.gradient, self.gradient, value=1.0 - BETA_2)
        unbiased, rectified = 1.0 / (1.0 - BETA_1**self.count), _rectified(self.count)
        if rectified == 0.0:
            self.parameters.addcmul_(mean, learning_rate.tensor, value=-unbiased)
            return
        move = torch.sqrt(square, out=self._work).add_(EPSILON)
        torch.div(mean, move, out=move)
        self.parameters.addcmul_(move, learning_rate.tensor, value=-unbiased * rectified * math.sqrt(1.0 - BETA_2**self.count))


def _rectified(step: int) -> float:
    """How much of Adam's step is taken, growing to 1; 0 while the mean square is of no use yet."""
    most = 2.0 / (1.0 - BETA_2) - 1.0
    length = most - 2.0 * step * BETA_2**step / (1.0 - BETA_2**step)
    if length <= 5.0:
        return 0.0
    return math.sqrt((length - 4.0) * (length - 2.0) * most / ((most - 4.0) * (most - 2.0) * length))


def _momentum(step: int) -> float:
    """Momentum of a step, growing from half of BETA_1 to all of it."""
    return BETA_1 * (1.0 - 0.5 * 0.96 ** (step * 0.004))


OPTIMIZERS: dict[OptimizerName, type[Optimizer]] = {
    OptimizerName.adam: Adam,
    OptimizerName.adamw: AdamW,
    OptimizerName.amsgrad: AMSGrad,
    OptimizerName.amsgradw: AMSGradW,
    OptimizerName.nadam: NAdam,
    OptimizerName.radam: RAdam,
    OptimizerName.rmsprop: RMSprop,
    OptimizerName.sgd: Optimizer,
}
