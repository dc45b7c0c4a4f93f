"""States, with how likely an episode starts there, and actions: short lists to add to, rename in and delete from."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QPushButton, QTableView, QToolButton, QVBoxLayout, QWidget

from app.document import OpenWorld
from app.numbers import exact, short
from app.stage.transitions.editing import CellEditor, TypingTable
from app.stage.transitions.spreadsheet import number_of
from app.stage.values_model import Index, Role, aligned
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.worlds import table_edits
from core.worlds.build import TOLERANCE
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld
from core.worlds.world import World

NAME, START = 0, 1


class NamesModel(QAbstractTableModel):
    """Names, and for states the start probability.

    Args:
        document: the open world.
        what: "state" or "action".
    """

    refused = Signal(object)
    """WorldError: what was typed that cannot be; None once something was taken."""

    def __init__(self, document: OpenWorld, what: str) -> None:
        super().__init__()
        self.document, self.what = document, what
        self.names: Sequence[str] = ()
        self.start: Floats | None = None

    def set_names(self, names: Sequence[str], start: Floats | None) -> None:
        """Show other names; `start` [names] are probabilities, None where an episode starts anywhere."""
        same = len(names) == len(self.names)
        if not same:
            self.beginResetModel()
        self.names, self.start = names, start
        if not same:
            self.endResetModel()
        elif len(names):
            self.dataChanged.emit(self.index(0, 0), self.index(len(names) - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.names)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else 2 if self.what == "state" else 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if isinstance(self.document.world, TableWorld) else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Role.TextAlignmentRole:
            return aligned(column, (NAME,))
        if role in (Role.DisplayRole, Role.EditRole):
            if column == NAME:
                return self.names[row]
            chance = 0.0 if self.start is None else float(self.start[row])
            return exact(chance) if role == Role.EditRole else short(chance) if chance else ""
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return tr("Start") if section == START else tr("State") if self.what == "state" else tr("Action")
        if role == Role.ToolTipRole and section == START:
            return tr("How likely an episode starts in this state.")
        return aligned(section, (NAME,)) if role == Role.TextAlignmentRole else None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole:
            return False
        try:
            self.document.apply(*self.edited(index.row(), index.column(), str(value)))
        except WorldError as error:
            self.refused.emit(error)
            return False
        self.refused.emit(None)
        return True

    def try_text(self, index: Index, text: str) -> None:
        """WorldError where a cell would not take the text."""
        self.edited(index.row(), index.column(), text)

    def edited(self, row: int, column: int, text: str) -> tuple[World, str]:
        """The world with another name or start probability, and what that edit is called."""
        world, old = self.document.world, self.names[row]
        assert isinstance(world, TableWorld)
        if column == START:
            chance = number_of(text or "0")
            if not 0 <= chance <= 1:
                raise WorldError(tr("a start probability lies from 0 to 1, not {value}", value=text))
            start = {name: value for name, value in (world.start | {old: chance}).items() if value}
            return table_edits.started(world, start), tr("Edit where episodes start")
        if self.what == "state":
            return table_edits.renamed_state(world, old, text.strip()), tr("Rename a state")
        return table_edits.renamed_action(world, old, text.strip()), tr("Rename an action")


class NamesList(QWidget):
    """One list with its buttons. `refused` carries a WorldError, or None once that is over."""

    refused = Signal(object)

    def __init__(self, document: OpenWorld, what: str) -> None:
        super().__init__()
        self.document, self.what = document, what
        self.model = NamesModel(document, what)
        self.model.refused.connect(self.refused)
        self.table = TypingTable()
        self.table.setModel(self.model)
        self.table.setItemDelegate(CellEditor(self.table, lambda _: (), self.model.try_text, self.refused.emit))
        self.table.setEditTriggers(
            TypingTable.EditTrigger.DoubleClicked | TypingTable.EditTrigger.AnyKeyPressed | TypingTable.EditTrigger.EditKeyPressed
        )
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setAccessibleName(tr("States") if what == "state" else tr("Actions"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.title = QLabel(tr("States") if what == "state" else tr("Actions"))
        self.title.setProperty("heading", True)
        self.add_button = self._button("+", tr("Add a state.") if what == "state" else tr("Add an action."), None, self.add)
        self.remove_button = self._button(
            "−",
            tr("Take the selected states out, with all that leads to them.") if what == "state" else tr("Take the selected actions out."),
            QKeySequence.StandardKey.Delete,
            self.remove,
        )
        self.table.addAction(self.remove_button.defaultAction())
        above = QHBoxLayout()
        above.setContentsMargins(8, 4, 4, 4)
        above.addWidget(self.title, 1)
        above.addWidget(self.add_button)
        above.addWidget(self.remove_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.table, 1)
        theme.changed.connect(self._use_theme)
        self._use_theme()

    def add(self) -> None:
        """Add a name that is free, and let it be typed over."""
        world = self.document.world
        if not isinstance(world, TableWorld):
            return
        new, name = (table_edits.with_state, "s") if self.what == "state" else (table_edits.with_action, "a")
        number = next(n for n in range(len(self.model.names), 2 * len(self.model.names) + 2) if f"{name}{n}" not in self.model.names)
        self.document.apply(new(world, f"{name}{number}"), tr("Add a state") if self.what == "state" else tr("Add an action"))
        self.refused.emit(None)
        index = self.model.index(len(self.model.names) - 1, NAME)
        self.table.setCurrentIndex(index)
        self.table.edit(index)

    def remove(self) -> None:
        """Take the selected names out; one is left."""
        world = self.document.world
        names = [self.model.names[index.row()] for index in self.table.selectionModel().selectedRows()]
        if not isinstance(world, TableWorld) or not names:
            return
        try:
            for name in names:
                world = table_edits.without_state(world, name) if self.what == "state" else table_edits.without_action(world, name)
        except WorldError as error:
            self.refused.emit(error)
            return
        self.document.apply(world, tr("Remove states") if self.what == "state" else tr("Remove actions"))
        self.refused.emit(None)

    def set_names(self, names: Sequence[str], start: Floats | None) -> None:
        """Show the names of the open world."""
        self.model.set_names(names, start)
        for button in (self.add_button, self.remove_button):
            button.defaultAction().setEnabled(isinstance(self.document.world, TableWorld))

    def _button(self, text: str, tip: str, keys: QKeySequence.StandardKey | None, done: Callable[[], None]) -> QToolButton:
        action = QAction(text, self)
        action.setToolTip(tip)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: done())
        button = QToolButton()
        button.setDefaultAction(action)
        return button

    def _use_theme(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(round(24 * theme.scale))
        if self.what == "state":
            self.table.setColumnWidth(START, self.table.fontMetrics().horizontalAdvance("0.0000") + 22)
        self.setMinimumWidth(round(150 * theme.scale))


class NamesPage(QWidget):
    """Both lists, and what the start probabilities add up to."""

    refused = Signal(object)
    """WorldError, or None once that is over."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.state_list, self.action_list = NamesList(document, "state"), NamesList(document, "action")
        self.start = QLabel()
        self.start.setWordWrap(True)
        self.normalise = QPushButton(tr("Normalise"))
        self.normalise.setToolTip(tr("Divide the start probabilities by their sum."))
        self.normalise.clicked.connect(self.make_normal)
        self.anywhere = QPushButton(tr("Anywhere"))
        self.anywhere.setToolTip(tr("Let episodes start in every state that has actions, all alike."))
        self.anywhere.clicked.connect(self.start_anywhere)
        below = QHBoxLayout()
        below.setContentsMargins(8, 4, 8, 4)
        below.addWidget(self.start, 1)
        below.addWidget(self.normalise)
        below.addWidget(self.anywhere)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.state_list, 3)
        layout.addLayout(below)
        layout.addWidget(self.action_list, 2)
        for part in (self.state_list, self.action_list):
            part.refused.connect(self.refused)

    def set_names(self, states: Sequence[str], actions: Sequence[str], start: Floats | None) -> None:
        """Show the names of the open world, and start probabilities [S] or None for anywhere."""
        self.state_list.set_names(states, start)
        self.action_list.set_names(actions, None)
        total = 1.0 if start is None else float(np.sum(start))
        wrong = abs(total - 1) > TOLERANCE
        editable = isinstance(self.document.world, TableWorld)
        self.start.setText(
            tr("Episodes start anywhere.") if start is None
            else tr("The start probabilities add up to {sum}.", sum=short(total, 6)) if wrong else ""
        )  # fmt: skip
        self.start.setProperty("error", wrong)
        self.start.style().polish(self.start)
        self.normalise.setVisible(wrong)
        self.anywhere.setVisible(editable and start is not None)

    def make_normal(self) -> None:
        """Divide the start probabilities by their sum."""
        world = self.document.world
        if isinstance(world, TableWorld):
            total = sum(world.start.values())
            start = {name: chance / total for name, chance in world.start.items()}
            self.document.apply(table_edits.started(world, start), tr("Normalise where episodes start"))

    def start_anywhere(self) -> None:
        """Let episodes start in every state that has actions."""
        world = self.document.world
        if isinstance(world, TableWorld):
            self.document.apply(table_edits.started(world, {}), tr("Start anywhere"))
