"""What a plot shows, handed on: as a figure for print, and as the table behind the picture."""

from collections.abc import Sequence

import numpy as np

from app.plots.canvas import Canvas
from app.plots.curves import Floats
from app.plots.figure import Figure
from app.plots.grouping import Keyed, columns_of
from app.plots.plot import Axis, Plot
from app.text import tr

ROWS = 400
"""Places of the table behind a plot at most."""


def with_unit(axis: Axis) -> str:
    """What an axis shows, with what it is counted in."""
    return tr(axis.label) + (f" ({tr(axis.unit)})" if axis.unit else "")


def figure_of(plot: Plot, axis: Axis, canvas: Canvas, groups: Sequence[Keyed]) -> Figure:
    """What is on the canvas, for a file."""
    x, y = canvas.box.viewRange()
    changes = [place for place, _ in canvas.changes]
    across, lines = with_unit(axis), [group for _, group in groups]
    return Figure(tr(plot.title), across, with_unit(plot.y), lines, canvas.look, axis.whole, (x[0], x[1]), (y[0], y[1]), changes)


def table_of(axis: Axis, canvas: Canvas, groups: Sequence[Keyed]) -> list[tuple[str, Floats]]:
    """The numbers behind the picture: the places on the axis, then a column for each line and for the ends of each band."""
    low, high = canvas.span
    longest = max((series for _, group in groups for series in group.members), key=lambda series: series.count)
    first, last = longest.within(low, high)
    places = np.unique(longest.x[np.unique(np.linspace(first, last - 1, min(ROWS, last - first)).astype(int))])
    return [(with_unit(axis), places), *columns_of(groups, canvas.look, places)]
