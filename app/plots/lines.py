"""What is drawn of a run in a stretch of the axis: the bold line, its band, members or raw numbers behind it, single dots. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.plots.curves import Floats, Series, bundle, landmarks, stretches, thin, trailing_mean
from core.runs.statistics import Statistic

WORK = 200_000
"""Values read at most for the moving means of one picture."""
FEW = 40
"""Up to so many points are marked by dots."""
GROUND = 1e-9
"""On which bars stand: zero, for what a logarithmic axis can show."""
NOTHING: Floats = np.empty(0)

Line = tuple[Floats, Floats]


@dataclass(frozen=True)
class Look:
    """How lines are made of rows.

    Attributes:
        smoothing: rows over which means trail; 0 or 1 for none.
        statistic: what members come to together.
        log_x, log_y: logarithmic axes.
        bars: lines are the outlines of bars, which are filled down to the ground.
    """

    smoothing: int = 0
    statistic: Statistic = Statistic.mean
    log_x: bool = False
    log_y: bool = False
    bars: bool = False


@dataclass(frozen=True, eq=False)
class Lines:
    """One picture of one run, in the numbers of the run.

    Attributes:
        main: the bold line.
        faint: the single members, or the numbers behind the mean.
        area: lower and upper edge of the band along the bold line.
        dots: single points, while there are few.
    """

    main: Line
    faint: list[Line]
    area: Line | None
    dots: Line

    def marked(self, members: bool) -> Line:
        """The dots: of the members where those are drawn, else of the bold line."""
        return self.main if self.faint and not members and len(self.dots[0]) else self.dots

    def on(self, look: Look) -> "Lines":
        """The same in the coordinates of the axes: logarithms where they are logarithmic."""
        x, y = (_log if look.log_x else _same), (_log if look.log_y else _same)
        area = None if self.area is None else (y(self.area[0]), y(self.area[1]))
        faint = [(x(across), y(up)) for across, up in self.faint]
        return Lines((x(self.main[0]), y(self.main[1])), faint, area, (x(self.dots[0]), y(self.dots[1])))


def lines_of(members: Sequence[Series], low: float, high: float, width: int, look: Look, share: int = 1) -> Lines:
    """What is drawn of members, each with rows, between two places of the axis.

    Args:
        members: of one run.
        low, high: the places.
        width: pixels between them.
        look: how.
        share: runs in the same picture.
    """
    window = look.smoothing
    if look.log_x:
        low = max(low, min((float(series.x[series.x > 0][0]) for series in members if series.x[-1] > 0), default=low))
    most = int(np.clip(WORK / (max(window, 1) * len(members) * share), 64, max(width / 2, 150)))
    few = members if sum(series.finite for series in members) <= FEW else []
    dots = np.concatenate([NOTHING, *(series.x for series in few)]), np.concatenate([NOTHING, *(series.y for series in few)])
    if len(members) > 1:
        them = bundle(members, low, high, most, window, look.statistic, look.log_x)
        alone = look.statistic is Statistic.each
        return Lines((them.x, them.centre), [(them.x, line) for line in them.lines], None if alone else (them.low, them.high), dots)
    series = members[0]
    parts = _rows(series, low, high, look.log_x)
    drawn = [thin(series, *part, max((most if window <= 1 else width) // len(parts), 8)) for part in parts]
    raw = np.concatenate([x for x, _ in drawn]), np.concatenate([y for _, y in drawn])
    if look.bars:
        return Lines(raw, [], (np.full(len(raw[0]), GROUND), raw[1]), (NOTHING, NOTHING))
    if window <= 1:
        return Lines(raw, [], None, dots)
    rows = np.unique(np.concatenate([landmarks(*part, max(most // len(parts), 8)) for part in parts]))
    return Lines((series.x[rows], trailing_mean(series.y, rows, window)), [raw], None, dots)


def _rows(series: Series, low: float, high: float, log: bool) -> list[tuple[int, int]]:
    """First row and the row after the last of each stretch that is thinned for itself."""
    first, last = series.within(low, high)
    inner = [start for start, _ in stretches(max(low, series.x[first]), min(high, series.x[-1]), log)[1:]] if log and first < last else []
    cuts = [first, *(min(max(int(cut), first), last) for cut in np.searchsorted(series.x, inner)), last]
    return [(start, stop) for start, stop in pairwise(cuts) if stop > start] or [(first, first)]


def _same(values: Floats) -> Floats:
    return values


def _log(values: Floats) -> Floats:
    return np.log10(values, out=np.full(len(values), np.nan), where=values > 0)
