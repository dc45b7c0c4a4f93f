"""Asks before the code of an environment runs for the first time: what, from where, with which hash."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.dialogs.fit import fit
from app.dialogs.fixed import fixed_font
from app.text import tr
from app.theme import theme
from core.worlds.foreign.code import Code

LONGEST = 200_000
"""Bytes of code that are shown."""


class ConsentDialog(QDialog):
    """Accepted, the code may run until it is changed.

    Args:
        name: of the environment.
        code: of which nothing has run yet.
    """

    def __init__(self, parent: QWidget, name: str, code: Code) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Run this code?"))
        heading = QLabel(tr("The environment “{name}” is made by code that has not run here before, or that has changed.", name=name))
        heading.setWordWrap(True)
        facts = QFormLayout()
        facts.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        facts.addRow(tr("Code"), _fact(str(code.path)))
        if code.path.name == "__init__.py":
            facts.addRow(tr("With"), _fact(tr("all Python files in its folder")))
        digest = _fact(f"{code.sha256[:32]}\n{code.sha256[32:]}")
        digest.setFont(fixed_font())
        facts.addRow(tr("SHA-256"), digest)
        risk = QLabel(
            tr("It can do whatever you can do on this computer, such as read and delete files. Run it only if you know where it is from.")
        )
        kept = QLabel(
            tr("It runs in a process of its own: where it hangs or breaks down, the studio goes on. Changed code is asked for again.")
        )
        kept.setProperty("muted", True)
        for label in (risk, kept):
            label.setWordWrap(True)
        self.text = QPlainTextEdit(code.text[:LONGEST].decode("utf-8", "replace"))
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(tr("Code"))
        self.text.setMinimumHeight(round(130 * theme.scale))
        self.text.hide()
        buttons = QDialogButtonBox()
        self.look = QPushButton(tr("Show the code"))
        self.look.setCheckable(True)
        self.look.toggled.connect(self._look)
        buttons.addButton(self.look, QDialogButtonBox.ButtonRole.ActionRole)
        self.run = buttons.addButton(tr("Run it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        for button in (self.look, self.run):
            button.setAutoDefault(False)
        self.cancel.setDefault(True)
        self.cancel.setFocus()
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addLayout(facts)
        for part in (risk, kept, self.text, buttons):
            layout.addWidget(part)
        self.setMinimumWidth(round(520 * theme.scale))
        fit(self)

    def _look(self, on: bool) -> None:
        self.text.setVisible(on)
        fit(self, round(130 * theme.scale) if on else 0)


def _fact(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
