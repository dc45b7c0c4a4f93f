"""A setting that only a file can bring."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.forms.fields import Field
from app.text import tr


class ShownField(Field):
    """What a file brought in: shown, not typed."""

    wide = True

    def __init__(self) -> None:
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.value: Any = None
        super().__init__(self.label)

    def get(self) -> Any:
        return self.value

    def put(self, value: Any) -> None:
        self.value = value
        self.label.setText(tr("none: as it is before learning") if value is None else str(value))

    def mark(self, wrong: bool) -> None:
        """Nobody typed it."""
