"""What every update measured. Figures stay on the device and are turned into rows some dozens of updates at a time."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.device import to_numpy
from core.deep.engine.objectives import Objective, Taught
from core.history import UPDATES, Rows

FIGURES = ("loss", "q_mean", "td_error", "grad_norm")


class UpdateLog:
    """Figures of the updates since the last `take_rows`.

    Args:
        members: K.
        batch: B.
        objective: what the errors cost.
        device: where the figures wait.

    Attributes:
        newest: [K, 4] the `FIGURES` of the last update turned into a row; NaN before the first.
        left_out: [K] bool, members that get no rows any more.
    """

    CAPACITY = 64

    def __init__(self, members: int, batch: int, objective: Objective, device: torch.device) -> None:
        self._objective = objective
        self._taken = torch.zeros(self.CAPACITY, members, batch, device=device)
        self._error = torch.zeros(self.CAPACITY, members, batch, device=device)
        self._norm = torch.zeros(self.CAPACITY, members, device=device)
        self._loss: Tensor | None = None if objective.atoms == 1 else torch.zeros(self.CAPACITY, members, batch, device=device)
        self._steps: list[int] = []
        self._beside: list[Mapping[str, NDArray[np.float64]]] = []
        self._rows: list[Rows] = []
        self._updates = 0
        self.newest = np.full((members, len(FIGURES)), np.nan)
        self.left_out = np.zeros(members, bool)

    def add(self, update: int, taken: Tensor, taught: Taught, norm: Tensor, step: int, beside: Mapping[str, NDArray[np.float64]]) -> None:
        """Keep the figures of an update.

        Args:
            update: its number, one more than that of the last one.
            taken: [K, B, 1] values of the actions taken.
            taught: in the update.
            norm: [K] of the gradients.
            step: at which it was made.
            beside: [K] figures by name that are known on the host, such as epsilon; the same names every time.
        """
        if len(self._steps) == self.CAPACITY:
            self.flush()
        slot = len(self._steps)
        self._taken[slot].copy_(taken[..., 0])
        self._error[slot].copy_(taught.td_error[..., 0])
        self._norm[slot].copy_(norm)
        if self._loss is not None and taught.loss is not None:
            self._loss[slot].copy_(taught.loss[..., 0])
        self._steps.append(step)
        self._beside.append({name: values.copy() for name, values in beside.items()})
        self._updates = update + 1

    def take_rows(self) -> list[Rows]:
        """The rows since the last call, one of every member and update whose figures are finite."""
        self.flush()
        rows, self._rows = self._rows, []
        return rows

    def flush(self) -> None:
        """Turn what waits into rows."""
        count = len(self._steps)
        if not count:
            return
        error = self._error[:count]
        loss = self._objective.loss_of(error) if self._loss is None else self._loss[:count]
        parts = (loss.mean(2), self._taken[:count].mean(2), error.abs().mean(2), self._norm[:count])
        figures = to_numpy(torch.stack(parts, 2)).astype(np.float64)
        members = figures.shape[1]
        columns: dict[str, NDArray[Any]] = {
            "update": np.repeat(np.arange(self._updates - count, self._updates), members),
            "member": np.tile(np.arange(members), count),
            "step": np.repeat(np.array(self._steps), members),
        }
        columns |= {name: figures[:, :, place].reshape(-1) for place, name in enumerate(FIGURES)}
        columns |= {name: np.concatenate([each[name] for each in self._beside]) for name in self._beside[0]}
        self.newest = figures[-1]
        self._steps, self._beside = [], []
        kept = (np.isfinite(figures).all(axis=2) & ~self.left_out).reshape(-1)
        self._rows.append(Rows(UPDATES, columns if kept.all() else {name: column[kept] for name, column in columns.items()}))

    def metrics(self, member: int) -> Mapping[str, float]:
        """The newest figures of a member by name; empty before the first update."""
        figures = self.newest[member]
        return {} if np.isnan(figures).all() or self.left_out[member] else dict(zip(FIGURES, figures.tolist(), strict=True))
