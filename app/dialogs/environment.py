"""Asks for an environment of one's own: its code, and which of those in it. Nothing of it runs here."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.forms.form import ConfigForm
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.errors import ValuescapeError
from core.worlds.foreign.code import code_of, is_file
from core.worlds.foreign.names import environments_in, world_of
from core.worlds.gym import Limits


class EnvironmentDialog(QDialog):
    """A Python file or a module, the environment in it, and its limits.

    Args:
        source: what is there at first.
    """

    chosen = Signal(object)
    """GymWorld: the environment to open."""

    def __init__(self, parent: QWidget, source: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Open environment"))
        self.source, self.name, self.line = QLineEdit(source), QComboBox(), QLabel()
        self.source.setPlaceholderText(tr("corridor.py, or the name of a module"))
        self.name.setEditable(True)
        self.line.setWordWrap(True)
        self.limits = ConfigForm(Limits, inner=True)
        browse = QPushButton(tr("Choose a file …"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        where = QHBoxLayout()
        where.addWidget(self.source, 1)
        where.addWidget(browse)
        form = QFormLayout()
        form.addRow(tr("Code"), where)
        form.addRow(tr("Environment"), self.name)
        for field, name in ((self.source, tr("Code")), (self.name, tr("Environment"))):
            field.setAccessibleName(name)
        later = QLabel(tr("Its code does not run before you train or watch it, and then you are asked."))
        later.setProperty("muted", True)
        later.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_ = buttons.addButton(tr("Open"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form)
        for part in (self.line, self.limits, later, buttons):
            layout.addWidget(part)
        self.setMinimumWidth(round(520 * theme.scale))
        self.source.editingFinished.connect(self._look)
        self.name.editTextChanged.connect(self._follow)
        self._look()

    def _browse(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Open environment"), self.source.text(), tr("Python files (*.py)"))
        if name:
            self.source.setText(name)
            self._look()

    def _look(self) -> None:
        """Offer what the code seems to hold."""
        source = self.source.text().strip()
        typed = self.name.currentText()
        self.name.clear()
        self.line.clear()
        if source:
            try:
                found = environments_in(code_of(source).text, source)
            except ValuescapeError as error:
                self.line.setText(told(error.sentence))
            else:
                self.name.addItems(found)
                if not found:
                    self.line.setText(tr("No environment is seen in it: type the id that it registers, or the name of a class."))
        if typed and self.name.findText(typed) < 0:
            self.name.setEditText(typed)
        self._follow()

    def _follow(self) -> None:
        self.open_.setEnabled(bool(self.source.text().strip() and self.name.currentText().strip()))

    def _choose(self) -> None:
        source = self.source.text().strip()
        try:
            code_of(source)
            full = str(Path(source).resolve()) if is_file(source) else source
            world = world_of(full, self.name.currentText().strip()).model_copy(update=dict(self.limits.value()))
        except ValuescapeError as error:
            self.line.setText(told(error.sentence))
        else:
            self.chosen.emit(world)
            self.accept()
