"""A line to type in, where the text that it changes stands."""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from app.sentences import told
from core.errors import ValuescapeError


class Field(QLineEdit):
    """Appears over a label; Enter keeps what is typed, Escape does not. What cannot be is said and stays to be mended."""

    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.canvas = parent
        self.accept: Callable[[str], None] | None = None
        self.before = ""
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.textEdited.connect(self._mended)
        self.hide()

    def ask(self, text: str, box: QRect, name: str, tip: str, accept: Callable[[str], None]) -> None:
        """Edit a text.

        Args:
            box: where it stands, in pixels of the parent.
            name: what is asked, for those who do not see it.
            tip: how to write it.
            accept: takes the new text, or raises a ValuescapeError.
        """
        self.accept, self.before = accept, text
        self.setText(text)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        width = max(box.width() + 24, self.fontMetrics().horizontalAdvance(text) + 40, 90)
        height = self.sizeHint().height()
        parent = self.canvas
        left = min(max(box.center().x() - width // 2, 4), max(parent.width() - width - 4, 4))
        top = min(max(box.center().y() - height // 2, 4), max(parent.height() - height - 4, 4))
        self.setGeometry(left, top, width, height)
        self._mended()
        self.show()
        self.selectAll()
        self.setFocus()

    def keep(self) -> None:
        """Hand over what is typed; where that cannot be, say why and stay."""
        if self.accept is None:
            return
        accept, text = self.accept, self.text().strip()
        if text != self.before:
            try:
                accept(text)
            except ValuescapeError as error:
                sentence = told(error.sentence)
                self.setStyleSheet("border: 2px solid palette(link);")
                self.setProperty("error", True)
                QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), sentence, self)
                self.refused.emit(sentence)
                return
        self.leave()

    def leave(self) -> None:
        """Go away; nothing changes."""
        self.accept = None
        if self.hasFocus():
            self.canvas.setFocus()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # a line edit would hand it on to the canvas, which would ask again
            self.keep()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason and self.accept is not None:
            self.keep()
            if self.accept is not None:
                self.leave()

    def _mended(self, _text: str = "") -> None:
        self.setProperty("error", False)
        self.setStyleSheet("")
