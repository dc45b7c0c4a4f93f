"""The two lines above a plot: its title with unit and newest number, and below them the legend or what the mouse points at."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import theme

GAP = 6


@dataclass(frozen=True)
class Entry:
    """One line of the legend.

    Attributes:
        text: what it stands for.
        colour: of the line or area.
        width: of the line in pixels; 0 for an area.
    """

    text: str
    colour: QColor
    width: float


class Header(QWidget):
    """Painted in one go; what does not fit in width is left out from the right."""

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.unit = title, unit
        self._newest = ""
        self._entries: tuple[Entry, ...] = ()
        self._readout = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_entries(self, newest: str, entries: tuple[Entry, ...]) -> None:
        """The newest number and the legend."""
        if (newest, entries) != (self._newest, self._entries):
            self._newest, self._entries = newest, entries
            self.update()

    def show_readout(self, text: str) -> None:
        """What the mouse points at; empty for the legend again."""
        if text != self._readout:
            self._readout = text
            self.update()

    @property
    def readout(self) -> str:
        """What is shown of the place under the mouse."""
        return self._readout

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self._font(1.0, bold=True)).height() + QFontMetrics(self._font(0.86)).height() + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold, small = self._font(1.0, bold=True), self._font(0.86)
        upper, lower = QFontMetrics(bold), QFontMetrics(small)
        first = QRectF(0, 2, self.width(), upper.height())
        second = QRectF(0, first.bottom() + 2, self.width(), lower.height())
        number = QFontMetrics(bold).horizontalAdvance(self._newest)
        painter.setFont(bold)
        painter.setPen(theme.colour("text"))
        room = max(int(first.width()) - (number + 2 * GAP if number else 0), 0)
        title = upper.elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._newest)
        used = upper.horizontalAdvance(title) + GAP
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        if self.unit and used + lower.horizontalAdvance(self.unit) <= room:
            painter.drawText(first.adjusted(used, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.unit)
        if self._readout:
            painter.setPen(theme.colour("text"))
            text = lower.elidedText(self._readout, Qt.TextElideMode.ElideRight, int(second.width()))
            painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_legend(painter, second, lower)

    def _paint_legend(self, painter: QPainter, area: QRectF, metrics: QFontMetrics) -> None:
        left, swatch = area.left(), 1.1 * metrics.height()
        middle = area.center().y()
        for entry in self._entries:
            width = metrics.horizontalAdvance(entry.text)
            if left + swatch + GAP + width > area.right() + 1:
                break
            if entry.width:
                painter.setPen(QPen(entry.colour, entry.width))
                painter.drawLine(QPointF(left, middle), QPointF(left + swatch, middle))
            else:
                painter.fillRect(QRectF(left, middle - swatch / 4, swatch, swatch / 2), entry.colour)
            painter.setPen(theme.colour("muted"))
            left += swatch + GAP
            painter.drawText(QRectF(left, area.top(), width + 2, area.height()), Qt.AlignmentFlag.AlignVCenter, entry.text)
            left += width + 2 * GAP

    def _font(self, scale: float, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(10 * theme.scale * scale)
        font.setBold(bold)
        return font
