"""Where the curves are drawn: pyqtgraph items over the visible stretch, and the range that follows the data."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from app.plots.axis import GRID, PlotAxis
from app.plots.curves import Series
from app.plots.layer import FAINT, MAIN, Group, Layer
from app.plots.lines import Lines, Look, lines_of
from app.theme import theme

NEAR = 6
"""Pixels from a mark within which it is pointed at."""
COARSE = 0.05
"""Parts of a decade that a logarithmic axis begins before its data."""


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
    """Draws groups of members. `following` until the person zooms or pans, and again after a double click."""

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
        self.look = Look()
        self.groups: tuple[Group, ...] = ()
        self.layers: list[Layer] = []
        self.changes: list[tuple[float, str]] = []
        self._notches: list[pg.InfiniteLine] = []
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._mark = pg.InfiniteLine(angle=90, movable=False)
        for depth, item in enumerate((self._mark, self._cursor)):
            item.setZValue(1000 + depth)
            item.hide()
            self.box.addItem(item, ignoreBounds=True)
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
        self._cursor.setPen(pg.mkPen(theme.colour("muted"), style=Qt.PenStyle.DashLine))
        self._mark.setPen(pg.mkPen(theme.colour("accent"), width=2))
        for notch in self._notches:
            notch.setPen(self._notch_pen)

    def show_groups(self, groups: Sequence[Group], look: Look, whole: bool = True) -> None:
        """Draw what the members of `groups` hold now; `whole`: places are whole numbers."""
        if (look.log_x, look.log_y) != (self.look.log_x, self.look.log_y):
            self.axes["left"].setLogMode(y=look.log_y)
            self.axes["bottom"].setLogMode(x=look.log_x)
            self.restart()
        self.groups, self.look, self.axes["bottom"].whole = tuple(group for group in groups if group.members), look, whole
        while len(self.layers) > len(self.groups):
            self.layers.pop().remove()
        while len(self.layers) < len(self.groups):
            self.layers.append(Layer(self.box, 500 - 10.0 * len(self.layers)))
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

    @property
    def span(self) -> tuple[float, float]:
        """The places between which everything visible lies."""
        low, high = self.box.viewRange()[0]
        return (10**low, 10**high) if self.look.log_x else (low, high)

    def _follow(self, exactly: bool) -> None:
        """Draw with a range that takes in everything; unless `exactly`, it moves in steps, so that axes seldom change."""
        members = [series for group in self.groups for series in group.members]
        if not members:
            return
        old_x, old_y = self.box.viewRange()
        low, high = min(map(self._begin, members)), max(float(series.x[-1]) for series in members)
        if self.look.log_x:
            low, high = math.log10(low), math.log10(max(high, low))
        x = _stepped(low, high, old_x, exactly, COARSE * self.look.log_x, 0.2)
        drawn = self._lines(*((10 ** x[0], 10 ** x[1]) if self.look.log_x else x))
        y = _heights(self.groups, drawn)
        if len(y):
            bottom, top = float(y.min()), float(y.max())
            if not self.look.log_y and 0 <= bottom < 0.3 * top:
                bottom = 0.0
            self._busy = True
            self.box.setRange(xRange=x, yRange=_stepped(bottom, top, old_y, exactly, 0.05, 0.12), padding=0, disableAutoRange=False)
            self.box.prepareForPaint()  # else while painting, which Qt would then do once more
            self._busy = False
        self._put(drawn)

    def _begin(self, series: Series) -> float:
        """The first place that the axis can show."""
        if not self.look.log_x:
            return float(series.x[0])
        row = int(np.searchsorted(series.x, 0.0, side="right"))
        return float(series.x[row]) if row < series.count else 1.0

    def point_at(self, x: float | None) -> None:
        """Show the cursor at a place; None hides it."""
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setPos(self._across(x))

    def mark_at(self, x: float | None) -> None:
        """Mark a place; None takes the mark away."""
        self._mark.setVisible(x is not None)
        if x is not None:
            self._mark.setPos(self._across(x))

    def annotate(self, changes: Sequence[tuple[float, str]]) -> None:
        """Dotted lines at places where something was changed, and what that was."""
        self.changes = list(changes)
        while len(self._notches) > len(self.changes):
            self.box.removeItem(self._notches.pop())
        while len(self._notches) < len(self.changes):
            notch = pg.InfiniteLine(angle=90, movable=False, pen=self._notch_pen)
            notch.setZValue(900)
            self._notches.append(notch)
            self.box.addItem(notch, ignoreBounds=True)
        for notch, (x, _) in zip(self._notches, self.changes, strict=True):
            notch.setPos(self._across(x))

    def changes_near(self, x: float) -> str:
        """What was changed within a few pixels of a place."""
        pixel = NEAR * self.box.viewPixelSize()[0]
        return "\n".join(text for place, text in self.changes if abs(self._across(place) - self._across(x)) <= pixel)

    @property
    def _notch_pen(self) -> QPen:
        return pg.mkPen(theme.colour("text"), width=1, style=Qt.PenStyle.DotLine)

    def _across(self, x: float) -> float:
        """A place in the coordinates of the axis."""
        return math.log10(max(x, 1e-12)) if self.look.log_x else x

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self.reset()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _lines(self, low: float, high: float) -> list[Lines]:
        """What is drawn between two places of the horizontal axis."""
        width = max(int(self.box.width()), 100)
        return [lines_of(group.members, low, high, width, self.look, len(self.groups)).on(self.look) for group in self.groups]

    def _draw(self, *_: object) -> None:
        if self.groups and not self._busy:
            self._put(self._lines(*self.span))

    def _put(self, drawn: list[Lines]) -> None:
        """Hand the lines to the items that draw them."""
        for layer, group, lines in zip(self.layers, self.groups, drawn, strict=True):
            layer.draw(group, lines)

    def _unfollow(self, *_: object) -> None:
        self.following = False

    def _point(self, place: QPointF) -> None:
        inside = QRectF(self.box.sceneBoundingRect()).contains(place)
        x = float(self.box.mapSceneToView(place).x())
        self.pointed.emit((10**x if self.look.log_x else x) if inside else None)


def _heights(groups: Sequence[Group], drawn: Sequence[Lines]) -> NDArray[np.float64]:
    """All finite numbers of the lines that are drawn; not those of a band, which may be wide where members are few."""
    lines = []
    for group, one in zip(groups, drawn, strict=True):
        lines += one.faint if FAINT in group.parts else []
        lines += [one.main] if MAIN in group.parts else []
    return np.concatenate([y[np.isfinite(x) & np.isfinite(y)] for x, y in lines]) if lines else np.empty(0)


def _stepped(low: float, high: float, old: list[float], exactly: bool, below: float, above: float) -> tuple[float, float]:
    """A range for low to high: the old one while it fits well, else a new one with some air."""
    span = high - low
    if not exactly and old[0] <= low and high <= old[1] and span >= 0.75 * (old[1] - old[0]) and span > 0:
        return old[0], old[1]
    if span <= 0:
        air = max(abs(high) * 0.1, 0.5) if math.isfinite(high) else 0.5
        return low - air, high + air
    return low - below * span, high + (above if not exactly else min(above, 0.03)) * span
