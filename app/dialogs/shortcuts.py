"""Every key there is, in columns: by menu, the tools, and what keys do in each view."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.actions import ACTIONS
from app.dialogs.fit import begin_at
from app.stage.tools import SHAPES, TOOLS
from app.text import tr

COLUMNS = 4
BY_VIEW = {
    "On the grid": {
        "Go to another cell": "← ↑ → ↓",
        "Draw": "Space, Enter",
        "Draw a line, carry a region": "Space + → …",
        "Erase what the tool draws": "Backspace",
        "Fence, or none": "Alt + → …",
        "Select a region": "Shift + → …",
        "Move the region": "Ctrl + → …",
        "Copy, cut, paste": "Ctrl+C, X, V",
        "Clear the region": "Del",
        "Let go": "Esc",
        "Closer, further away": "+ −",
    },
    "In the graph": {
        "Go to another state": "← ↑ → ↓, Tab",
        "New state": "N",
        "Draw arrows": "A",
        "Begin and end an arrow": "Enter",
        "Next action or outcome": "PgDn, PgUp",
        "Edit what is selected": "Enter, F2",
        "Move the state": "Alt + → …",
        "Delete": "Del",
        "Move the picture": "Space + {mouse}",
    },
    "In tables": {
        "Edit the cell": "F2",
        "Add row": "Ins",
        "Remove": "Del",
        "Copy, paste": "Ctrl+C, V",
    },
}
"""What keys do in the views of a world, beside the actions of menus."""


class ShortcutsDialog(QDialog):
    """A table made from the action registry, the painting tools and the keys of the views."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        body = QWidget()
        row = QHBoxLayout(body)
        row.setSpacing(32)
        for sections in _columns(_sections()):
            column = QVBoxLayout()
            for title, keys in sections:
                column.addLayout(_table(title, keys))
            column.addStretch(1)
            row.addLayout(column)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(body)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        begin_at(self, body.sizeHint() + QSize(48, 70))


def _sections() -> list[tuple[str, dict[str, str]]]:
    """Headings with the keys of each thing to do, in words on the screen."""
    found: dict[str, dict[str, str]] = {}
    for spec in ACTIONS:
        if spec.shortcut:
            keys = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
            found.setdefault(tr(spec.menu), {})[tr(spec.text).rstrip(" …")] = keys
    found[tr("Paint")] = {tr(tool.title): tool.key for tool in (*TOOLS, *SHAPES)}
    found |= {tr(view): {tr(deed): key.format(mouse=tr("mouse")) for deed, key in known.items()} for view, known in BY_VIEW.items()}
    return list(found.items())


def _columns(sections: list[tuple[str, dict[str, str]]]) -> list[list[tuple[str, dict[str, str]]]]:
    """Sections in their order, in columns of about the same length."""
    share = sum(len(keys) + 2 for _, keys in sections) / COLUMNS
    found: list[list[tuple[str, dict[str, str]]]] = [[] for _ in range(COLUMNS)]
    above = 0.0
    for section in sections:
        length = len(section[1]) + 2
        found[min(int((above + length / 2) / share), COLUMNS - 1)].append(section)
        above += length
    return found


def _table(title: str, keys: dict[str, str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(3)
    heading = QLabel(title)
    heading.setProperty("heading", True)
    grid.addWidget(heading, 0, 0, 1, 2)
    for line, (what, key) in enumerate(keys.items(), start=1):
        grid.addWidget(QLabel(what), line, 0)
        shown = QLabel(key)
        shown.setProperty("muted", True)
        grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return grid
