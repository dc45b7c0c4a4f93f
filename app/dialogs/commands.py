"""The command palette: type a few letters of what you want to do."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from app.actions import ACTIONS
from app.dialogs.fit import begin_at
from app.icons import icon
from app.text import tr
from app.theme import theme

ACTION = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Lists the enabled actions that match; Enter does the marked one."""

    def __init__(self, parent: QWidget, actions: Iterable[QAction]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        begin_at(self, QSize(460, 380) * theme.scale)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Find a command …"))
        self.line.textChanged.connect(self._narrow)
        self.line.installEventFilter(self)
        self.list = QTreeWidget()
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemActivated.connect(self._do)
        self.list.itemClicked.connect(self._do)
        icons = {spec.name: spec.icon for spec in ACTIONS}
        for action in actions:
            if action.isEnabled():
                item = QTreeWidgetItem([action.text().rstrip(" …"), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)])
                item.setIcon(0, icon(icons[action.objectName()] or "none"))
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(0, action.statusTip())
                item.setData(0, ACTION, action)
                self.list.addTopLevelItem(item)
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self._narrow("")
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self.list.currentItem()
                if item is not None and not item.isHidden():
                    self._do(item)
                return True
        return super().eventFilter(watched, event)

    def items(self) -> list[QTreeWidgetItem]:
        """The rows that match what is typed."""
        rows = [self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount())]
        return [item for item in rows if item is not None and not item.isHidden()]

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None:
                item.setHidden(not all(word in item.text(0).casefold() for word in words))
        visible = self.items()
        if visible:
            self.list.setCurrentItem(visible[0])
        else:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())

    def _do(self, item: QTreeWidgetItem) -> None:
        self.accept()
        item.data(0, ACTION).trigger()
