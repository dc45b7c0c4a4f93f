"""A small panel in that corner of the canvas where it hides least."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.theme import theme

EDGE = 9


class Panel(QLabel):
    """Shows a text over its parent; the mouse passes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.canvas = parent
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setMargin(8)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_text(self, text: str, mouse: QPointF, busy: Sequence[QPointF]) -> None:
        """Show a text away from the mouse, over as few busy points as may be; none hides it."""
        self.setVisible(bool(text))
        if not text:
            return
        c = theme.colours
        self.setStyleSheet(f"background: {c.panel}; border: 1px solid {c.border}; border-radius: 6px;")
        self.setText(text)
        widest = max(self.fontMetrics().horizontalAdvance(line) for line in text.split("\n")) + 30
        self.setFixedWidth(min(round(620 * theme.scale), self.canvas.width() - 2 * EDGE, widest))
        self.adjustSize()
        across = (EDGE, self.canvas.width() - self.width() - EDGE)
        down = (self.canvas.height() - self.height() - EDGE, EDGE)
        corners = [QPoint(x, y) for y in down for x in across]

        def hidden(corner: QPoint) -> int:
            box = QRect(corner, self.size()).adjusted(-20, -20, 20, 20)
            return 1000 * box.contains(mouse.toPoint()) + sum(box.contains(point.toPoint()) for point in busy)

        self.move(min(corners, key=hidden))
