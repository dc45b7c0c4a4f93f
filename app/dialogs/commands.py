"""The command palette: type a few letters of what you want to do."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.text import tr

ACTION = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Lists the enabled actions that match; Enter does the marked one."""

    def __init__(self, parent: QWidget, actions: Iterable[QAction]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setMinimumWidth(460)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Find a command …"))
        self.line.textChanged.connect(self._narrow)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.itemActivated.connect(self._do)
        self.list.itemClicked.connect(self._do)
        for action in actions:
            if action.isEnabled():
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                item = QListWidgetItem(action.icon(), action.text().rstrip(" …") + (f"    {keys}" if keys else ""))
                item.setToolTip(action.statusTip())
                item.setData(ACTION, action)
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem():
                self._do(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        rows = [self.list.item(row) for row in range(self.list.count())]
        for item in rows:
            item.setHidden(not all(word in item.text().casefold() for word in words))
        visible = [item for item in rows if not item.isHidden()]
        if visible:
            self.list.setCurrentItem(visible[0])

    def _do(self, item: QListWidgetItem) -> None:
        self.accept()
        item.data(ACTION).trigger()
