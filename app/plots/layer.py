"""The items that draw one run on the canvas."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem

from app.plots.bold_line import BoldLine
from app.plots.curves import Floats, Series
from app.plots.lines import Line, Lines
from app.theme import LIGHT, theme

MAIN, AREA, FAINT = "main", "area", "faint"
PARTS = (MAIN, AREA, FAINT)
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 2.5), (1, 2), (6, 2, 1, 2), (9, 3))
"""Ways to draw a line: through, dashes, dots, dash and dot, long dashes; in widths of the line."""


@dataclass(frozen=True, eq=False)
class Group:
    """What is drawn alike: one run, or one member of it, or a second line.

    Attributes:
        name: as the legend has it.
        colour: of the bold line, by its number in `Colours.series`; paler ones are made of it.
        dash: one of `DASHES`.
        members: with a number to draw.
        parts: of `PARTS`, those that are drawn.
    """

    name: str
    colour: int
    dash: tuple[float, ...]
    members: list[Series]
    parts: tuple[str, ...] = PARTS

    def tone(self, part: str, paper: bool = False) -> QColor:
        """The colour of a part; on paper always that of the light theme."""
        colours = LIGHT if paper else theme.colours
        colour = QColor(colours.series[self.colour % len(colours.series)])
        light = paper or theme.mode == "light"
        colour.setAlpha({MAIN: 255, AREA: 48 if light else 64, FAINT: 95 if light else 110}[part])
        return colour

    def pen(self, part: str, width: float) -> QPen:
        """Of the lines of a part."""
        pen = pg.mkPen(self.tone(part), width=width)
        if self.dash and part == MAIN:
            pen.setDashPattern(self.dash)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen


class Layer:
    """Draws one group into a view box.

    Args:
        box: where.
        depth: groups with larger ones lie in front.
    """

    def __init__(self, box: pg.ViewBox, depth: float) -> None:
        self.box, self.depth = box, depth
        self.band = QGraphicsPathItem()
        self.band.setPen(QPen(Qt.PenStyle.NoPen))
        self.main = BoldLine(antialias=True, connect="finite")
        self.dots = pg.ScatterPlotItem(pxMode=True)
        self.faint: list[pg.PlotCurveItem] = []
        self._dotted = False
        for part, item in enumerate((self.band, self.main, self.dots)):
            item.setZValue(depth + part / 10)
            box.addItem(item, ignoreBounds=True)

    def draw(self, group: Group, lines: Lines) -> None:
        """Show these lines, in the coordinates of the axes."""
        parts = group.parts
        faint = lines.faint if FAINT in parts else []
        self._keep(len(faint))
        for line, item in zip(faint, self.faint, strict=True):
            item.setPen(group.pen(FAINT, 1))
            item.setData(*line, connect="finite")
        self.main.setPen(group.pen(MAIN, 2))
        self.main.setData(*(lines.main if MAIN in parts else EMPTY))
        shown = lines.area is not None and AREA in parts
        self.band.setBrush(group.tone(AREA))
        self.band.setPath(around(lines.main[0], *lines.area) if shown and lines.area is not None else QPainterPath())
        x, y = lines.marked(FAINT in parts)
        use = np.isfinite(x) & np.isfinite(y) if MAIN in parts or FAINT in parts else np.zeros(len(x), bool)
        if self._dotted or use.any():
            self.dots.setBrush(group.tone(MAIN))
            self.dots.setPen(pg.mkPen(None))
            self.dots.setSize(5 * theme.scale)
            self.dots.setData(x[use], y[use])
        self._dotted = bool(use.any())

    def remove(self) -> None:
        """Take everything away."""
        for item in (self.band, self.main, self.dots, *self.faint):
            self.box.removeItem(item)
        self.faint = []

    def _keep(self, count: int) -> None:
        while len(self.faint) < count:
            item = pg.PlotCurveItem()
            item.setZValue(self.depth - 5)
            self.faint.append(item)
            self.box.addItem(item, ignoreBounds=True)
        while len(self.faint) > count:
            self.box.removeItem(self.faint.pop())


EMPTY: Line = (np.empty(0), np.empty(0))


def around(x: Floats, low: Floats, high: Floats) -> QPainterPath:
    """The outline of the area between two lines."""
    use = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    if use.sum() < 2:
        return QPainterPath()
    x, low, high = x[use], low[use], high[use]
    path: QPainterPath = pg.arrayToQPath(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]), connect="all")
    return path
