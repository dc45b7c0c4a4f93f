"""Transitions as rows of floats, and minibatches gathered from them by a single indexing.

    observation | next observation | action | reward | ended | factor | blocked

ended tells whether this was the last transition of its episode; factor is the discount of what follows, 0 where the episode
terminated; blocked is 1 for every action that is not available at the next observation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.compiled import borrowing
from core.deep.engine.device import Shared, on_host, to_numpy
from core.deep.engine.rows import row_width
from core.deep.engine.sights import Sights

Floats = NDArray[np.float32]

GOES_ON, TRUNCATED, TERMINATED = 0.0, 1.0, 2.0
"""Values of `ended`."""


def split(rows: Tensor, stored: int) -> tuple[Tensor, ...]:
    """Rows [..., R] as views of their parts, in the order of the layout."""
    parts: tuple[Tensor, ...] = rows.split_with_sizes([stored, stored, 1, 1, 1, 1, rows.shape[-1] - row_width(stored, 0)], -1)
    return parts


@dataclass(frozen=True, slots=True)
class Minibatch:
    """Transitions of one step, or of n.

    The value to learn at (observation, action) is reward + factor * (value of the next observation).

    Attributes:
        observation: [K, B, stored].
        next_observation: [K, B, stored], m steps later.
        action: [K, B, 1] float32, whole numbers.
        reward: [K, B, 1], the discounted sum of the m rewards on the way.
        ended: [K, B, 1], whether the episode ended there: GOES_ON, TRUNCATED or TERMINATED.
        factor: [K, B, 1], gamma^m, 0 where the episode terminated.
        blocked: [K, B, A], 1 where the action is not available at the next observation.
        steps: [K, B, 1] float32, m.
        weights: [K, B, 1] what each transition counts; None: all alike.
    """

    observation: Tensor
    next_observation: Tensor
    action: Tensor
    reward: Tensor
    ended: Tensor
    factor: Tensor
    blocked: Tensor
    steps: Tensor
    weights: Tensor | None = None

    def state(self) -> dict[str, Any]:
        """The first transition of every member."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: None if part is None else to_numpy(part[:, :1]) for name, part in parts.items()}

    @classmethod
    def restored(cls, state: Mapping[str, Any], device: torch.device) -> "Minibatch":
        parts: dict[str, Any] = {name: None if part is None else torch.from_numpy(part).to(device) for name, part in state.items()}
        return cls(**parts)


class Gather:
    """Makes the same minibatch again and again, of the rows at other places.

    Args:
        ring: [K, capacity, R] rows.
        stored: numbers kept for one observation.
        batch: B.
        sights: brings what was seen, where the rows do not hold it.

    Attributes:
        sights: as given.
        places: [K, B] int64, where in its ring each member's rows lie; to be filled before `take`.
        minibatch: what the last `take` made.
    """

    ROWS = 1
    """Rows that make a transition."""

    def __init__(self, ring: Tensor, stored: int, batch: int, sights: Sights | None = None) -> None:
        members, capacity, width = ring.shape
        self.sights = sights
        self.places: NDArray[np.int64] = np.zeros((members, batch), np.int64)
        self._first = np.arange(members)[:, None] * capacity
        self._ring = ring.view(members * capacity, width)
        self._indices = Shared((self.ROWS, members, batch), ring.device, torch.int64)
        self._picked, self._at = self._indices.tensor.view(-1), self._indices.array.reshape(-1)
        self._drawn = torch.empty(self.ROWS * members * batch, width, device=ring.device)
        parts = split(self._drawn.view(self.ROWS, members, batch, width), stored)
        self._here, self._apart = on_host(self._ring), tuple[Floats, ...]()
        if len(self._here):
            parts = tuple(part.contiguous() for part in parts)
            self._apart = tuple(on_host(part.view(len(self._drawn), part.shape[-1])) for part in parts)
        self.minibatch = self._arranged(parts)
        if sights is not None:
            self.minibatch = replace(self.minibatch, observation=sights.before, next_observation=sights.after)

    def _arranged(self, parts: Sequence[Tensor]) -> Minibatch:
        """The minibatch as views of the parts [ROWS, K, B, ...] of the rows drawn."""
        observation, next_observation, action, reward, ended, factor, blocked = (part[0] for part in parts)
        return Minibatch(observation, next_observation, action, reward, ended, factor, blocked, steps=torch.ones_like(reward))

    def take(self, newest: int) -> Minibatch:
        """The transitions at `places`, overwritten by the next call; the newest row lies at `newest`."""
        np.add(self.places, self._first, out=self._indices.array[0])
        return self._drawn_anew(newest)

    def _drawn_anew(self, newest: int) -> Minibatch:
        self._indices.push()
        if self.sights is not None:
            self.sights.bring(self._indices.array - self._first, newest)
        return self._brought(self._picked)

    def _brought(self, rows: Tensor) -> Minibatch:
        """The minibatch of rows [ROWS K B], counted through all rings."""
        if self._apart:
            take_apart(self._here, self._at if rows is self._picked else rows.numpy(), *self._apart)
        else:
            torch.index_select(self._ring, 0, rows, out=self._drawn)
        return self.minibatch

    def bring(self, first: Tensor, newest: int) -> Minibatch:
        """What `take` makes, by the device alone and of what the rows hold.

        Args:
            first: [K B] int64, the rows in which transitions begin, counted through all rings.
            newest: where the newest row lies in each ring.
        """
        return self._brought(first)


@borrowing
def take_apart(
    ring: Floats, places: NDArray[np.int64], observation: Floats, next_observation: Floats, action: Floats, reward: Floats, ended: Floats,
    factor: Floats, blocked: Floats,
) -> None:  # fmt: skip
    """Bring the parts of rows together, each as [N, ...]: as compiled networks read them.

    Args:
        ring: [*, R] rows.
        places: [N] which of them.
        observation, next_observation, action, reward, ended, factor, blocked: into which their parts go.
    """
    stored, actions = observation.shape[1], blocked.shape[1]
    for which in range(len(places)):
        row = ring[places[which]]
        for i in range(stored):
            observation[which, i] = row[i]
            next_observation[which, i] = row[stored + i]
        action[which, 0], reward[which, 0] = row[2 * stored], row[2 * stored + 1]
        ended[which, 0], factor[which, 0] = row[2 * stored + 2], row[2 * stored + 3]
        for i in range(actions):
            blocked[which, i] = row[2 * stored + 4 + i]
