"""Asks for a new grid size, and before cells that are not floor would be cut."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QWidget

from app.text import tr
from core.worlds.grid import Cell, GridWorld

LARGEST = 200
"""Cells along one side at most, for drawing by hand."""


class ResizeDialog(QDialog):
    """Rows and columns, with a line saying how many drawn cells would be lost."""

    def __init__(self, parent: QWidget, world: GridWorld) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Resize grid"))
        self.world = world
        self.rows, self.columns = QSpinBox(), QSpinBox()
        self.warning = QLabel()
        self.warning.setProperty("error", True)
        self.warning.setWordWrap(True)
        form = QFormLayout(self)
        for label, spin, value in ((tr("Rows"), self.rows, world.rows), (tr("Columns"), self.columns, world.columns)):
            spin.setRange(1, max(LARGEST, value))
            spin.setValue(value)
            spin.valueChanged.connect(self._warn)
            form.addRow(label, spin)
        form.addRow(self.warning)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    def lost(self) -> int:
        """Drawn cells outside the new size."""
        rows, columns = self.rows.value(), self.columns.value()
        return sum(
            sign != Cell.floor
            for row, line in enumerate(self.world.map)
            for column, sign in enumerate(line)
            if row >= rows or column >= columns
        )

    def _warn(self) -> None:
        lost = self.lost()
        self.warning.setText(tr("{lost} drawn cells will be cut. Undo brings them back.", lost=lost) if lost else "")
