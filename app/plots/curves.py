"""The arithmetic behind the curves: split by member, thin out, smooth, and lay side by side. No Qt.

Thinning keeps blocks of a power of two of rows, counted from the first row of the run: as the run grows,
a drawn point either stays where it is or merges with its neighbour, so that curves do not shimmer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.history import Columns
from core.runs.statistics import Statistic, summary

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[Any]

SECONDS = "seconds"

BLOCK = 64
"""Rows, a power of two, whose extremes are remembered."""


class Series:
    """The points of one member, in the order of time; infinite values count as missing, `finite` are not. `fine` where places are no
    whole numbers; `even` where each value is its place."""

    def __init__(self) -> None:
        self._x: Floats = np.empty(1024)
        self._y: Floats = np.empty(1024)
        self._low: Floats = np.empty(0)
        self._high: Floats = np.empty(0)
        self.count = self.finite = 0
        self.fine, self.even = False, True

    @property
    def x(self) -> Floats:
        return self._x[: self.count]

    @property
    def y(self) -> Floats:
        return self._y[: self.count]

    def append(self, x: Numbers, y: Numbers) -> None:
        total = self.count + len(x)
        if total > len(self._x):
            size = max(total, 2 * len(self._x))
            for name in ("_x", "_y"):
                grown = np.empty(size)
                grown[: self.count] = getattr(self, name)[: self.count]
                setattr(self, name, grown)
        self._x[self.count : total] = x
        self.fine = x.dtype.kind == "f" and (self.fine or bool((x != np.floor(x)).any()))
        new = self._y[self.count : total]
        new[:] = y
        new[np.isinf(new)] = np.nan
        self.finite += len(new) - int(np.count_nonzero(np.isnan(new)))
        self.even = self.even and bool((new == x).all())
        self.count = total

    def extremes(self) -> tuple[Floats, Floats]:
        """The lowest and the highest of each full block of `BLOCK` rows, so that a long run is not read anew for each picture."""
        done, full = len(self._low), self.count // BLOCK
        if full > done:
            fresh = self.y[done * BLOCK : full * BLOCK].reshape(-1, BLOCK)
            self._low = np.concatenate([self._low, np.fmin.reduce(fresh, axis=1)])
            self._high = np.concatenate([self._high, np.fmax.reduce(fresh, axis=1)])
        return self._low, self._high

    def within(self, low: float, high: float) -> tuple[int, int]:
        """First row and the row after the last of those drawn between `low` and `high`, with one neighbour on each side."""
        first, last = np.searchsorted(self.x, [low, high], side="left")
        return max(int(first) - 1, 0), min(int(last) + 1, self.count)


class Curves:
    """One channel's rows split by member. Takes in only what is new, so that a growing run stays cheap.

    Args:
        x, y: columns.
        clock: where the rows do not say the place themselves: curves over the same x as theirs, whose y are the places.
    """

    def __init__(self, x: str, y: str, clock: "Curves | None" = None) -> None:
        self.x, self.y, self.clock = x, y, clock
        self.clear()

    def clear(self) -> None:
        """Forget every row."""
        self.members: dict[int, Series] = {}
        self.rows = 0
        self._last: tuple[float, float, float] | None = None

    def update(self, columns: Columns) -> bool:
        """Follow the channel; whether anything changed. Notices when another run or an earlier moment has taken its place."""
        x, y = columns[self.x], columns[self.y]
        member = columns.get("member")
        count = len(x)
        if self.rows and (count < self.rows or self._mark(x, y, member, self.rows - 1) != self._last):
            self.clear()
        elif count == self.rows:
            return False
        if count:
            self._split(x[self.rows :], y[self.rows :], None if member is None else member[self.rows :])
            self._last = self._mark(x, y, member, count - 1)
        self.rows = count
        return True

    def at(self, member: int, x: Numbers) -> Floats:
        """The y of a member, or of all where they are not told apart, at each x; between two rows that of the earlier one, and where y
        has a fraction or is x itself, in proportion."""
        series = self.members.get(member) or self.members.get(0) or Series()
        if not series.count:
            return np.zeros(len(x))
        if series.even:
            return np.clip(x, 0.0, series.x[-1])
        if self.y == SECONDS:
            return np.interp(x, series.x, series.y)
        return series.y[np.maximum(np.searchsorted(series.x, x, side="right") - 1, 0)]

    def _split(self, x: Numbers, y: Numbers, member: Numbers | None) -> None:
        if member is None or (member[0] == member[-1] and (member == member[0]).all()):
            self._append(0 if member is None else int(member[0]), x, y)
            return
        order = np.argsort(member, kind="stable")
        numbers, starts = np.unique(member[order], return_index=True)
        for number, rows in zip(numbers, np.split(order, starts[1:]), strict=True):
            self._append(int(number), x[rows], y[rows])

    def _append(self, member: int, x: Numbers, y: Numbers) -> None:
        series = self.members.setdefault(member, Series())
        if self.clock is not None:
            x = np.maximum.accumulate(self.clock.at(member, x))
            x = np.maximum(x, series.x[-1]) if series.count else x  # the end of a clock is not settled yet
        series.append(x, y)

    @staticmethod
    def _mark(x: Numbers, y: Numbers, member: Numbers | None, row: int) -> tuple[float, float, float]:
        # NaN differs from itself; any fixed number does as its mark.
        value = float(y[row])
        return float(x[row]), 0.0 if np.isnan(value) else value, 0.0 if member is None else float(member[row])

    def ordered(self) -> list[Series]:
        """The members by number."""
        return [self.members[number] for number in sorted(self.members)]


def stride(rows: int, most: int) -> int:
    """The smallest power of two that leaves at most `most` blocks of `rows`."""
    step = 1
    while rows > most * step:
        step *= 2
    return step


def thin(series: Series, first: int, last: int, most: int) -> tuple[Floats, Floats]:
    """Rows from `first` to before `last` as at most about 2 `most` points: the lowest and the highest of each block.

    They stand at the block's first and last place, the way it rises or falls, so that a steady slope stays a straight line.
    """
    step = stride(last - first, most)
    if step == 1:
        return series.x[first:last], series.y[first:last]
    first -= first % step
    starts = np.arange(first, last, step)
    if step > BLOCK:
        low, high = (_reduced(part, first, last, step, reduce, series.y) for part, reduce in zip(series.extremes(), EXTREMES, strict=True))
    else:
        low, high = (reduce.reduceat(series.y[:last], starts) for reduce in EXTREMES)
    ends = np.minimum(starts + step, last) - 1
    falls = series.y[ends] < series.y[starts]
    x = np.stack([series.x[starts], series.x[ends]], axis=1)
    return x.reshape(-1), np.stack([np.where(falls, high, low), np.where(falls, low, high)], axis=1).reshape(-1)


EXTREMES = (np.fmin, np.fmax)


def _reduced(blocks: Floats, first: int, last: int, step: int, reduce: np.ufunc, y: Floats) -> Floats:
    """Extremes of the steps from `first` to before `last`, from those of the full blocks and of the rows behind them."""
    part = blocks[first // BLOCK : last // BLOCK]
    rest = y[last // BLOCK * BLOCK : last]
    if len(rest):
        part = np.append(part, reduce.reduce(rest))
    return np.asarray(reduce.reduceat(part, np.arange(0, len(part), step // BLOCK)))


def landmarks(first: int, last: int, most: int) -> Ints:
    """At most about `most` rows from `first` to before `last` that stay the same as the run grows; always the last."""
    if last <= first:
        return np.empty(0, np.int64)
    step = stride(last - first, most)
    rows = np.arange(first - first % step, last, step)
    rows[0] = max(rows[0], first)
    return rows if rows[-1] == last - 1 else np.append(rows, last - 1)


def trailing_mean(y: Floats, rows: Ints, window: int) -> Floats:
    """At each of `rows`, the mean of the finite values among it and the `window` - 1 rows before it; NaN where none is."""
    if window <= 1 or not len(rows):
        return y[rows]
    means = np.full(len(rows), np.nan)
    whole = rows >= window - 1
    if whole.any():
        means[whole] = np.lib.stride_tricks.sliding_window_view(y, window)[rows[whole] - (window - 1)].mean(axis=1)
    rest = np.flatnonzero(np.isnan(means))
    places = rows[rest, None] - np.arange(window)
    values = y[np.maximum(places, 0)]
    use = (places >= 0) & np.isfinite(values)
    counts = use.sum(axis=1)
    means[rest] = np.where(counts > 0, np.where(use, values, 0.0).sum(axis=1) / np.maximum(counts, 1), np.nan)
    return means


def stretches(low: float, high: float, log: bool) -> list[tuple[float, float]]:
    """A range as parts that are drawn alike: on a logarithmic axis, from each power of 4 to the next."""
    if not log or low <= 0:
        return [(low, high)]
    powers = 4.0 ** np.arange(np.floor(np.log(low) / np.log(4)) + 1, np.ceil(np.log(high) / np.log(4)))
    edges = [low, *powers[(powers > low) & (powers < high)].tolist(), high]
    return list(pairwise(edges))


@dataclass(frozen=True, eq=False)
class Bundle:
    """Several members on common places.

    Attributes:
        x: [X] the places.
        lines: [M, X] the members' moving means; NaN where a member is not.
        centre: [X] what they come to together; NaN where one is missing.
        low, high: [X] the ends of its 95 % interval; NaN below two members.
    """

    x: Floats
    lines: Floats
    centre: Floats
    low: Floats
    high: Floats


def bundle(
    members: Sequence[Series], low: float, high: float, most: int, window: int, statistic: Statistic = Statistic.mean, log: bool = False
) -> Bundle:
    """The members, each with rows, side by side between `low` and `high`.

    What they come to runs from where the last of them begins to where the slowest of them is: outside of that stretch some
    would be missing from it, and it would be biased towards the others.
    """
    begins, ends = [float(series.x[0]) for series in members], [float(series.x[-1]) for series in members]
    first, last = max(min(begins), low), min(max(ends), high)
    if last < first:
        nothing = np.empty(0)
        return Bundle(nothing, np.empty((len(members), 0)), nothing, nothing, nothing)
    edges = [edge for edge in (first, last, *begins, *ends) if first <= edge <= last]
    parts = stretches(first, last, log)
    x = np.unique(np.concatenate([*(evenly(*part, most / len(parts), members[0].fine) for part in parts), edges]))
    lines = np.full((len(members), len(x)), np.nan)
    for series, line in zip(members, lines, strict=True):
        here = slice(*np.searchsorted(x, [series.x[0], np.nextafter(series.x[-1], np.inf)]))
        line[here] = trailing_mean(series.y, np.searchsorted(series.x, x[here], side="right") - 1, window)
    centre, under, over = summary(lines, statistic)
    everyone = (x >= max(begins)) & (x <= min(ends))
    return Bundle(x, lines, *(np.where(everyone, line, np.nan) for line in (centre, under, over)))


def evenly(first: float, last: float, most: float, fine: bool) -> Floats:
    """At most about `most` places between two that stay the same as the run grows; whole ones unless `fine`."""
    spacing = 2.0 ** np.ceil(np.log2(max((last - first) / max(most, 1.0), 1e-9 if fine else 1.0)))
    return np.arange(np.ceil(first / spacing) * spacing, last, spacing)
