"""What a network's outputs for one action mean, and the loss that pulls them towards their target.

An action has N outputs. Below, `taken` [K, B, N] are those of the action taken, to be learned, and `following` [K, B, N] the target
network's for the best next action; reward r and factor f (gamma to the number of steps, 0 after the end) are [K, B, 1].

    expected     N = 1, Q itself (Mnih et al. 2015). delta = Q - (r + f Q'), the loss its square or Huber's function of it.
    categorical  N logits of the probabilities p of returns at z_1 ... z_N, evenly from the lowest to the highest (C51: Bellemare, Dabney
                 and Munos 2017). The target m is the distribution of r + f z, cut off at the ends, each mass shared between the two
                 nearest places; the loss is the cross-entropy - sum of m log p.
    quantile     N quantiles of the return, at (i - 1/2) / N (QR-DQN: Dabney, Rowland, Bellemare and Munos 2018). With u_ij = r + f
                 theta'_j - theta_i the loss is the sum over i of the mean over j of |tau_i - 1{u_ij < 0}| Huber(u_ij).

Q is the mean of the distribution, and delta = Q - (r + f Q') everywhere, for plots. Rainbow (Hessel et al. 2018) takes a categorical
loss as the priority; here the error of a transition, for prioritised replay, is |delta| for the first and the loss for the others.

Deviations: C51 learns by the cross-entropy with the target's distribution held still, as everywhere; means of losses are over the
minibatch, weighted where replay is prioritised.
"""

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor

from core.deep.engine.settings import Loss
from core.deep.engine.targets import best_action, gradient_at, outputs_of


def loss_value(loss: Loss, td_error: Tensor) -> Tensor:
    """The loss of each td error: squared, or Huber's (half the square up to 1, then the distance less one half)."""
    if loss is Loss.squared:
        return td_error.square()
    size = td_error.abs()
    return torch.where(size <= 1.0, 0.5 * size * size, size - 0.5)


class Lesson(NamedTuple):
    """What the outputs of the actions taken are taught.

    Attributes:
        gradient: [K, B, N] of the mean weighted loss at these outputs.
        td_error: [K, B, 1] delta.
        loss: [K, B, 1] of each transition, unweighted; None where `Objective.loss_of` tells it from delta when it is asked for.
    """

    gradient: Tensor
    td_error: Tensor
    loss: Tensor | None = None


class Taught(NamedTuple):
    """What a minibatch teaches a network.

    Attributes:
        taken: [K, B, N] its outputs for the actions taken.
        slope: [K, B, A, N] gradient of the mean weighted loss at all outputs.
        td_error: as of `Lesson`.
        loss: as of `Lesson`.
    """

    taken: Tensor
    slope: Tensor
    td_error: Tensor
    loss: Tensor | None = None

    @property
    def surprise(self) -> Tensor:
        """[K, B, 1] how wrong each transition was, the priority of its replay."""
        return self.td_error.abs() if self.loss is None else self.loss


class Objective(ABC):
    """Meaning and loss of the N outputs of an action.

    Attributes:
        atoms: N.
    """

    atoms: int

    @abstractmethod
    def values(self, outputs: Tensor) -> Tensor:
        """[...] Q from outputs [..., N]."""

    def means(self, outputs: Tensor) -> Tensor:
        """[..., 1] Q from outputs [..., N]."""
        return self.values(outputs)[..., None]

    @abstractmethod
    def learn(self, taken: Tensor, following: Tensor, reward: Tensor, factor: Tensor, weights: Tensor | None = None) -> Lesson:
        """The lesson of a minibatch; `weights` [K, B, 1] scale each transition's loss."""

    def best(self, following: Tensor, by: Tensor, blocked: Tensor) -> Tensor:
        """[K, B, N] the outputs `following` [K, B, A, N] for the best action by the Q of `by` [K, B, A, N]; actions that are 1 in `blocked`
        [K, B, A] are not available."""
        return outputs_of(following, best_action(self.values(by), blocked))

    def teach(
        self, outputs: Tensor, action: Tensor, following: Tensor, reward: Tensor, factor: Tensor, weights: Tensor | None = None
    ) -> Taught:
        """What a minibatch teaches the network that gave `outputs` [K, B, A, N], of which those for `action` [K, B, 1] are learned."""
        at = action.long()
        taken = outputs_of(outputs, at)
        lesson = self.learn(taken, following, reward, factor, weights)
        return Taught(taken, gradient_at(outputs, at, lesson.gradient), lesson.td_error, lesson.loss)

    def loss_of(self, td_error: Tensor) -> Tensor:
        """The loss of each delta, for objectives whose lessons leave it out."""
        raise NotImplementedError


