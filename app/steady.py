"""Texts that change many times a second without moving what stands beside them."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QToolButton


class Steady:
    """Mixed into a label or button: it stays as wide as its widest text since it was last empty.

    So Qt need not lay out the window anew for every text, which takes longer than drawing it.
    """

    _widest = 0

    def setText(self, text: str) -> None:
        assert isinstance(self, QLabel | QToolButton)
        if text != self.text():
            super().setText(text)  # type: ignore[misc]
            self._fit()

    def clear(self) -> None:
        self.setText("")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)  # type: ignore[misc]
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._widest = 0
            self._fit()

    def _fit(self) -> None:
        assert isinstance(self, QLabel | QToolButton)
        needed = self.sizeHint()
        self._widest = max(self._widest, needed.width()) if self.text() else 0
        self.setFixedSize(self._widest, needed.height())


class SteadyLabel(Steady, QLabel):
    """Such a label."""


class SteadyButton(Steady, QToolButton):
    """Such a button."""
