"""Where the curves are drawn: pyqtgraph items over the visible stretch, and the range that follows the data."""

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from app.plots.axis import GRID, PlotAxis
from app.plots.curves import Curves, Series, band, landmarks, thin, trailing_mean
from app.theme import theme

Floats = NDArray[np.float64]

WORK = 400_000
"""Values read at most for the moving means of one picture."""
FEW = 40
"""Up to so many points are marked by dots."""
NOTHING: Floats = np.empty(0)


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
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFrameShape(self.Shape.NoFrame)
        self.following = True
        self._fresh = True
        self.log_y = False
        self.smoothing = 0
        self.curves: Curves | None = None
        self._members: list[pg.PlotCurveItem] = []
        self._band = QGraphicsPathItem()
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._main = pg.PlotCurveItem(antialias=True, connect="finite")
        self._dots = pg.ScatterPlotItem(pxMode=True)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        for depth, item in enumerate((self._band, self._main, self._dots, self._cursor)):
            item.setZValue(10 + depth)
            self.box.addItem(item, ignoreBounds=True)
        self._cursor.hide()
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
            self.fit(exactly=self._fresh)
            self._fresh = False
        self._draw()

    def restart(self) -> None:
        """Follow whatever is drawn next, with a range of its own."""
        self.following = self._fresh = True

    def reset(self) -> None:
        """Show everything, and follow from now on."""
        self.following = True
        if self.curves is not None:
            self.fit(exactly=True)
            self._draw()

    def fit(self, exactly: bool = False) -> None:
        """Let the range take in all data; unless `exactly`, it changes in steps so that axes need not be redrawn on every frame."""
        assert self.curves is not None
        members = [series for series in self.curves.ordered() if series.count]
        if not members:
            return
        low, high = min(float(series.x[0]) for series in members), max(float(series.x[-1]) for series in members)
        old_x, old_y = self.box.viewRange()
        x = _stepped(low, high, old_x, exactly, 0.0, 0.06)
        if len(members) > 1:
            lines = [self._line(series, 0, series.count, len(members))[1] for series in members]
        else:
            lines = [thin(members[0], 0, members[0].count, 500)[1]]
        y = self._scaled(np.concatenate(lines))
        y = y[np.isfinite(y)]
        if len(y):
            bottom, top = float(y.min()), float(y.max())
            if not self.log_y and 0 <= bottom < 0.3 * top:
                bottom = 0.0
            y_range = _stepped(bottom, top, old_y, exactly, 0.05, 0.05)
            self.box.setRange(xRange=x, yRange=y_range, padding=0, disableAutoRange=False)

    def point_at(self, x: float | None) -> None:
        """Show the cursor at a place; None hides it."""
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setPos(x)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.reset()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _most(self, members: int) -> int:
        """Points per smoothed line: about two pixels each, fewer where many members share the work."""
        return int(np.clip(WORK / (max(self.smoothing, 1) * members), 64, max(self.box.width() / 2, 150)))

    def _line(self, series: Series, first: int, last: int, members: int) -> tuple[Floats, Floats]:
        if self.smoothing <= 1:
            return thin(series, first, last, self._most(members))
        rows = landmarks(first, last, self._most(members))
        return series.x[rows], trailing_mean(series.y, rows, self.smoothing)

    def _draw(self, *_: object) -> None:
        if self.curves is None:
            return
        members = [series for series in self.curves.ordered() if series.count]
        (low, high), _y = self.box.viewRange()
        count = len(members)
        averaged = count > 1
        self._keep(count if averaged or self.smoothing > 1 else 0)
        for series, item in zip(members, self._members, strict=False):
            place = series.within(low, high)
            x, y = self._line(series, *place, count) if averaged else thin(series, *place, max(int(self.box.width()), 100))
            item.setData(x, self._scaled(y), connect="finite")
        if averaged:
            mean = band(members, low, high, self._most(count), self.smoothing)
            self._main.setData(mean.x, self._scaled(mean.mean))
            self._draw_band(mean.x, self._scaled(mean.mean - mean.half), self._scaled(mean.mean + mean.half))
        else:
            x, y = self._line(members[0], *members[0].within(low, high), 1) if members else (NOTHING, NOTHING)
            self._main.setData(x, self._scaled(y))
            self._draw_band(NOTHING, NOTHING, NOTHING)
        self._draw_dots(members)

    def _draw_band(self, x: Floats, low: Floats, high: Floats) -> None:
        use = np.isfinite(low) & np.isfinite(high)
        x, low, high = x[use], low[use], high[use]
        around = (np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]]))
        self._band.setPath(pg.arrayToQPath(*around, connect="all") if len(x) > 1 else QPainterPath())

    def _draw_dots(self, members: list[Series]) -> None:
        few = members if sum(series.count for series in members) <= FEW else []
        x = np.concatenate([series.x for series in few]) if few else NOTHING
        y = self._scaled(np.concatenate([series.y for series in few])) if few else NOTHING
        use = np.isfinite(y)
        self._dots.setData(x[use], y[use])

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


def _stepped(low: float, high: float, old: list[float], exactly: bool, below: float, above: float) -> tuple[float, float]:
    """A range for low to high: the old one while it fits well, else a new one with some air."""
    span = high - low
    if not exactly and old[0] <= low and high <= old[1] and span >= 0.75 * (old[1] - old[0]) and span > 0:
        return old[0], old[1]
    if span <= 0:
        air = max(abs(high) * 0.1, 0.5) if math.isfinite(high) else 0.5
        return low - air, high + air
    return low - below * span, high + (above if not exactly else min(above, 0.03)) * span
