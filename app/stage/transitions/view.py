"""The transitions as a view of the stage: Rows, P and R, with states and actions beside them."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.document import OpenWorld
from app.sentences import told
from app.stage.flow import Flow
from app.stage.transitions.matrix_model import PROBABILITIES, REWARDS
from app.stage.transitions.matrix_page import MatrixPage
from app.stage.transitions.names_page import NamesPage
from app.stage.transitions.rows_page import RowsPage
from app.stage.view import View
from app.text import tr
from core.errors import WorldError
from core.worlds.as_table import as_table
from core.worlds.grid import GridWorld
from core.worlds.mdp import FiniteMDP, Floats
from core.worlds.rows import Rows, rows_of
from core.worlds.table import TableWorld
from core.worlds.world import World

ROWS = "Rows"
PAGES = {
    ROWS: "Every outcome of every action in a row of its own.",
    PROBABILITIES: "P[s, s′]: how likely each next state is, for one action.",
    REWARDS: "R[s, s′]: what each transition earns on average, for one action.",
}


class TransitionsView(View):
    """The model itself, to be read and edited like a spreadsheet."""

    name = "transitions"
    title = "Transitions"
    tip = "P and R: where each action leads, how likely, and what it earns, as rows or as matrices."
    icon = "transitions"

    def __init__(self, document: OpenWorld) -> None:
        super().__init__(document)
        self.rows = RowsPage(document)
        self.matrix = MatrixPage(document)
        self.names = NamesPage(document)
        self.mdp: FiniteMDP | None = None
        self.page = ROWS
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        bar = QWidget()
        above = Flow(bar, 2, 2)
        for page in PAGES:
            button = QToolButton()
            button.setText(tr(ROWS) if page == ROWS else page)
            button.setToolTip(tr(PAGES[page]))
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _checked=False, page=page: self.show_page(page))
            group.addButton(button)
            above.addWidget(button)
            self.buttons[page] = button
        self.action_label = QLabel(tr("Action"))
        self.action = QComboBox()
        self.action.setToolTip(tr("The action whose matrix is shown."))
        self.action.setAccessibleName(tr("Action"))
        self.action.currentIndexChanged.connect(self._show_matrix)
        self.action_label.setContentsMargins(12, 0, 4, 0)
        above.addWidget(self.action_label)
        above.addWidget(self.action)
        self.make_table = QToolButton()
        self.make_table.setText(tr("Make it a table"))
        self.make_table.setAutoRaise(True)
        self.make_table.clicked.connect(self._make_table)
        self.names_button = QToolButton()
        self.names_button.setText(tr("States and actions"))
        self.names_button.setToolTip(tr("Show the lists of states and actions, and where episodes start."))
        self.names_button.setCheckable(True)
        self.names_button.setAutoRaise(True)
        self.names_button.toggled.connect(self.names.setVisible)
        for button in (self.make_table, self.names_button):
            button.setProperty("square", True)
            above.addWidget(button)
            above.setAlignment(button, Qt.AlignmentFlag.AlignRight)
        self.fixed = QLabel(tr("A program makes these transitions. Make it a table to edit them."))
        self.fixed.setProperty("muted", True)
        self.fixed.setContentsMargins(10, 2, 8, 2)
        self.fault = QLabel()
        self.fault.setProperty("error", True)
        self.fault.setWordWrap(True)
        self.fault.setContentsMargins(10, 4, 8, 4)
        self.fault.hide()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.rows)
        self.pages.addWidget(self.matrix)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.pages.setMinimumWidth(200)
        for place, part in enumerate((self.pages, self.names)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(place, 3 - 2 * place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self.fixed)
        layout.addWidget(self.splitter, 1)
        layout.addWidget(self.fault)
        for part in (self.rows, self.matrix, self.names):
            part.refused.connect(self._refuse)
        self.rows.said.connect(self.said)
        document.selected.connect(self._follow)
        self.names.hide()
        self.show_page(ROWS)

    def suits(self, world: World, mdp: FiniteMDP | None) -> bool:
        return mdp is not None or isinstance(world, GridWorld | TableWorld)

    def prefers(self, world: World, mdp: FiniteMDP | None) -> bool:
        return mdp is None

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        self.mdp = mdp
        rows = rows_of(world, mdp)
        self._refuse(None)
        self.fixed.setVisible(not isinstance(world, GridWorld | TableWorld))
        self.make_table.setVisible(mdp is not None and not isinstance(world, TableWorld))
        self.make_table.setToolTip(
            tr("Write the grid out as a table, in which states and actions can be added. The map is lost; Undo brings it back.")
            if isinstance(world, GridWorld) else tr("Write out what the program makes as a table that can be edited.")
        )  # fmt: skip
        self._name_actions(rows)
        self.rows.set_rows(rows)
        self.matrix.set_rows(rows)
        self.names.set_names(rows.states, rows.actions, self._start(world, rows))
        self._follow()

    def show_page(self, page: str) -> None:
        """Turn to the rows, or to one of the matrices."""
        self.page = page
        self.setFocusProxy(self.rows.table if page == ROWS else self.matrix.table)
        self.buttons[page].setChecked(True)
        self.pages.setCurrentWidget(self.rows if page == ROWS else self.matrix)
        for widget in (self.action_label, self.action):
            widget.setVisible(page != ROWS)
        self._show_matrix()

    def adopt(self, other: View) -> None:
        assert isinstance(other, TransitionsView)
        self.show_page(other.page)
        self.rows.search.setText(other.rows.search.text())
        self.names_button.setChecked(other.names_button.isChecked())

    def _start(self, world: World, rows: Rows) -> Floats | None:
        if isinstance(world, TableWorld):
            return np.array([world.start.get(name, 0.0) for name in rows.states]) if world.start else None
        return None if self.mdp is None else self.mdp.start

    def _show_matrix(self, *_: object) -> None:
        if self.page != ROWS:
            self.matrix.show_matrix(self.page, max(self.action.currentIndex(), 0))

    def _name_actions(self, rows: Rows) -> None:
        names = [tr(name) for name in rows.actions]
        if names == [self.action.itemText(place) for place in range(self.action.count())]:
            return
        at = self.action.currentText()
        self.action.blockSignals(True)
        self.action.clear()
        self.action.addItems(names)
        self.action.setCurrentIndex(max(self.action.findText(at), 0))
        self.action.blockSignals(False)
        self._show_matrix()

    def _make_table(self) -> None:
        if self.mdp is not None:
            self.document.apply(as_table(self.document.world, self.mdp), tr("Make it a table"))

    def _follow(self) -> None:
        self.rows.follow(self.document.selection)
        self.matrix.model.select(self.document.selection)

    def _refuse(self, error: WorldError | None) -> None:
        self.fault.setVisible(error is not None)
        if error is not None:
            sentence = told(error.sentence)
            self.fault.setText(sentence[:1].upper() + sentence[1:])
