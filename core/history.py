"""What a run measured: append-only columns, thinned evenly when they outgrow memory.

A reader keeps an immutable `Columns` while the writer goes on: rows are only ever added behind what was handed out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]
"""Equally long, read-only arrays by name. The first is the row's number: which episode, update, sweep or measurement it is."""

EPISODES = "episodes"
UPDATES = "updates"
SWEEPS = "sweeps"
TRUTH = "truth"
VISITS = "visits"
PACE = "pace"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for one channel; the first column numbers them within their member."""

    channel: str
    columns: Columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


class Channel:
    """One growing table.

    Args:
        capacity: rows kept at most. On reaching it every second row is dropped and from then on
            only every second new one is kept (then every fourth, ...), so the whole run stays covered.

    A column of floats that rows of before did not have is NaN in them.
    """

    def __init__(self, capacity: int = 1 << 18) -> None:
        self.capacity = capacity
        self.stride = 1
        self._count = 0
        self._columns: dict[str, NDArray[Any]] = {}

    def append(self, columns: Columns) -> None:
        """Add equally long columns; the same names every time."""
        numbers = next(iter(columns.values()))
        if not len(numbers):
            return
        keep: Any = slice(None) if self.stride == 1 else numbers % self.stride == 0
        kept = {name: column[keep] for name, column in columns.items()}
        added = len(next(iter(kept.values())))
        self._reserve(kept, self._count + added)
        for name, column in kept.items():
            self._columns[name][self._count : self._count + added] = column
        self._count += added
        while self._count > self.capacity:
            self._thin()

    def view(self) -> Columns:
        """The rows so far, read-only; later rows do not change it."""
        views = {name: column[: self._count] for name, column in self._columns.items()}
        for view in views.values():
            view.flags.writeable = False
        return MappingProxyType(views)

    def _reserve(self, columns: Columns, rows: int) -> None:
        for name, column in columns.items():
            if name not in self._columns:
                self._columns[name] = np.empty(max(rows, 1024), column.dtype)
                self._columns[name][: self._count] = np.nan if self._count else 0
        for name, column in self._columns.items():
            if len(column) < rows:
                grown = np.empty(max(rows, 2 * len(column)), column.dtype)
                grown[: self._count] = column[: self._count]
                self._columns[name] = grown

    def _thin(self) -> None:
        self.stride *= 2
        columns = {name: column[: self._count] for name, column in self._columns.items()}
        keep = next(iter(columns.values())) % self.stride == 0
        self._columns = {name: column[keep] for name, column in columns.items()}
        self._count = int(keep.sum())


class Pace:
    """How long a run's work took, by the clock: units done, seconds of work, and units a second since the row before."""

    APART = 0.05
    """Seconds of work between two rows at least."""

    def __init__(self) -> None:
        self._rows = Channel(1 << 12)
        self._units, self._seconds, self._number = 0, 0.0, 0
        self._before = 0, 0.0

    def note(self, units: int, seconds: float) -> None:
        """The run has worked for so many more seconds, and has now done so many units."""
        self._units, self._seconds = units, self._seconds + seconds
        if self._seconds - self._before[1] >= self.APART * self._rows.stride:
            self._rows.append(self._row(self._rate()))
            self._before = units, self._seconds
            self._number += self._rows.stride - self._number % self._rows.stride

    def view(self) -> Columns:
        """The rows so far, and one for the present, without a rate."""
        rows, now = self._rows.view(), self._row(np.nan)
        return MappingProxyType({name: np.append(rows[name], column) if rows else column for name, column in now.items()})

    def restore(self, columns: Columns, units: int) -> None:
        """Go on after the rows of another view up to so many units."""
        until = columns["units"] <= units
        use = until & np.isfinite(columns["rate"])
        self._rows = Channel(self._rows.capacity)
        self._rows.append({name: column[use] for name, column in columns.items()})
        for name in ("units", "seconds"):
            setattr(self, f"_{name}", columns[name][until][-1].item() if until.any() else 0)
        if use.any():
            self._before = int(columns["units"][use][-1]), float(columns["seconds"][use][-1])
            self._number = int(columns["record"][use][-1]) + 1

    def _rate(self) -> float:
        return (self._units - self._before[0]) / (self._seconds - self._before[1])

    def _row(self, rate: float) -> dict[str, NDArray[Any]]:
        row = {"record": self._number, "units": self._units, "seconds": self._seconds, "rate": rate}
        return {name: np.array([value]) for name, value in row.items()}


class History:
    """The channels of one run: per episode, per update, per sweep, per measurement against the truth.

    Attributes:
        pace: by the clock, which no two runs share: no part of `state`.
    """

    def __init__(self, capacity: int = 1 << 18) -> None:
        self.capacity = capacity
        self.channels: dict[str, Channel] = {}
        self.pace = Pace()

    def append(self, rows: Rows) -> None:
        self.channels.setdefault(rows.channel, Channel(self.capacity)).append(rows.columns)

    def view(self) -> Mapping[str, Columns]:
        """Every channel's rows so far, and the pace, safe to hand to another thread."""
        return MappingProxyType({name: channel.view() for name, channel in self.channels.items()} | {PACE: self.pace.view()})

    def state(self) -> dict[str, Any]:
        return {name: {"stride": channel.stride, "columns": dict(channel.view())} for name, channel in self.channels.items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.channels = {}
        for name, saved in state.items():
            channel = self.channels[name] = Channel(self.capacity)
            channel.append(saved["columns"])
            channel.stride = int(saved["stride"])
