"""One line of one run: the curves of a column over the axis in use."""

from collections.abc import Mapping

from app.plots.curves import Curves, Series
from app.plots.plot import Axis
from app.plots.present import outline
from core.history import Columns

WORK = ("step", "backups", "units")
"""Columns that say how much work was done before a row; every channel has one of them."""


class Trace:
    """Follows one column of a channel.

    Args:
        channel: of the history, or others that stand for it where it has not got the column.
        column: what is drawn.
        axis: over what.
        bars: whether rows are bars, all of them others each time.
    """

    def __init__(self, channels: tuple[str, ...], column: str, axis: Axis, bars: bool = False) -> None:
        self.channels, self.column, self.axis, self.bars = channels, column, axis, bars
        self._drawn: Columns | None = None
        self.curves = Curves(axis.column, column)

    def clear(self) -> None:
        """Forget every row."""
        self._drawn = None
        self.curves.clear()

    def update(self, history: Mapping[str, Columns]) -> bool:
        """Follow the history; whether anything changed."""
        columns = next((history[name] for name in self.channels if self.column in history.get(name, ())), None)
        if columns is not None and self.bars:
            return self._replace(columns)
        if columns is not None and self._aim(columns, history):
            return self.curves.update(columns)
        drawn = bool(self.curves.rows)
        self.clear()
        return drawn

    @property
    def members(self) -> list[Series]:
        """Those with a number to draw."""
        return [series for series in self.curves.ordered() if series.finite]

    @property
    def numbers(self) -> list[int]:
        """The numbers of `members`."""
        return [number for number in sorted(self.curves.members) if self.curves.members[number].finite]

    def place(self, history: Mapping[str, Columns], units: int) -> float | None:
        """Where on the axis the last row before so many units of work is; None before the first."""
        columns = next((history[name] for name in self.channels if self.column in history.get(name, ())), None)
        if columns is None or self.bars:
            return None
        done = columns[work_of(columns)]
        before = (done <= units).nonzero()[0]
        if not len(before):
            return None
        if self.axis.column in columns:
            return float(columns[self.axis.column][before[-1]])
        return None if self.curves.clock is None else float(self.curves.clock.at(0, done[before[-1:]])[0])

    def _replace(self, columns: Columns) -> bool:
        if columns is self._drawn:
            return False
        self.curves.clear()
        self.curves.update(outline(columns, self.axis.column, self.column))
        self._drawn = columns
        return True

    def _aim(self, columns: Columns, history: Mapping[str, Columns]) -> bool:
        """Find out how rows tell their place; whether they can."""
        if self.axis.column in columns:
            if self.curves.clock is not None:
                self.curves = Curves(self.axis.column, self.column)
            return True
        source = history.get(self.axis.channel)
        if source is None or self.axis.column not in source:
            return False
        if self.curves.clock is None:
            self.curves = Curves(work_of(columns), self.column, Curves(work_of(source), self.axis.column))
        clock = self.curves.clock
        assert clock is not None
        clock.update(source)
        return clock.rows > 0


def work_of(columns: Columns) -> str:
    """The column that says how much work was done."""
    return next(name for name in WORK if name in columns)
