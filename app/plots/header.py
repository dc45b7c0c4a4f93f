"""The two lines above a plot: its title with unit and newest number, and below them the legend, of which a click hides lines, or what
the mouse points at."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
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
        key: what is hidden by a click on it.
        dash: of the line, in widths of it.
        hidden: whether it is.
        brief: the same in fewer words, for where there is little room.
    """

    text: str
    colour: QColor
    width: float
    key: str = ""
    dash: tuple[float, ...] = ()
    hidden: bool = False
    brief: str = ""

    def draw(self, painter: QPainter, place: QRectF) -> None:
        """The line or area itself."""
        if self.width:
            pen = QPen(self.colour, self.width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if self.dash:
                pen.setDashPattern(self.dash)
            painter.setPen(pen)
            painter.drawLine(QPointF(place.left(), place.center().y()), QPointF(place.right(), place.center().y()))
        else:
            painter.fillRect(place, self.colour)


class Header(QWidget):
    """Painted in one go; names of the legend are shortened, then cut, where they do not fit; where there are too many, some are left out
    from the right."""

    clicked = Signal(str)
    """The key of an entry of the legend."""

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.unit = title, unit
        self._newest: tuple[str, ...] = ()
        self._entries: tuple[Entry, ...] = ()
        self._readout = ""
        self._places: list[tuple[QRectF, Entry]] = []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_entries(self, newest: tuple[str, ...], entries: tuple[Entry, ...]) -> None:
        """The newest number, in fewer and fewer digits where the title has no room beside it, and the legend."""
        if entries != self._entries:
            self._newest, self._entries = newest, entries
            self.update()
        elif newest != self._newest:
            self._newest = newest
            self.update(0, 0, self.width(), self._second)

    def show_readout(self, text: str) -> None:
        """What the mouse points at; empty for the legend again."""
        if text != self._readout:
            self._readout = text
            self.update()

    @property
    def newest(self) -> str:
        """The newest number in as many digits as have room beside the title; in the fewest where none have."""
        metrics = QFontMetrics(self._font(1.0, bold=True))
        room = self.width() - metrics.horizontalAdvance(self.title) - 2 * GAP
        fitting = (text for text in self._newest if metrics.horizontalAdvance(text) <= room)
        return next(fitting, self._newest[-1] if self._newest else "")

    @property
    def readout(self) -> str:
        """What is shown of the place under the mouse."""
        return self._readout

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self._font(1.0, bold=True)).height() + QFontMetrics(self._font(0.86)).height() + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    @property
    def _second(self) -> int:
        """Where the second line begins."""
        return QFontMetrics(self._font(1.0, bold=True)).height() + 4

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold, small = self._font(1.0, bold=True), self._font(0.86)
        upper, lower = QFontMetrics(bold), QFontMetrics(small)
        first = QRectF(0, 2, self.width(), upper.height())
        second = QRectF(0, self._second, self.width(), lower.height())
        newest = self.newest
        number = upper.horizontalAdvance(newest)
        painter.setFont(bold)
        painter.setPen(theme.colour("text"))
        room = max(int(first.width()) - (number + 2 * GAP if number else 0), 0)
        title = upper.elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        painter.drawText(first, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, newest)
        used = upper.horizontalAdvance(title) + GAP
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        if self.unit and used + lower.horizontalAdvance(self.unit) <= room:
            painter.drawText(first.adjusted(used, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.unit)
        if event.rect().bottom() < second.top():
            return  # what stands there is as it was
        if self._readout:
            self._places = []
            painter.setPen(theme.colour("text"))
            text = lower.elidedText(self._readout, Qt.TextElideMode.ElideRight, int(second.width()))
            painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        else:
            self._paint_legend(painter, second, lower)

    def entry_at(self, place: QPointF) -> Entry | None:
        """What of the legend is there."""
        return next((entry for rect, entry in self._places if entry.key and rect.contains(place)), None)

    def place_of(self, key: str) -> QRectF:
        """Where an entry of the legend is."""
        return next(rect for rect, entry in self._places if entry.key == key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.entry_at(event.position()) else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        entry = self.entry_at(event.position()) if event.button() is Qt.MouseButton.LeftButton else None
        if entry is not None:
            self.clicked.emit(entry.key)
        else:
            super().mousePressEvent(event)

    def _paint_legend(self, painter: QPainter, area: QRectF, metrics: QFontMetrics) -> None:
        left, swatch = area.left(), 1.6 * metrics.height()
        middle = area.center().y()
        self._places = []
        beside, least = swatch + 3 * GAP, metrics.horizontalAdvance("00000")
        room, entries = area.width() + 2 * GAP, self._entries
        if sum(metrics.horizontalAdvance(entry.text) + beside for entry in entries) > room:
            entries = tuple(replace(entry, text=entry.brief or entry.text) for entry in entries)
        widths = self._fitting([metrics.horizontalAdvance(entry.text) for entry in entries], room, beside, least)
        for entry, width in zip(entries, widths, strict=False):
            painter.setOpacity(0.35 if entry.hidden else 1.0)
            high = 0.0 if entry.width else swatch / 4
            entry.draw(painter, QRectF(left, middle - high, swatch, 2 * high))
            painter.setPen(theme.colour("muted"))
            text = QRectF(left + swatch + GAP, area.top(), width + 2, area.height())
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, width + 1))
            if entry.hidden:
                painter.drawLine(QPointF(text.left(), middle), QPointF(text.right(), middle))
            self._places.append((QRectF(left, area.top() - 2, swatch + GAP + width, area.height() + 4), entry))
            left += beside + width
        painter.setOpacity(1.0)

    @staticmethod
    def _fitting(widths: list[int], room: float, beside: float, least: int) -> list[int]:
        """Widths of the names that have room: the longest ones are cut, but none below `least`."""
        count = max(min(len(widths), int(room / (beside + least))), 1)
        most = max(widths, default=0)
        while most > least and sum(min(width, most) + beside for width in widths[:count]) > room:
            most -= 1
        return [min(width, most) for width in widths[:count]]

    def _font(self, scale: float, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(10 * theme.scale * scale)
        font.setBold(bold)
        return font
