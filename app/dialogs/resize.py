"""Asks for a new grid size and where the drawn cells shall lie in it, and says what would be cut."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QFormLayout, QGridLayout, QLabel, QSpinBox, QToolButton, QWidget

from app.text import tr
from core.worlds.clip import place
from core.worlds.grid import BY_CELL, Cell, GridWorld

LARGEST = 200
"""Cells along one side at most, for drawing by hand."""
ANCHORS = "↖↑↗←•→↙↓↘"
"""Where what is drawn stays, row by row."""


class ResizeDialog(QDialog):
    """Rows, columns and anchor, with a line saying how many drawn cells would be lost."""

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
        self.anchors = QButtonGroup(self)
        grid = QGridLayout()
        grid.setSpacing(2)
        grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        for number, sign in enumerate(ANCHORS):
            button = QToolButton()
            button.setText(sign)
            button.setCheckable(True)
            button.setProperty("square", True)
            button.setToolTip(tr("What is drawn stays at this edge, corner or in the middle."))
            self.anchors.addButton(button, number)
            grid.addWidget(button, number // 3, number % 3)
        self.anchors.button(0).setChecked(True)
        self.anchors.idClicked.connect(lambda _: self._warn())
        form.addRow(tr("Anchor"), grid)
        form.addRow(self.warning)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def shift(self) -> tuple[int, int]:
        """Rows down and columns to the right by which what is drawn moves."""
        down, right = divmod(self.anchors.checkedId(), 3)
        return (self.rows.value() - self.world.rows) * down // 2, (self.columns.value() - self.world.columns) * right // 2

    def lost(self) -> int:
        """Cells outside the new size that are drawn, or of which something is said."""
        (down, right), rows, columns = self.shift, self.rows.value(), self.columns.value()
        drawn = {(row, column) for row, line in enumerate(self.world.map) for column, sign in enumerate(line) if sign != Cell.floor}
        for field in BY_CELL:
            drawn |= {place(known.partition(" ")[0]) for known in getattr(self.world, field)}
        return sum(not (0 <= row + down < rows and 0 <= column + right < columns) for row, column in drawn)

    def _warn(self) -> None:
        lost = self.lost()
        self.warning.setText(tr("{lost} drawn cells will be cut. Undo brings them back.", lost=lost) if lost else "")
