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
        objective: what the errors cost.
        overwritten: whether the next update writes over what this one came to, as replays of a GPU's recordings do.

    Attributes:
        newest: [K, 4] the `FIGURES` of the last update turned into a row; NaN before the first.
        left_out: [K] bool, members that get no rows any more.
    """

    CAPACITY = 64

    def __init__(self, members: int, objective: Objective, overwritten: bool) -> None:
        self._objective, self._overwritten = objective, overwritten
        self._waiting: list[tuple[Tensor, ...]] = []
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
        parts = (norm, taken, taught.td_error) if taught.loss is None else (norm, taken, taught.td_error, taught.loss)
        self._waiting.append(tuple(part.clone() for part in parts) if self._overwritten else parts)
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
        norm, taken, error, *rest = map(torch.stack, zip(*self._waiting, strict=True))
        loss = rest[0] if rest else self._objective.loss_of(error)
        parts = (loss.mean((2, 3)), taken.mean((2, 3)), error.abs().mean((2, 3)), norm)
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
        self._waiting, self._steps, self._beside = [], [], []
        kept = (np.isfinite(figures).all(axis=2) & ~self.left_out).reshape(-1)
        self._rows.append(Rows(UPDATES, columns if kept.all() else {name: column[kept] for name, column in columns.items()}))

    def metrics(self, member: int) -> Mapping[str, float]:
        """The newest figures of a member by name; empty before the first update."""
        figures = self.newest[member]
        return {} if np.isnan(figures).all() or self.left_out[member] else dict(zip(FIGURES, figures.tolist(), strict=True))
