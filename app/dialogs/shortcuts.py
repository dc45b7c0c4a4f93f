"""Every key there is, by menu."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.actions import ACTIONS
from app.stage.tools import SHAPES, TOOLS
from app.text import tr


class ShortcutsDialog(QDialog):
    """A table made from the action registry and the painting tools."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        rows = [(spec.menu, spec.text, QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)) for spec in ACTIONS]
        rows += [("Paint", tool.title, tool.key) for tool in (*TOOLS, *SHAPES)]
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        line = 0
        for menu in dict.fromkeys(row[0] for row in rows):
            heading = QLabel(tr(menu))
            heading.setProperty("heading", True)
            grid.addWidget(heading, line, 0)
            line += 1
            for _, text, keys in (row for row in rows if row[0] == menu and row[2]):
                grid.addWidget(QLabel(tr(text).rstrip(" …")), line, 0)
                key = QLabel(keys)
                key.setProperty("muted", True)
                grid.addWidget(key, line, 1, Qt.AlignmentFlag.AlignRight)
                line += 1
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(grid)
        layout.addWidget(buttons)
