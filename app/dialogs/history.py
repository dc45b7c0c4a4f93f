"""Every edit of the open world; a click goes back, or forth, to it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QDialog, QLabel, QUndoView, QVBoxLayout, QWidget

from app.dialogs.fit import begin_at
from app.text import tr
from app.theme import theme


class HistoryDialog(QDialog):
    """The list of edits, which may stay open while drawing goes on."""

    def __init__(self, parent: QWidget, stack: QUndoStack) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("History"))
        begin_at(self, QSize(300, 420) * theme.scale)
        self.list = QUndoView(stack)
        self.list.setEmptyLabel(tr("As it was opened"))
        self.list.setAccessibleName(tr("History"))
        hint = QLabel(tr("Click a step to go back to it; nothing is lost until the next edit."))
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addWidget(self.list)
