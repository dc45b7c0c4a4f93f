"""Experience replay (Lin 1992): K ring buffers of transitions, sampled uniformly by each member's own stream."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor


class Batch(NamedTuple):
    """B transitions of each of K members.

    Attributes:
        observation: [K, B, D] float32.
        action: [K, B, 1] int64.
        reward: [K, B] float32.
        continues: [K, B] float32, 0 where the episode terminated (not where it was truncated).
        next_observation: [K, B, D] float32.
        next_mask: [K, B, A] bool, actions available in the next state.
    """

    observation: Tensor
    action: Tensor
    reward: Tensor
    continues: Tensor
    next_observation: Tensor
    next_mask: Tensor


class Replay:
    """The last `capacity` transitions of each member.

    Args:
        members, capacity, size, actions: K, transitions kept, D, A.
        device: where they lie.
    """

    def __init__(self, members: int, capacity: int, size: int, actions: int, device: torch.device) -> None:
        self.members, self.capacity, self.device = members, capacity, device
        self.stored = 0
        rows = (members, capacity)
        self.columns = Batch(
            observation=torch.zeros(*rows, size, device=device),
            action=torch.zeros(*rows, 1, dtype=torch.int64, device=device),
            reward=torch.zeros(rows, device=device),
            continues=torch.zeros(rows, device=device),
            next_observation=torch.zeros(*rows, size, device=device),
            next_mask=torch.ones(*rows, actions, dtype=torch.bool, device=device),
        )
        self._flat = [column.view(members * capacity, *column.shape[2:]) for column in self.columns]
        self._first = np.arange(members)[:, None] * capacity

    def __len__(self) -> int:
        """Transitions of each member."""
        return min(self.stored, self.capacity)

    def add(self, *columns: NDArray[Any]) -> None:
        """One transition of every member, columns in the order of `Batch`, each with K rows."""
        place = self.stored % self.capacity
        for column, values in zip(self.columns, columns, strict=True):
            column[:, place] = torch.from_numpy(values).to(self.device)
        self.stored += 1

    def sample(self, streams: Sequence[Generator], size: int) -> Batch:
        """`size` transitions of each member, drawn with replacement."""
        drawn = np.stack([stream.integers(len(self), size=size) for stream in streams])
        rows = torch.from_numpy((drawn + self._first).ravel()).to(self.device)
        return Batch(*(column.index_select(0, rows).view(self.members, size, *column.shape[1:]) for column in self._flat))

    def state(self) -> dict[str, Any]:
        """What is stored, as numpy arrays."""
        filled = {name: column[:, : len(self)].cpu().numpy().copy() for name, column in self.columns._asdict().items()}
        return filled | {"stored": self.stored}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.stored = int(state["stored"])
        for name, column in self.columns._asdict().items():
            column[:, : len(self)] = torch.from_numpy(np.asarray(state[name])).to(self.device)
