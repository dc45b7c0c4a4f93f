"""Typing into cells: names complete themselves, and what cannot be is said before the cell is left."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from app.stage.values_model import Index
from app.theme import theme
from core.errors import WorldError

LEAVING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class CellEditor(QStyledItemDelegate):
    """A line to type in.

    Args:
        names: the names that complete what is typed in a cell; none where it holds a number.
        tried: raises WorldError where a cell would not take a text.
        refused: told that error.
    """

    def __init__(
        self,
        parent: QWidget,
        names: Callable[[Index], Sequence[str]],
        tried: Callable[[Index, str], None],
        refused: Callable[[WorldError], None],
    ) -> None:
        super().__init__(parent)
        self.names, self.tried, self.refused = names, tried, refused
        self.known: Sequence[str] = ()
        self.words = QStringListModel(self)
        self.at: Index | None = None

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if option.features & QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator:
            palette = option.palette
            palette.setColor(QPalette.ColorRole.Window, theme.colour("muted"))  # the outline of a box to tick
            option.palette = palette

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = QLineEdit(parent)
        line.setFrame(False)
        line.setAlignment(Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or Qt.AlignmentFlag.AlignLeft))
        names = self.names(index)
        if names:
            if names is not self.known:
                self.known = names
                self.words.setStringList(list(names))
            completer = QCompleter(self.words, line)
            completer.setFilterMode(Qt.MatchFlag.MatchContains if len(names) <= 1000 else Qt.MatchFlag.MatchStartsWith)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            line.setCompleter(completer)
        self.at = index
        return line

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and Qt.Key(event.key()) in LEAVING:
            assert isinstance(editor, QLineEdit) and self.at is not None
            try:
                self.tried(self.at, editor.text())
            except WorldError as error:
                editor.setStyleSheet(f"border: 2px solid {theme.colour('trap').name()}")
                self.refused(error)
                return True
        return super().eventFilter(editor, event)


class TypingTable(QTableView):
    """A table that takes every letter as typing, even where the window has a shortcut for it."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(self.EditTrigger.DoubleClicked | self.EditTrigger.AnyKeyPressed | self.EditTrigger.EditKeyPressed)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            if plain and event.text().isprintable() and event.text():
                event.accept()
                return True
        return super().event(event)
