"""The colour bar beside a grid: which value has which colour."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from app.stage.lettering import short, width_of, written
from app.theme import theme

WIDTH = 66
"""Pixels at text size 1 that the legend takes from the stage."""


def legend_bar(width: float, height: float) -> QRectF:
    """Where the bar stands at the right edge of width x height pixels."""
    scale = theme.scale
    half = max(0.0, min(height * 0.36, height / 2 - 28 * scale, 150 * scale))
    return QRectF(width - (WIDTH - 12) * scale, height * 0.5 - half, 12 * scale, 2 * half)


def paint_legend(painter: QPainter, width: float, height: float, span: float, title: str) -> None:
    """Draw the bar at the right edge of width x height pixels, from -span over 0 to span."""
    paint_shades(painter, width, height, title, [(1.0, short(span)), (0.5, "0"), (0.0, short(-span))])


def paint_shades(
    painter: QPainter, width: float, height: float, title: str, marks: Sequence[tuple[float, str]], signed: bool = True, note: str = ""
) -> None:
    """Draw the bar at the right edge of width x height pixels.

    Args:
        painter: of the view.
        width, height: of the view.
        title: above the bar.
        marks: numbers beside it, by their share of its height from the bottom.
        signed: whether the bar has the colours on both sides of zero, or only those above.
        note: below the bar.
    """
    scale, bar = theme.scale, legend_bar(width, height)
    table = theme.value_table()[::-1][: 256 if signed else 128]
    column = np.ascontiguousarray(table.reshape(len(table), 1, 4))
    painter.drawImage(bar, QImage(column.data, 1, len(table), 4, QImage.Format.Format_RGBA8888))
    painter.setPen(theme.colour("border"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    painter.setPen(theme.colour("muted"))
    left, size = bar.right() + 4 * scale, round(11 * scale)
    room = width - left - 2 * scale
    for share, text in marks:
        needed = width_of(text, size, bold=False)
        fitting = size if needed <= room else size * room / needed
        written(painter, text, left + 0.5 * width_of(text, fitting, bold=False), bar.bottom() - share * bar.height(), fitting, bold=False)
    for text, y in ((title, bar.top() - 18 * scale), (note, bar.bottom() + 18 * scale)):
        written(painter, text, bar.center().x(), y, size, bold=False)
