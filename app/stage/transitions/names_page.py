"""States, with how likely an episode starts there, and actions: short lists to add to, rename in and delete from."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QPushButton, QTableView, QToolButton, QVBoxLayout, QWidget

from app.document import OpenWorld
from app.numbers import short
from app.stage.transitions.editing import CellEditor, TypingTable
from app.stage.transitions.names_model import NAME, START, NamesModel
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.worlds import table_edits
from core.worlds.build import TOLERANCE
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld


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
