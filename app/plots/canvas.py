"""Where the curves are drawn: pyqtgraph items over the visible stretch, and the range that follows the data."""

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from app.plots.axis import GRID, PlotAxis
from app.plots.curves import Curves, Series, bundle, landmarks, thin, trailing_mean
from app.theme import theme

Floats = NDArray[np.float64]

WORK = 200_000
"""Values read at most for the moving means of one picture."""
FEW = 40
"""Up to so many points are marked by dots."""
NOTHING: Floats = np.empty(0)


Line = tuple[Floats, Floats]


@dataclass(frozen=True, eq=False)
class Lines:
    """One picture, in the coordinates of the axes.

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


class PlotBox(pg.ViewBox):  # type: ignore[misc]
    """Wheel zooms, left button pans."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.disableAutoRange()

    def mouseDragEvent(self, ev: object, axis: int | None = None) -> None:
        """Called by pyqtgraph. The right button belongs to the menu."""
        if ev.button() == Qt.MouseButton.RightButton:  # type: ignore[attr-defined]
            ev.ignore()  # type: ignore[attr-defined]
        else:
            super().mouseDragEvent(ev, axis)


class Canvas(pg.PlotWidget):  # type: ignore[misc]
    """Draws `Curves`. `following` until the person zooms or pans, and again after a double click."""

    pointed = Signal(object)
    """The place under the mouse on the horizontal axis, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.box = PlotBox()
        self.axes = {"left": PlotAxis("left"), "bottom": PlotAxis("bottom", whole=True)}
        super().__init__(parent, viewBox=self.box, axisItems=self.axes)
        self.hideButtons()
        self.getPlotItem().setContentsMargins(0, 6, 14, 0)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFrameShape(self.Shape.NoFrame)
        self.following = True
        self._fresh = True
        self._busy = False
        self._dotted = False
        self.log_y = False
        self.smoothing = 0
        self.curves: Curves | None = None
        self._members: list[pg.PlotCurveItem] = []
        self._band = QGraphicsPathItem()
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._main = pg.PlotCurveItem(antialias=True, connect="finite")
        self._dots = pg.ScatterPlotItem(pxMode=True)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._mark = pg.InfiniteLine(angle=90, movable=False)
        for depth, item in enumerate((self._band, self._main, self._dots, self._mark, self._cursor)):
            item.setZValue(10 + depth)
            self.box.addItem(item, ignoreBounds=True)
        self._cursor.hide()
        self._mark.hide()
        for axis in self.axes.values():
            axis.setZValue(-100)
            axis.setGrid(GRID)
        self.box.sigRangeChangedManually.connect(self._unfollow)
        self.box.sigXRangeChanged.connect(self._draw)
        self.box.sigResized.connect(self._draw)
        self.scene().sigMouseMoved.connect(self._point)
        self.use_theme()

    def use_theme(self) -> None:
        """Take the theme's colours and text size."""
        font = QFont(self.font())
        font.setPointSizeF(8.6 * theme.scale)
        for axis in self.axes.values():
            axis.use_theme(font)
        self.setBackground(theme.colour("panel"))
        colour = theme.colours.series[0]
        faint, area = QColor(colour), QColor(colour)
        faint.setAlpha(95 if theme.mode == "light" else 110)
        area.setAlpha(48 if theme.mode == "light" else 64)
        self.colours = {"main": QColor(colour), "faint": faint, "area": area}
        self._main.setPen(pg.mkPen(colour, width=2))
        self._band.setBrush(pg.mkBrush(area))
        self._dots.setBrush(pg.mkBrush(colour))
        self._dots.setPen(pg.mkPen(None))
        self._dots.setSize(5 * theme.scale)
        self._cursor.setPen(pg.mkPen(theme.colour("muted"), style=Qt.PenStyle.DashLine))
        self._mark.setPen(pg.mkPen(theme.colour("accent"), width=2))
        for item in self._members:
            item.setPen(pg.mkPen(faint))

    def show_curves(self, curves: Curves, window: int, log_y: bool) -> None:
        """Draw what `curves` hold now, smoothed over `window` rows."""
        self.curves, self.smoothing = curves, window
        if log_y != self.log_y:
            self.log_y = log_y
            self.axes["left"].setLogMode(y=log_y)
            self.restart()
        if self.following:
            self._follow(exactly=self._fresh)
            self._fresh = False
        else:
            self._draw()

    def restart(self) -> None:
        """Follow whatever is drawn next, with a range of its own."""
        self.following = self._fresh = True

    def reset(self) -> None:
        """Show everything, and follow from now on."""
        self.following = True
        self._follow(exactly=True)

    def _follow(self, exactly: bool) -> None:
        """Draw with a range that takes in everything; unless `exactly`, it moves in steps, so that axes seldom change."""
        members = self._members_now()
        if not members:
            return
        (old_x, old_y), low = self.box.viewRange(), min(float(series.x[0]) for series in members)
        x = _stepped(low, max(float(series.x[-1]) for series in members), old_x, exactly, 0.0, 0.1)
        lines = self._lines(members, *x)
        y = np.concatenate([line for _, line in lines.faint] or [lines.main[1]])
        y = y[np.isfinite(y)]
        if len(y):
            bottom, top = float(y.min()), float(y.max())
            if not self.log_y and 0 <= bottom < 0.3 * top:
                bottom = 0.0
            self._busy = True
            self.box.setRange(xRange=x, yRange=_stepped(bottom, top, old_y, exactly, 0.05, 0.05), padding=0, disableAutoRange=False)
            self._busy = False
        self._put(lines)

    def point_at(self, x: float | None) -> None:
        """Show the cursor at a place; None hides it."""
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setPos(x)

    def mark_at(self, x: float | None) -> None:
        """Mark a place; None takes the mark away."""
        self._mark.setVisible(x is not None)
        if x is not None:
            self._mark.setPos(x)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.reset()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _members_now(self) -> list[Series]:
        return [series for series in self.curves.ordered() if series.count] if self.curves is not None else []

    def _lines(self, members: list[Series], low: float, high: float) -> Lines:
        """What is drawn between two places of the horizontal axis."""
        width = max(int(self.box.width()), 100)
        most = int(np.clip(WORK / (max(self.smoothing, 1) * len(members)), 64, max(width / 2, 150)))
        few = members if sum(np.count_nonzero(np.isfinite(series.y)) for series in members) <= FEW else []
        x = np.concatenate([series.x for series in few]) if few else NOTHING
        dots = x, self._scaled(np.concatenate([series.y for series in few]) if few else NOTHING)
        if len(members) > 1:
            them = bundle(members, low, high, most, self.smoothing)
            faint = [(them.x, self._scaled(line)) for line in them.lines]
            area = self._scaled(them.mean - them.half), self._scaled(them.mean + them.half)
            return Lines((them.x, self._scaled(them.mean)), faint, area, dots)
        series = members[0]
        first, last = series.within(low, high)
        if self.smoothing <= 1:
            x, y = thin(series, first, last, most)
            return Lines((x, self._scaled(y)), [], None, dots)
        x, y = thin(series, first, last, width)
        rows = landmarks(first, last, most)
        mean = self._scaled(trailing_mean(series.y, rows, self.smoothing))
        return Lines((series.x[rows], mean), [(x, self._scaled(y))], None, dots)

    def _draw(self, *_: object) -> None:
        members = self._members_now()
        if members and not self._busy:
            self._put(self._lines(members, *self.box.viewRange()[0]))

    def _put(self, lines: Lines) -> None:
        """Hand the lines to the items that draw them."""
        self._keep(len(lines.faint))
        for line, item in zip(lines.faint, self._members, strict=True):
            item.setData(*line, connect="finite")
        self._main.setData(*lines.main)
        self._band.setPath(_around(lines.main[0], *lines.area) if lines.area is not None else QPainterPath())
        x, y = lines.dots
        use = np.isfinite(y)
        if self._dotted or use.any():
            self._dots.setData(x[use], y[use])
        self._dotted = bool(use.any())

    def _scaled(self, y: Floats) -> Floats:
        if not self.log_y:
            return y
        return np.log10(y, out=np.full(len(y), np.nan), where=y > 0)

    def _keep(self, count: int) -> None:
        while len(self._members) < count:
            item = pg.PlotCurveItem(pen=pg.mkPen(self.colours["faint"]))
            self._members.append(item)
            self.box.addItem(item, ignoreBounds=True)
        while len(self._members) > count:
            self.box.removeItem(self._members.pop())

    def _unfollow(self, *_: object) -> None:
        self.following = False

    def _point(self, place: QPointF) -> None:
        inside = QRectF(self.box.sceneBoundingRect()).contains(place)
        self.pointed.emit(float(self.box.mapSceneToView(place).x()) if inside else None)


def _around(x: Floats, low: Floats, high: Floats) -> QPainterPath:
    """The outline of the area between two lines."""
    use = np.isfinite(low) & np.isfinite(high)
    if use.sum() < 2:
        return QPainterPath()
    x, low, high = x[use], low[use], high[use]
    path: QPainterPath = pg.arrayToQPath(np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]), connect="all")
    return path


def _stepped(low: float, high: float, old: list[float], exactly: bool, below: float, above: float) -> tuple[float, float]:
    """A range for low to high: the old one while it fits well, else a new one with some air."""
    span = high - low
    if not exactly and old[0] <= low and high <= old[1] and span >= 0.75 * (old[1] - old[0]) and span > 0:
        return old[0], old[1]
    if span <= 0:
        air = max(abs(high) * 0.1, 0.5) if math.isfinite(high) else 0.5
        return low - air, high + air
    return low - below * span, high + (above if not exactly else min(above, 0.03)) * span
