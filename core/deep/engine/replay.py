"""Experience replay (Lin 1992): a ring of the most recent transitions, drawn from uniformly with replacement.

One transition is one row of floats, so that a minibatch is gathered by a single indexing:

    observation | next observation | action | reward | continuation | blocked

continuation is 0 where the episode terminated and 1 otherwise, truncation included; blocked is 1 for every action that
is not available at the next observation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from core.deep.engine.device import Shared, to_numpy


@dataclass(frozen=True, slots=True)
class Minibatch:
    """Transitions [K, B, ...] as views of one tensor of rows.

    Attributes:
        rows: [K, B, R].
        observation: [K, B, stored].
        next_observation: [K, B, stored].
        action: [K, B, 1] float32, whole numbers.
        reward: [K, B, 1].
        continuation: [K, B, 1].
        blocked: [K, B, A].
    """

    rows: Tensor
    observation: Tensor
    next_observation: Tensor
    action: Tensor
    reward: Tensor
    continuation: Tensor
    blocked: Tensor

    @classmethod
    def of(cls, rows: Tensor, stored: int) -> "Minibatch":
        actions = rows.shape[-1] - 2 * stored - 3
        return cls(rows, *rows.split_with_sizes([stored, stored, 1, 1, 1, actions], -1))


class Replay:
    """K rings that are written in step.

    Args:
        members: K.
        capacity: transitions that each ring holds.
        stored: numbers kept for one observation.
        actions: A.
        batch: B.
        streams: each member's own generator for drawing.
        device: where the rings lie.
    """

    def __init__(
        self, members: int, capacity: int, stored: int, actions: int, batch: int, streams: Sequence[Generator], device: torch.device
    ) -> None:
        self.capacity, self.stored, self.streams = capacity, stored, streams
        self.count = 0
        width = 2 * stored + 3 + actions
        # Not filled: memory is only taken page by page, as transitions come in.
        self.rows = torch.empty(members, capacity, width, device=device)
        self._flat = self.rows.view(members * capacity, width)
        self._incoming = Shared((members, width), device)
        self._draws = np.zeros((members, batch))
        self._first = np.arange(members)[:, None] * capacity
        self._indices = Shared((members, batch), device, torch.int64)
        self._drawn = torch.empty(members * batch, width, device=device)
        self.minibatch = Minibatch.of(self._drawn.view(members, batch, width), stored)

    @property
    def filled(self) -> int:
        """Transitions that each ring holds now."""
        return min(self.count, self.capacity)

    def begin(self, member: int, observation: ArrayLike) -> None:
        """Note where the coming transition starts."""
        self._incoming.array[member, : self.stored] = observation

    def end(
        self, member: int, next_observation: ArrayLike, action: int, reward: float, terminated: bool, next_mask: NDArray[np.bool_]
    ) -> None:
        """Note how it ended; `next_mask` [A] are the actions available afterwards."""
        row, stored = self._incoming.array[member], 2 * self.stored
        row[self.stored : stored] = next_observation
        row[stored] = action
        row[stored + 1] = reward
        row[stored + 2] = not terminated
        np.logical_not(next_mask, out=row[stored + 3 :])

    def commit(self) -> None:
        """Store every member's noted transition, over the oldest one if the ring is full."""
        self.rows[:, self.count % self.capacity].copy_(self._incoming.push())
        self.count += 1

    def sample(self) -> Minibatch:
        """B transitions of every member, uniformly with replacement; overwritten by the next call."""
        for stream, draws in zip(self.streams, self._draws, strict=True):
            stream.random(out=draws)
        np.multiply(self._draws, self.filled, out=self._indices.array, casting="unsafe")
        self._indices.array += self._first
        torch.index_select(self._flat, 0, self._indices.push().view(-1), out=self._drawn)
        return self.minibatch

    def state(self) -> dict[str, Any]:
        """The filled part and where it goes on; the streams are their owner's."""
        return {"count": self.count, "rows": to_numpy(self.rows[:, : self.filled]), "incoming": self._incoming.array.copy()}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.count = int(state["count"])
        self.rows[:, : self.filled].copy_(torch.from_numpy(state["rows"]))
        self._incoming.array[:] = state["incoming"]
