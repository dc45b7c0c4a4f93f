"""Asks how much memory the past of a run may take, and says what that buys."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from app.numbers import MB
from app.text import tr
from app.theme import theme
from core.memory import free_memory
from core.runs.keeper import LEAST, MEMORY, most_memory

STEP = 64
"""Megabytes that an arrow adds."""
WIDTH = 400
"""Pixels of a line of text at a text scale of 1."""


class PastMemoryDialog(QDialog):
    """`chosen` carries megabytes.

    Args:
        parent: the window.
        memory: megabytes in use.
        taken: bytes that the past of the run on show takes; 0 where there is none.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget, memory: int, taken: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Memory of the past"))
        self.taken, self.free = taken, free_memory()
        least, most = LEAST // MB, most_memory() // MB
        self.memory = QSpinBox()
        self.memory.setRange(least, most)
        self.memory.setSingleStep(STEP)
        self.memory.setGroupSeparatorShown(True)
        self.memory.setSuffix(" MB")
        self.memory.setValue(memory)
        self.memory.setAccessibleName(tr("Memory of the past"))
        self.memory.setToolTip(tr("{memory} MB, unless you choose otherwise.", memory=MEMORY // MB))
        self.memory.valueChanged.connect(self._warn)
        buys = tr(
            "A run keeps states of its past. With more memory, more moments are reached at once; on the way to others, work is done again. "
            "What is learnt stays the same."
        )
        limits = tr("From {least} to {most} MB, half of what this machine has.", least=least, most=f"{most:,}")
        self.warning = _line("", "error")
        form = QFormLayout(self)
        form.setSizeConstraint(QFormLayout.SizeConstraint.SetFixedSize)
        form.addRow(_line(buys))
        form.addRow(tr("Memory of the past"), self.memory)
        form.addRow(_line(limits, "muted"))
        form.addRow(self.warning)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self._warn()

    def _warn(self) -> None:
        memory, warning = self.memory.value() * MB, ""
        if memory < self.taken:
            warning = tr("This run's past takes {size} MB: older moments will take longer.", size=f"{self.taken / MB:,.0f}")
        elif memory - self.taken > self.free:
            warning = tr("Only {free} MB are free now: close other programs, or choose less.", free=f"{self.free // MB:,}")
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))

    def _choose(self) -> None:
        self.chosen.emit(self.memory.value())
        self.accept()


def _line(text: str, kind: str = "") -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setFixedWidth(round(WIDTH * theme.scale))
    if kind:
        label.setProperty(kind, True)
    return label
