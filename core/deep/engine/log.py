"""What every update measured. Figures stay on the device and are turned into rows some dozens of updates at a time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.device import to_numpy
from core.deep.engine.settings import Loss
from core.deep.engine.targets import loss_value
from core.errors import ValuescapeError
from core.history import UPDATES, Rows

FIGURES = ("loss", "q_mean", "td_error", "grad_norm")


class UpdateLog:
    """Figures of the updates since the last `take_rows`.

    Args:
        members: K.
        batch: B.
        loss: what the errors cost.
        device: where the figures wait.

    Attributes:
        newest: [K, 4] the `FIGURES` of the last update turned into a row; NaN before the first.
    """

    CAPACITY = 64

    def __init__(self, members: int, batch: int, loss: Loss, device: torch.device) -> None:
        self._loss = loss
        self._taken = torch.zeros(self.CAPACITY, members, batch, device=device)
        self._error = torch.zeros(self.CAPACITY, members, batch, device=device)
        self._norm = torch.zeros(self.CAPACITY, members, device=device)
        self._slots = [tuple(part[slot] for part in (self._taken, self._error, self._norm)) for slot in range(self.CAPACITY)]
        self._steps: list[int] = []
        self._epsilon: list[NDArray[np.float64]] = []
        self._rows: list[Rows] = []
        self._updates = 0
        self.newest = np.full((members, len(FIGURES)), np.nan)

    def add(self, update: int, taken: Tensor, td_error: Tensor, norm: Tensor, step: int, epsilon: NDArray[np.float64]) -> None:
        """Keep the figures of an update.

        Args:
            update: its number, one more than that of the last one.
            taken: [K, B, 1] values of the actions taken.
            td_error: [K, B, 1].
            norm: [K] of the gradients.
            step: at which it was made.
            epsilon: [K] at that step.

        Raises:
            ValuescapeError: where a figure is no longer finite.
        """
        if len(self._steps) == self.CAPACITY:
            self._flush()
        slot = self._slots[len(self._steps)]
        slot[0].copy_(taken[..., 0])
        slot[1].copy_(td_error[..., 0])
        slot[2].copy_(norm)
        self._steps.append(step)
        self._epsilon.append(epsilon.copy())
        self._updates = update + 1

    def take_rows(self) -> list[Rows]:
        """The rows since the last call, one of every member and update; raises as `add` does."""
        if self._steps:
            self._flush()
        rows, self._rows = self._rows, []
        return rows

    def _flush(self) -> None:
        count = len(self._steps)
        error = self._error[:count]
        parts = (loss_value(self._loss, error).mean(2), self._taken[:count].mean(2), error.abs().mean(2), self._norm[:count])
        figures = to_numpy(torch.stack(parts, 2)).astype(np.float64)
        members = figures.shape[1]
        columns: dict[str, NDArray[Any]] = {
            "update": np.repeat(np.arange(self._updates - count, self._updates), members),
            "member": np.tile(np.arange(members), count),
            "step": np.repeat(np.array(self._steps), members),
        }
        columns |= {name: figures[:, :, place].reshape(-1) for place, name in enumerate(FIGURES)}
        columns["epsilon"] = np.concatenate(self._epsilon)
        self.newest = figures[-1]
        self._steps, self._epsilon = [], []
        finite = np.isfinite(figures).all(axis=2)
        if not finite.all():
            update, member = np.argwhere(~finite)[0]
            raise ValuescapeError(
                f"The values of member {member} grew beyond all bounds at step {columns['step'][update * members]}",
                remedy="Lower the learning rate, clip the gradients or choose the Huber loss",
            )
        self._rows.append(Rows(UPDATES, columns))

    def metrics(self, member: int) -> Mapping[str, float]:
        """The newest figures of a member by name; empty before the first update."""
        figures = self.newest[member]
        return {} if np.isnan(figures).all() else dict(zip(FIGURES, figures.tolist(), strict=True))
