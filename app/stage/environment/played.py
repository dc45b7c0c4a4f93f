"""A widget whose keys are actions while a person plays."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.stage.environment.steering import Steering

MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class PlayedWidget(QWidget):
    """Keys that have an action are no shortcuts here."""

    def steered_by(self) -> Steering | None:
        """Which key takes which action; None while nobody plays."""
        raise NotImplementedError

    def action_of(self, event: QKeyEvent) -> int | None:
        """The action of a key; None where it has none."""
        by = None if event.modifiers() & MODIFIERS else self.steered_by()
        return None if by is None else by.action(event.key())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.action_of(event) is not None:
            event.accept()
            return True
        return super().event(event)
