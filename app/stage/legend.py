"""The colour bar beside a grid: which value has which colour."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from app.stage.overlays.numbers import short
from app.theme import theme

WIDTH = 66
"""Pixels at text size 1 that the legend takes from the stage."""


def paint_legend(painter: QPainter, width: float, height: float, span: float, title: str) -> None:
    """Draw the bar at the right edge of width x height pixels, from -span over 0 to span."""
    scale = theme.scale
    bar = QRectF(
        width - (WIDTH - 12) * scale, height * 0.5 - min(height * 0.36, 150 * scale), 12 * scale, 2 * min(height * 0.36, 150 * scale)
    )
    column = np.ascontiguousarray(theme.value_table()[::-1].reshape(256, 1, 4))
    painter.drawImage(bar, QImage(column.data, 1, 256, 4, QImage.Format.Format_RGBA8888))
    painter.setPen(theme.colour("border"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    font = QFont(painter.font())
    font.setPixelSize(round(11 * scale))
    font.setBold(False)
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    for value, y in ((span, bar.top()), (0.0, bar.center().y()), (-span, bar.bottom())):
        text = "0" if value == 0 else short(value)
        painter.drawText(QRectF(bar.right() + 4 * scale, y - 10 * scale, 60 * scale, 20 * scale), Qt.AlignmentFlag.AlignVCenter, text)
    painter.drawText(
        QRectF(bar.left() - 20 * scale, bar.top() - 28 * scale, bar.width() + 40 * scale, 20 * scale), Qt.AlignmentFlag.AlignCenter, title
    )
