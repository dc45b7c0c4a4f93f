"""Transitions as rows: read, sorted, looked through and edited in place."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, Qt, Signal

from app.document import OpenWorld
from app.numbers import exact, short
from app.stage.transitions.search import matching
from app.stage.transitions.spreadsheet import FIELDS, flag_of, made, number_of
from app.stage.values_model import Index, Order, Role, aligned
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.worlds.grid import GridWorld
from core.worlds.mdp import Ints
from core.worlds.rows import Rows, changed
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World

STATE, ACTION, NEXT, PROBABILITY, REWARD, ENDS, SUM = range(7)
HEADINGS = {
    STATE: "State", ACTION: "Action", NEXT: "Next state", PROBABILITY: "Probability", REWARD: "Reward", ENDS: "Ends", SUM: "Sum",
}  # fmt: skip
TIPS = {
    STATE: "The state s that the action is taken in.",
    ACTION: "The action a.",
    NEXT: "The state s′ that it leads to.",
    PROBABILITY: "P(s′ | s, a): how likely this outcome is.",
    REWARD: "What this outcome earns.",
    ENDS: "Whether the episode ends here, though the next state has actions.",
    SUM: "What the probabilities of this state and action add up to. It must be 1.",
}


class RowsModel(QAbstractTableModel):
    """The rows that are looked for, in the order that was asked for. Signal `refused` says why a cell was not taken."""

    refused = Signal(object)
    """WorldError: what was typed that cannot be; None once something was taken."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.rows: Rows | None = None
        self.order: Ints = np.empty(0, np.int64)
        self.search = ""
        self.sorting = -1, Order.AscendingOrder
        self.selected: frozenset[str] = frozenset()
        self.own = False
        """Whether the edit that is under way was typed here: its row stays where it is."""

    @property
    def editable(self) -> bool:
        return isinstance(self.document.world, TableWorld | GridWorld)

    def set_rows(self, rows: Rows | None) -> None:
        """Show the rows of another world, or of this one after an edit."""
        if self.own and rows is not None and self.rows is not None and len(rows) == len(self.rows):
            self.rows = rows
            if self.rowCount():
                self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, SUM))
            return
        self.beginResetModel()
        self.rows = rows
        self._arrange()
        self.endResetModel()

    def look_for(self, search: str) -> None:
        """Show only the rows that a line asks for."""
        self.beginResetModel()
        self.search = search
        self._arrange()
        self.endResetModel()

    def select(self, states: frozenset[str]) -> None:
        """Tint the rows of these states."""
        self.selected = states
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, SUM), [Role.BackgroundRole])

    def place_of(self, number: int) -> int:
        """Where a row stands; -1 where it is not on show."""
        found = np.flatnonzero(self.order == number)
        return int(found[0]) if len(found) else -1

    def find(self, row: Transition) -> int:
        """The number of the last row with this state, action and next state; -1 where there is none."""
        rows = self.rows
        if rows is None or row.state not in rows.states or row.action not in rows.actions or row.next not in rows.states:
            return -1
        here = (rows.state == rows.states.index(row.state)) & (rows.action == rows.actions.index(row.action))
        found = np.flatnonzero(here & (rows.next_state == rows.states.index(row.next)))
        return int(found[-1]) if len(found) else -1

    # What Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.order)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(HEADINGS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not self.editable or self.rows is None or index.column() == SUM:
            return flags
        number = self.order[index.row()]
        if index.column() != ENDS:
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags if self.rows.over[self.rows.next_state[number]] else flags | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        rows, column = self.rows, index.column()
        if rows is None:
            return None
        number = int(self.order[index.row()])
        if role == Role.DisplayRole:
            return self._text(rows, number, column)
        if role == Role.EditRole:
            return self._typed(rows, number, column)
        if role == Role.TextAlignmentRole:
            return aligned(column, (STATE, ACTION, NEXT, ENDS))
        if role == Role.CheckStateRole and column == ENDS:
            over = rows.ends[number] or rows.over[rows.next_state[number]]
            return Qt.CheckState.Checked if over else Qt.CheckState.Unchecked
        if role == Role.ForegroundRole and column in (PROBABILITY, SUM):
            return theme.colour("trap") if rows.wrong[number] else theme.colour("muted") if column == SUM else None
        if role == Role.BackgroundRole and rows.states[rows.state[number]] in self.selected:
            return theme.colour("accent", 46)
        if role == Role.ToolTipRole:
            return self._tip(rows, number, column)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return tr(HEADINGS[section])
        if role == Role.ToolTipRole:
            return tr(TIPS[section])
        return aligned(section, (STATE, ACTION, NEXT, ENDS)) if role == Role.TextAlignmentRole else None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role not in (Role.EditRole, Role.CheckStateRole) or self.rows is None:
            return False
        number, column = int(self.order[index.row()]), index.column()
        text = str(value) if role == Role.EditRole else str(Qt.CheckState(value) is Qt.CheckState.Checked)
        try:
            state, action = self.rows.pair_names(number)
            what = tr("Edit {column} of {state}, {action}", column=tr(HEADINGS[column]), state=tr(state), action=tr(action))
            self.put({number: self.edited(number, column, text)}, what=what)
        except WorldError as error:
            self.refused.emit(error)
            return False
        return True

    def sort(self, column: int, order: Order = Order.AscendingOrder) -> None:
        """Order the rows by a column; a column below zero gives the world's own order."""
        self.layoutAboutToBeChanged.emit()
        self.sorting = column, order
        self._arrange()
        self.layoutChanged.emit()

    # Editing

    def edited(self, number: int, column: int, text: str) -> Transition:
        """A row with something else in a column; WorldError where the text says nothing that could stand there."""
        assert self.rows is not None
        return self._with(self.rows[number], column, text)

    def _with(self, row: Transition, column: int, text: str) -> Transition:
        assert self.rows is not None
        if column in (PROBABILITY, REWARD):
            value: object = number_of(text)
        elif column == ENDS:
            value = flag_of(text)
        else:
            value = text.strip()
            if not value:
                raise WorldError(tr("A name is missing"))
            known = self.rows.actions if column == ACTION else self.rows.states
            if value not in known:
                value = next((name for name in known if tr(name) == value), value)
        return made(**(row.model_dump() | {FIELDS[column]: value}))

    def put_cells(self, places: list[int], column: int, lines: list[list[str]], what: str) -> None:
        """One edit of a block of cells: a line of texts for each of the places, from a column on; WorldError names the one at fault."""
        assert self.rows is not None
        changes: dict[int, Transition | None] = {}
        for number, (place, cells) in enumerate(zip(places, lines, strict=True), start=1):
            row = self.rows[int(self.order[place])]
            for right, text in enumerate(cells):
                try:
                    if column + right >= SUM:
                        raise WorldError(tr("there are more cells than columns"))
                    row = self._with(row, column + right, text)
                except WorldError as error:
                    where = tr("line {line}, column {column}", line=number, column=right + 1)
                    raise WorldError(error.what, where=where, remedy=error.remedy) from None
            changes[int(self.order[place])] = row
        self.put(changes, [], what)

    def try_text(self, index: Index, text: str) -> None:
        """WorldError where a cell would not take the text."""
        assert self.rows is not None
        number = int(self.order[index.row()])
        changed(self.document.world, self.rows, {number: self.edited(number, index.column(), text)})

    def proposed(self, place: int) -> Transition:
        """An outcome to begin with: of an action not yet taken in the state of the row at a place, or else of that row's action."""
        rows = self.rows
        assert rows is not None
        number = int(self.order[place]) if 0 <= place < len(self.order) else -1
        state = rows.state[number] if number >= 0 else int(np.argmax(rows.over))
        taken = set(rows.action[rows.state == state].tolist())
        free = next((name for action, name in enumerate(rows.actions) if action not in taken), None)
        name = rows.states[state]
        if free is not None:
            return Transition(state=name, action=free, next=name)
        left = 1 - float(rows.sums[number]) if number >= 0 else 0.0
        action = rows.actions[rows.action[number]] if number >= 0 else rows.actions[0]
        return Transition(state=name, action=action, next=name, probability=left if 1e-9 < left <= 1 else 1.0)

    def put(self, changes: dict[int, Transition | None], added: list[Transition] | None = None, what: str = "") -> None:
        """One edit of any number of rows; WorldError where it cannot be."""
        assert self.rows is not None
        self.apply(changed(self.document.world, self.rows, changes, added or []), what)

    def apply(self, world: World, what: str) -> None:
        """Edit, and leave the rows where they are as long as none comes or goes."""
        self.own = True
        try:
            self.document.apply(world, what)
        finally:
            self.own = False
        self.refused.emit(None)

    # Inside

    def _arrange(self) -> None:
        rows = self.rows
        if rows is None:
            self.order = np.empty(0, np.int64)
            return
        found = np.flatnonzero(matching(rows, self.search)) if self.search.strip() else np.arange(len(rows))
        column, order = self.sorting
        if column >= 0:
            keys = self._keys(rows, column)[found]
            found = found[np.argsort(keys if order == Order.AscendingOrder else -keys, kind="stable")]
        self.order = found

    def _keys(self, rows: Rows, column: int) -> Any:
        if column in (STATE, NEXT):
            return rows.state_rank[rows.state if column == STATE else rows.next_state]
        if column == ACTION:
            return rows.action_rank[rows.action]
        ends = (rows.ends | rows.over[rows.next_state]).astype(np.int64) if column == ENDS else None
        return ends if column == ENDS else {PROBABILITY: rows.probability, REWARD: rows.reward, SUM: rows.sums}[column]

    def _text(self, rows: Rows, number: int, column: int) -> str:
        match column:
            case 0 | 1 | 2:
                return tr(self._name(rows, number, column))
            case 3:
                return short(float(rows.probability[number]), 6)
            case 4:
                return short(float(rows.reward[number]), 6)
            case 6:
                return short(float(rows.sums[number]), 6) + (" ≠ 1" if rows.wrong[number] else "")
        return ""

    @staticmethod
    def _name(rows: Rows, number: int, column: int) -> str:
        """As the world has it."""
        if column == ACTION:
            return rows.actions[rows.action[number]]
        return rows.states[(rows.state if column == STATE else rows.next_state)[number]]

    def _typed(self, rows: Rows, number: int, column: int) -> str:
        if column in (PROBABILITY, REWARD):
            return exact(float((rows.probability if column == PROBABILITY else rows.reward)[number]))
        return self._name(rows, number, column) if column in (STATE, ACTION, NEXT) else self._text(rows, number, column)

    def _tip(self, rows: Rows, number: int, column: int) -> str | None:
        if column in (PROBABILITY, REWARD):
            return exact(float((rows.probability if column == PROBABILITY else rows.reward)[number]))
        if column == SUM and rows.wrong[number]:
            return tr("The probabilities of this state and action add up to {sum}, not to 1.", sum=exact(float(rows.sums[number])))
        if column == ENDS and rows.over[rows.next_state[number]]:
            return tr("The next state has no actions: the episode is over there.")
        return None
