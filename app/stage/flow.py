"""Widgets in a row that goes on in the next line where it is too long."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Lays out widgets from left to right, line by line; hidden ones take no room. From one that is aligned to the right on, those of a
    line stand at its end.
    """

    def __init__(self, parent: QWidget, space: int = 6, margin: int = 6) -> None:
        super().__init__(parent)
        self.space = space
        self.setContentsMargins(margin, 3, margin, 3)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _place(self, rect: QRect, really: bool) -> int:
        """Place every widget; the height that is needed."""
        margins = self.contentsMargins()
        room = rect.marginsRemoved(margins)
        x, y, line = room.x(), room.y(), list[tuple[QLayoutItem, QPoint, QSize]]()
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if line and x + size.width() > room.right() + 1:
                y += self._finish(line, room, really) + self.space // 2
                x = room.x()
            line.append((item, QPoint(x, y), size))
            x += size.width() + self.space
        y += self._finish(line, room, really)
        return y - rect.y() + margins.bottom()

    @staticmethod
    def _finish(line: list[tuple[QLayoutItem, QPoint, QSize]], room: QRect, really: bool) -> int:
        """Centre a line's widgets in its height, which is returned."""
        height = max((size.height() for *_, size in line), default=0)
        if really and line:
            (_, last, size), aside = line[-1], 0
            spare = max(0, room.right() + 1 - last.x() - size.width())
            for item, place, size in line:
                aside = spare if item.alignment() & Qt.AlignmentFlag.AlignRight else aside
                item.setGeometry(QRect(place + QPoint(aside, (height - size.height()) // 2), size))
        line.clear()
        return height
