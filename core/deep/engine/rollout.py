"""What K members did in N environments over T steps, and the λ-returns that they learn from it.

A rollout is a ring that is just full when all have stepped T times: the row of environment n at step t lies at place t N + n.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from numpy.random import Generator
from torch import Tensor

from core.deep.engine.minibatch import GOES_ON, Gather, Minibatch, split
from core.deep.engine.replay import Replay


class Futures(NamedTuple):
    """What follows each transition, by the estimates of one moment.

    Attributes:
        best: [K, B, 1] the value of the best next action.
        ahead: [K, B, 1] the λ-return from the next step on; NaN where the rollout holds none, after its last step or that of an episode.
        mixed: [K, B, 1] both in one: (1 - λ) best + λ ahead, or best alone.
    """

    best: Tensor
    ahead: Tensor
    mixed: Tensor


def futures(reward: Tensor, factor: Tensor, going: Tensor, best: Tensor, trace: float) -> tuple[Tensor, Tensor]:
    """`Futures.ahead` and `Futures.mixed` of a rollout, each [K, T, N], from its last step back.

        G_t = r_t + f_t mixed_t,    mixed_t = (1 - λ) best_t + λ G_{t+1} where the episode goes on within the rollout, else best_t

    Args:
        reward: [K, T, N] r.
        factor: [K, T, N] f: gamma, 0 where the episode terminated.
        going: [K, T, N] whether the episode goes on.
        best: [K, T, N] values of the best next actions.
        trace: λ.
    """
    mixed, ahead = best.clone(), torch.full_like(best, torch.nan)
    for step in range(best.shape[1] - 2, -1, -1):
        following = torch.addcmul(reward[:, step + 1], factor[:, step + 1], mixed[:, step + 1])
        on = going[:, step]
        ahead[:, step] = torch.where(on, following, torch.nan)
        mixed[:, step] = torch.where(on, torch.lerp(best[:, step], following, trace), best[:, step])
    return ahead, mixed


class _Drawn(Gather):
    """Minibatches with what is kept beside the rows."""

    def beside(self, kept: Tensor) -> Tensor:
        """[K, B, 1] of the rows last taken, from `kept` [K, capacity, 1]."""
        return torch.index_select(kept.view(-1, 1), 0, self._picked).view(*self.places.shape, 1)


class Rollout(Replay):
    """K rollouts written in step.

    Args:
        members: K.
        environments: N of each member.
        steps: T of each environment.
        stored: numbers kept for one observation.
        actions: A.
        minibatches: equal parts of an epoch.
        streams: each member's own generator for shuffling.
        device: where the rows lie.
        discount: [K] gamma of each member.
    """

    def __init__(
        self, members: int, environments: int, steps: int, stored: int, actions: int, minibatches: int, streams: Sequence[Generator],
        device: torch.device, discount: Sequence[float],
    ) -> None:  # fmt: skip
        self._shape, batch = (members, steps, environments), environments * steps // minibatches
        super().__init__(members, environments * steps, stored, actions, batch, streams, device, discount)
        self._drawn = _Drawn(self.rows, stored, batch)

    @property
    def full(self) -> bool:
        """Whether every environment has just made its last step."""
        return self.count % self.capacity == 0

    def futures(self, best: Tensor, trace: float) -> Futures:
        """What follows each transition, given the values `best` [K, T N, 1] of the best next actions."""
        _, _, _, reward, ended, factor, _ = split(self.rows, self.stored)
        reward, factor, going, values = (part.reshape(self._shape) for part in (reward, factor, ended == GOES_ON, best))
        ahead, mixed = futures(reward, factor, going, values, trace)
        return Futures(best, ahead.view_as(best), mixed.view_as(best))

    def epoch(self, known: Futures) -> Iterator[tuple[Minibatch, Futures]]:
        """The transitions in a new order, part by part; each part is overwritten by the next."""
        orders = [stream.permutation(self.capacity) for stream in self.streams]
        batch = self._drawn.places.shape[1]
        for first in range(0, self.capacity, batch):
            for places, order in zip(self._drawn.places, orders, strict=True):
                places[:] = order[first : first + batch]
            yield self._drawn.take(self.capacity - 1), Futures(*map(self._drawn.beside, known))
