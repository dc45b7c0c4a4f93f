"""A bold line that is painted quickly, however restless it is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform

OFFSETS = ((0, 0), (1, 0), (0, 1))
"""Pixels to the right and down of the thin lines."""


def draw_bold(painter: QPainter, line: QPainterPath, pen: QPen) -> None:
    """Draw a line with a pen two pixels wide.

    Qt takes 0.1 ms for each steep stretch of a wide one, which adds up to several frames, and next to nothing for those of a thin one. So
    it is made of three thin ones, which nobody can tell from it. Dashes are left to Qt, and so are screens on which thin lines are wide.
    """
    if pen.style() is not Qt.PenStyle.SolidLine or painter.device().devicePixelRatioF() != 1:
        painter.strokePath(line, pen)
        return
    place, thin = painter.transform(), QPen(pen)
    thin.setWidthF(1)
    for right, down in OFFSETS:
        painter.setTransform(place * QTransform.fromTranslate(right, down))
        painter.strokePath(line, thin)
    painter.setTransform(place)
