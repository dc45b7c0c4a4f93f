"""What draws one run on the canvas."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from app.plots.bold_line import draw_bold
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


class Layer(pg.GraphicsObject):  # type: ignore[misc]
    """Draws one group into a view box, in one go.

    Args:
        box: where.
        depth: groups with larger ones lie in front.

    Attributes:
        group, lines: what is shown; None at first.
    """

    def __init__(self, box: pg.ViewBox, depth: float) -> None:
        super().__init__()
        self.box = box
        self.group: Group | None = None
        self.lines: Lines | None = None
        self._faint: list[QPainterPath] = []
        self._area = self._main = QPainterPath()
        self.setZValue(depth)
        box.addItem(self, ignoreBounds=True)

    def draw(self, group: Group, lines: Lines) -> None:
        """Show these lines, in the coordinates of the axes."""
        parts = group.parts
        self.group, self.lines = group, lines
        self._faint = [path_of(line) for line in lines.faint] if FAINT in parts else []
        self._area = around(lines.main[0], *lines.area) if AREA in parts and lines.area is not None else QPainterPath()
        self._main = path_of(lines.main) if MAIN in parts else QPainterPath()
        self.update()

    @property
    def dots(self) -> Line:
        """The single points that are marked."""
        parts = () if self.group is None else self.group.parts
        if self.lines is None or not (MAIN in parts or FAINT in parts):
            return EMPTY
        x, y = self.lines.marked(FAINT in parts)
        use = np.isfinite(x) & np.isfinite(y)
        return x[use], y[use]

    def remove(self) -> None:
        """Take it away."""
        self.box.removeItem(self)

    def boundingRect(self) -> QRectF:
        """Called by Qt. Lines reach as far as one can see."""
        return self.viewRect() or QRectF()

    def viewTransformChanged(self) -> None:
        """Called by pyqtgraph."""
        self.prepareGeometryChange()
        super().viewTransformChanged()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        """Called by Qt."""
        group = self.group
        if group is None:
            return
        painter.setPen(group.pen(FAINT, 1))
        for line in self._faint:
            painter.drawPath(line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(self._area, group.tone(AREA))
        draw_bold(painter, self._main, group.pen(MAIN, 2))
        if points := [QPointF(x, y) for x, y in zip(*self.dots, strict=True)]:
            round_pen = pg.mkPen(group.tone(MAIN), width=5 * theme.scale)
            round_pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(round_pen)
            painter.drawPoints(points)


EMPTY: Line = (np.empty(0), np.empty(0))


def path_of(line: Line) -> QPainterPath:
    """A line as Qt draws it, with a gap wherever it is not finite."""
    path: QPainterPath = pg.arrayToQPath(*line, connect="finite")
    return path


def around(x: Floats, low: Floats, high: Floats) -> QPainterPath:
    """The outline of the area between two lines."""
    use = np.isfinite(x) & np.isfinite(low) & np.isfinite(high)
    if use.sum() < 2:
        return QPainterPath()
    x, low, high = x[use], low[use], high[use]
    path: QPainterPath = pg.arrayToQPath(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]), connect="all")
    return path
