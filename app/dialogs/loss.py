"""Tells what a format cannot say of the world before it is written."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from app.sentences import told
from app.text import tr
from app.theme import theme


class LossDialog(QDialog):
    """A sentence for each thing that is lost; accepted, the file is written all the same."""

    def __init__(self, parent: QWidget, title: str, lost: Iterable[str]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Export"))
        heading = QLabel(tr("The format “{title}” cannot say all of this world:", title=title))
        heading.setWordWrap(True)
        self.lines = QLabel("\n".join(f"•  {told(line)}" for line in lost))
        self.lines.setWordWrap(True)
        self.lines.setTextFormat(Qt.TextFormat.PlainText)
        self.lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        kept = QLabel(tr("The world itself stays as it is; only the file lacks this."))
        kept.setProperty("muted", True)
        kept.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = buttons.addButton(tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for part in (heading, self.lines, kept, buttons):
            layout.addWidget(part)
        self.setMinimumWidth(round(440 * theme.scale))
