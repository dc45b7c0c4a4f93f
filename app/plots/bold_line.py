"""A bold line that is painted quickly, however restless it is."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

OFFSETS = ((0, 0), (1, 0), (0, 1))
"""Pixels to the right and down of the thin lines."""


class BoldLine(pg.PlotCurveItem):  # type: ignore[misc]
    """A smooth line two pixels wide.

    Qt takes 0.1 ms for each steep stretch of a wide one, which adds up to several frames, and next to nothing for those of a thin one. So
    it is made of three thin ones, which nobody can tell from it. Dashes are left to Qt, and so are screens on which thin lines are wide.
    """

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        bold: QPen = self.opts["pen"]
        if bold.style() is not Qt.PenStyle.SolidLine or painter.device().devicePixelRatioF() != 1:
            super().paint(painter, option, widget)
            return
        place = painter.transform()
        self.opts["pen"] = thin = QPen(bold)
        thin.setWidthF(1)
        try:
            for right, down in OFFSETS:
                painter.setTransform(place * QTransform.fromTranslate(right, down))
                super().paint(painter, option, widget)
        finally:
            self.opts["pen"] = bold
            painter.setTransform(place)