class Expected(Objective):
    """The expected return alone."""

    atoms = 1

    def __init__(self, loss: Loss) -> None:
        self.loss = loss

    def values(self, outputs: Tensor) -> Tensor:
        return outputs[..., 0]

    def means(self, outputs: Tensor) -> Tensor:
        return outputs

    def learn(self, taken: Tensor, following: Tensor, reward: Tensor, factor: Tensor, weights: Tensor | None = None) -> Lesson:
        td_error = taken - torch.addcmul(reward, factor, following)
        batch = td_error.shape[1]
        gradient = td_error.clamp(-1.0, 1.0).div_(batch) if self.loss is Loss.huber else td_error * (2.0 / batch)
        return Lesson(gradient if weights is None else gradient.mul_(weights), td_error)

    def loss_of(self, td_error: Tensor) -> Tensor:
        """The loss of each delta."""
        return loss_value(self.loss, td_error)


class Categorical(Objective):
    """Probabilities of returns at N places.

    Args:
        atoms: N, at least 2.
        lowest: the first place.
        highest: the last place, above it.
        device: where tensors lie.
    """

    def __init__(self, atoms: int, lowest: float, highest: float, device: torch.device) -> None:
        self.atoms, self.lowest, self.highest = atoms, lowest, highest
        self.places = torch.linspace(lowest, highest, atoms, device=device)
        self._gap = (highest - lowest) / (atoms - 1)

    def values(self, outputs: Tensor) -> Tensor:
        return (outputs.softmax(-1) * self.places).sum(-1)

    def learn(self, taken: Tensor, following: Tensor, reward: Tensor, factor: Tensor, weights: Tensor | None = None) -> Lesson:
        log_p = taken.log_softmax(-1)
        p, p_next = log_p.exp(), following.softmax(-1)
        target = self.project(p_next, reward, factor)
        loss = -(target * log_p).sum(-1, keepdim=True)
        scale = 1.0 / taken.shape[1] if weights is None else weights / taken.shape[1]
        expected = torch.addcmul(reward, factor, (p_next * self.places).sum(-1, keepdim=True))
        return Lesson((p - target) * scale, (p * self.places).sum(-1, keepdim=True) - expected, loss)

    def project(self, p_next: Tensor, reward: Tensor, factor: Tensor) -> Tensor:
        """[K, B, N] the distribution of reward + factor * return, brought back to the places."""
        at = (torch.addcmul(reward, factor, self.places).clamp_(self.lowest, self.highest) - self.lowest).div_(self._gap)
        below = at.floor().clamp_(max=self.atoms - 2)
        upper = p_next * (at - below)
        place = below.long()
        return torch.zeros_like(p_next).scatter_add_(-1, place, p_next - upper).scatter_add_(-1, place + 1, upper)


class Quantile(Objective):
    """N quantiles of the return.

    Args:
        atoms: N.
        device: where tensors lie.
    """

    def __init__(self, atoms: int, device: torch.device) -> None:
        self.atoms = atoms
        self.fractions = ((torch.arange(atoms, device=device) + 0.5) / atoms)[:, None]

    def values(self, outputs: Tensor) -> Tensor:
        return outputs.mean(-1)

    def learn(self, taken: Tensor, following: Tensor, reward: Tensor, factor: Tensor, weights: Tensor | None = None) -> Lesson:
        targets = torch.addcmul(reward, factor, following)
        u = targets[..., None, :] - taken[..., :, None]
        slope = (self.fractions - (u < 0).to(u.dtype)).abs_()
        loss = (slope * loss_value(Loss.huber, u)).mean(-1).sum(-1, keepdim=True)
        scale = -1.0 / taken.shape[1] if weights is None else weights / -taken.shape[1]
        gradient = (slope * u.clamp(-1.0, 1.0)).mean(-1) * scale
        return Lesson(gradient, taken.mean(-1, keepdim=True) - targets.mean(-1, keepdim=True), loss)
