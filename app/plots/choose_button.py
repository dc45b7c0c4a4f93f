"""The button beside the plots: three lines that open the list of them."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.popup import pop_up
from app.text import tr
from app.theme import theme


class ChooseButton(QToolButton):
    """Opens a menu that is made anew each time.

    Args:
        board: on which it stands.
        menu: makes the menu.
    """

    def __init__(self, board: QWidget, menu: Callable[[], QMenu]) -> None:
        super().__init__(board)
        self._menu = menu
        self.setToolTip(tr("Choose plots"))
        self.setAccessibleName(tr("Choose plots"))
        self.clicked.connect(self._open)

    def sizeHint(self) -> QSize:
        side = round(26 * theme.scale)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(self.rect(), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text" if self.underMouse() else "muted"))
        unit = self.width() / 26
        for row, width in enumerate((12, 12, 8)):
            painter.drawRoundedRect(round(7 * unit), round((8 + 4.5 * row) * unit), round(width * unit), max(1, round(1.6 * unit)), 1, 1)

    def _open(self) -> None:
        pop_up(self._menu(), self.mapToGlobal(self.rect().bottomLeft()))
