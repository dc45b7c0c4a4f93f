"""An axis of a plot in the studio's type and colours."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from shiboken6 import isValid

from app.numbers import power, short, tick
from app.theme import theme

GRID = 45
"""Opacity of the grid, of 255."""


class PlotAxis(pg.AxisItem):  # type: ignore[misc]
    """Few marks at round places; thousands separated, on a logarithmic axis powers of ten."""

    def __init__(self, orientation: str, whole: bool = False) -> None:
        self.whole = whole
        self._room = 60.0
        super().__init__(orientation, maxTickLength=-4)
        self.enableAutoSIPrefix(False)
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)  # it seldom changes, and its texts are half of a plot's painting
        self.setStyle(tickTextOffset=5, tickAlpha=GRID)

    def use_theme(self, font: QFont) -> None:
        """Take the theme's colours and this font."""
        metrics = QFontMetricsF(font)
        vertical = self.orientation in ("left", "right")
        self._room = 2.2 * metrics.height() if vertical else 1.7 * metrics.horizontalAdvance("0,000")
        self.setTickFont(font)
        self.setPen(pg.mkPen(theme.colour("border")))
        self.setTextPen(pg.mkPen(theme.colour("muted")))
        self.setTickPen(pg.mkPen(theme.colour("muted")))
        if not vertical:
            self.setHeight(metrics.height() + 7)

    def boundingRect(self) -> QRectF:
        """Called by Qt and to decide which marks have room: the one at the origin may reach beyond the corner.

        Qt asks once more while a plot is taken down, when the box that the grid lines cross may be gone already.
        """
        box = self.linkedView()
        if box is not None and not isValid(box):
            return self.mapRectFromParent(self.geometry())
        rect: QRectF = super().boundingRect()
        return rect.adjusted(0, -3, 0, 10) if self.orientation == "left" else rect.adjusted(-30, 0, 4, 0)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        """Called by Qt. pyqtgraph would record this and play the record, in which every text looks for its font anew."""
        painter.setFont(self.style["tickFont"])
        specs = self.generateDrawSpecs(painter)
        if specs is not None:
            self.drawPicture(painter, *specs)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:  # noqa: N803
        """Where the marks are; called by pyqtgraph."""
        low, high = sorted((minVal, maxVal))
        return marks(low, high, size / self._room, self.logMode, self.whole)

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """The marks' texts; called by pyqtgraph."""
        return texts(values, spacing, self.logMode)


def marks(low: float, high: float, intervals: float, log: bool = False, whole: bool = False) -> list[tuple[float, list[float]]]:
    """Spacing and places of the marks from low to high (logarithms on a logarithmic axis), at most about so many; on others, two at least
    wherever there can be."""
    intervals = max(intervals, 1.0)
    if log and high - low < 1.0:
        return [(1.0, within_decade(low, high, intervals))]
    spacing = round_step((high - low) / intervals)
    if log or whole:
        spacing = max(1.0, math.ceil(spacing))
    if not spacing or not math.isfinite(spacing):
        return []
    places = multiples(low, high, spacing)
    while len(places) < 2 and not log and (spacing > 1 or not whole):  # one number alone does not say how long the axis is
        spacing = round_step(spacing / 2.5)
        places = multiples(low, high, spacing)
    return [(spacing, places)]


def multiples(low: float, high: float, spacing: float) -> list[float]:
    """Those of a spacing from low to high."""
    return [number * spacing for number in range(math.ceil(low / spacing), math.floor(high / spacing + 1e-9) + 1)]


def texts(values: list[float], spacing: float, log: bool = False) -> list[str]:
    """What stands at marks: on a logarithmic axis powers of ten, or plain numbers where some are none."""
    if log:
        powers = all(abs(value - round(value)) < 1e-6 for value in values)
        return [power(round(value)) if powers else short(10**value) for value in values]
    brief = any(abs(value) >= 1e4 for value in values)
    return [tick(value, spacing, brief) for value in values]


def within_decade(low: float, high: float, intervals: float) -> list[float]:
    """Logarithms of round numbers in a range of less than a decade: 1, 2 and 5, or evenly spaced ones where those leave less than two."""
    few = [math.log10(factor) + decade for decade in range(math.floor(low), math.ceil(high)) for factor in (1, 2, 5)]
    few = [place for place in few if low <= place <= high]
    spacing = round_step((10**high - 10**low) / (intervals + 1))
    if len(few) > 1 or not spacing:
        return few
    return [math.log10(number * spacing) for number in range(math.ceil(10**low / spacing), math.floor(10**high / spacing) + 1)]


def round_step(size: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is at least `size`."""
    if size <= 0 or not math.isfinite(size):
        return 0.0
    base = 10.0 ** math.floor(math.log10(size))
    return next(factor * base for factor in (1, 2, 5, 10) if factor * base >= size * (1 - 1e-9))
