"""The arithmetic behind the curves: split by member, thin out, smooth, and average with a band. No Qt.

Thinning keeps blocks of a power of two of rows, counted from the first row of the run: as the run grows,
a drawn point either stays where it is or merges with its neighbour, so that curves do not shimmer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.history import Columns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Two-sided 95 % points of Student's t for 1, 2, ... degrees of freedom.
_T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)  # fmt: skip


BLOCK = 64
"""Rows, a power of two, whose extremes are remembered."""


class Series:
    """The points of one member, in the order of time; infinite values count as missing. `known` once one is not missing."""

    def __init__(self) -> None:
        self._x: Floats = np.empty(1024)
        self._y: Floats = np.empty(1024)
        self._low: Floats = np.empty(0)
        self._high: Floats = np.empty(0)
        self.count = 0
        self.known = False

    @property
    def x(self) -> Floats:
        return self._x[: self.count]

    @property
    def y(self) -> Floats:
        return self._y[: self.count]

    def append(self, x: NDArray[np.number], y: NDArray[np.number]) -> None:
        total = self.count + len(x)
        if total > len(self._x):
            size = max(total, 2 * len(self._x))
            for name in ("_x", "_y"):
                grown = np.empty(size)
                grown[: self.count] = getattr(self, name)[: self.count]
                setattr(self, name, grown)
        self._x[self.count : total] = x
        new = self._y[self.count : total]
        new[:] = y
        new[np.isinf(new)] = np.nan
        self.known = self.known or not np.isnan(new).all()
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
    """One channel's rows split by member. Takes in only what is new, so that a growing run stays cheap."""

    def __init__(self, x: str, y: str) -> None:
        self.x, self.y = x, y
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
            self._append(x[self.rows :], y[self.rows :], None if member is None else member[self.rows :])
            self._last = self._mark(x, y, member, count - 1)
        self.rows = count
        return True

    def _append(self, x: NDArray[np.number], y: NDArray[np.number], member: NDArray[np.number] | None) -> None:
        if member is None or (member[0] == member[-1] and (member == member[0]).all()):
            self.members.setdefault(0 if member is None else int(member[0]), Series()).append(x, y)
            return
        order = np.argsort(member, kind="stable")
        numbers, starts = np.unique(member[order], return_index=True)
        for number, rows in zip(numbers, np.split(order, starts[1:]), strict=True):
            self.members.setdefault(int(number), Series()).append(x[rows], y[rows])

    @staticmethod
    def _mark(x: NDArray[np.number], y: NDArray[np.number], member: NDArray[np.number] | None, row: int) -> tuple[float, float, float]:
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


@dataclass(frozen=True, eq=False)
class Bundle:
    """Several members on common places.

    Attributes:
        x: [X] the places.
        lines: [M, X] the members' moving means; NaN where a member is not.
        mean: [X] over members; NaN where one is missing.
        half: [X] half the width of the mean's 95 % confidence interval; NaN below two members.
    """

    x: Floats
    lines: Floats
    mean: Floats
    half: Floats


def bundle(members: Sequence[Series], low: float, high: float, most: int, window: int) -> Bundle:
    """The members, each with rows, side by side between `low` and `high`.

    The mean runs from where the last of them begins to where the slowest of them is: outside of that stretch some
    would be missing from it, and it would be biased towards the others.
    """
    begins, ends = [float(series.x[0]) for series in members], [float(series.x[-1]) for series in members]
    first, last = max(min(begins), low), min(max(ends), high)
    if last < first:
        nothing = np.empty(0)
        return Bundle(nothing, np.empty((len(members), 0)), nothing, nothing)
    spacing = 2.0 ** np.ceil(np.log2(max((last - first) / most, 1.0)))
    edges = [edge for edge in (first, last, *begins, *ends) if first <= edge <= last]
    x = np.unique(np.concatenate([np.arange(np.ceil(first / spacing) * spacing, last, spacing), edges]))
    lines = np.full((len(members), len(x)), np.nan)
    for series, line in zip(members, lines, strict=True):
        here = slice(*np.searchsorted(x, [series.x[0], series.x[-1] + 0.5]))
        line[here] = trailing_mean(series.y, np.searchsorted(series.x, x[here], side="right") - 1, window)
    mean, half = mean_and_half(lines)
    everyone = (x >= max(begins)) & (x <= min(ends))
    return Bundle(x, lines, np.where(everyone, mean, np.nan), np.where(everyone, half, np.nan))


def mean_and_half(y: Floats) -> tuple[Floats, Floats]:
    """Over the first axis: the mean of the finite values, and half the width of its 95 % confidence interval (Student's t)."""
    use = np.isfinite(y)
    counts = use.sum(axis=0)
    mean = np.where(use, y, 0.0).sum(axis=0) / np.maximum(counts, 1)
    squares = np.where(use, (y - mean) ** 2, 0.0).sum(axis=0)
    spread = np.sqrt(squares / np.maximum(counts - 1, 1) / np.maximum(counts, 1))
    factors = np.array([_T95[min(count - 2, len(_T95) - 1)] if count > 1 else np.nan for count in range(int(counts.max(initial=0)) + 1)])
    return np.where(counts > 0, mean, np.nan), factors[counts] * spread
