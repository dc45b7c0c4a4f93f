"""What is known of a table world as rows of states: value, best action, action values, updates."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from app.numbers import short
from app.text import tr
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
Order = Qt.SortOrder


STATE, VALUE, BEST, ACTIONS = 0, 1, 2, 3
"""The first columns, those of the actions from `ACTIONS` on; how often a state was updated stands in the last."""
MOST_NAMED = 3
"""Equally good actions named at most."""


class ActionValueModel(QAbstractTableModel):
    """State, V(s), the best action, Q(s, a) of each, updates. Rows may be sorted by a column as it stood when that was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.mdp: FiniteMDP | None = None
        self.snapshot: Snapshot | None = None
        self.order: NDArray[np.int64] = np.empty(0, np.int64)
        self.best: NDArray[np.bool_] = np.empty((0, 0), bool)
        self.extent = 1.0

    def set_mdp(self, mdp: FiniteMDP | None) -> None:
        """Other rows and columns."""
        self.beginResetModel()
        self.mdp, self.snapshot = mdp, None
        self.order = np.arange(mdp.states if mdp else 0)
        self.endResetModel()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Other values; the rows stay where they are."""
        mdp = self.mdp
        self.snapshot = known = snapshot if mdp is not None and snapshot is not None and fits(snapshot, mdp) else None
        q, values = (None, None) if known is None else (known.q, known.values)
        if q is None:
            self.best = np.zeros((mdp.states, mdp.actions) if mdp else (0, 0), bool)
        else:
            top = np.fmax.reduce(q, axis=1, initial=-np.inf, keepdims=True)
            self.best = q >= top - 1e-9 * np.maximum(np.where(np.isfinite(top), np.abs(top), 0.0), 1.0)
        extents = [float(np.fmax.reduce(np.abs(each), axis=None, initial=0.0)) for each in (q, values) if each is not None]
        self.extent = max(extents, default=0.0) or 1.0
        if mdp is not None and mdp.states:
            self.dataChanged.emit(self.index(0, VALUE), self.index(mdp.states - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return self.mdp.states if self.mdp is not None and not (parent and parent.isValid()) else 0

    def columnCount(self, parent: Index | None = None) -> int:
        return self.updates + 1 if self.mdp is not None and not (parent and parent.isValid()) else 0

    @property
    def updates(self) -> int:
        """The last column."""
        return ACTIONS + (self.mdp.actions if self.mdp else 0)

    def value(self, row: int, column: int) -> float | None:
        """The number in a cell; NaN where the action is unavailable, None where nothing is known."""
        known, mdp = self.snapshot, self.mdp
        if known is None or mdp is None or column in (STATE, BEST):
            return None
        state = self.order[row]
        if ACTIONS <= column < self.updates:
            return None if known.q is None else float(known.q[state, column - ACTIONS])
        source = known.values if column == VALUE else known.visits
        if source is None:
            return None
        return np.nan if column == self.updates and mdp.absorbing[state] else float(source[state])

    def greedy(self, row: int, column: int) -> bool:
        """Whether the cell is that of a best action."""
        return self.snapshot is not None and ACTIONS <= column < self.updates and bool(self.best[self.order[row], column - ACTIONS])

    def tinted(self, row: int, column: int) -> bool:
        """Whether the cell has the colour of its value: V(s) where there is something to do, and Q of the best actions."""
        if column != VALUE or self.snapshot is None or self.snapshot.values is None or self.mdp is None:
            return self.greedy(row, column)
        return not self.mdp.absorbing[self.order[row]]

    def policy(self, row: int) -> str:
        """The best actions by name."""
        mdp, known = self.mdp, self.snapshot
        if mdp is None or known is None or known.q is None:
            return ""
        state = self.order[row]
        best = np.flatnonzero(self.best[state] & ~np.isnan(known.q[state]))
        if 1 < len(best) == np.count_nonzero(~np.isnan(known.q[state])):
            return tr("any")
        named = ", ".join(tr(mdp.action_names[action]) for action in best[:MOST_NAMED])
        return (named + (" …" if len(best) > MOST_NAMED else "")) or "–"

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        if column == STATE:
            return tr(str(self.mdp.state_names[self.order[row]])) if self.mdp else ""
        if column == BEST:
            return self.policy(row)
        value = self.value(row, column)
        return "" if value is None else short(value)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Role.DisplayRole:
            return self.text(row, column)
        if role == Role.TextAlignmentRole:
            return aligned(column)
        value = self.value(row, column) if role == Role.ToolTipRole else None
        if value is not None:
            if not np.isnan(value):
                return f"{value:.12g}"
            return tr("The episode is over here.") if column == self.updates else tr("This action is not available here.")
        if role == Role.FontRole and self.greedy(row, column):
            return bold()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self.mdp is None or orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return aligned(section)
        if role == Role.DisplayRole:
            named = {STATE: tr("State"), VALUE: tr("V"), BEST: tr("Best action"), self.updates: tr("Updates")}
            return named[section] if section in named else tr(self.mdp.action_names[section - ACTIONS])
        if role == Role.ToolTipRole:
            said = {
                STATE: tr("The state s."),
                VALUE: tr("V(s): the return expected from this state on."),
                BEST: tr("The greedy policy: the action with the largest Q(s, a), or all that are equally good."),
                self.updates: tr("How often a value of this state was updated."),
            }
            return said.get(section, tr("Q(s, a): the return expected after this action."))
        return None

    def sort(self, column: int, order: Order = Order.AscendingOrder) -> None:
        """Order the rows by a column as it stands now; a column below zero gives the world's own order."""
        if self.mdp is None:
            return
        self.layoutAboutToBeChanged.emit()
        self.order = np.arange(self.mdp.states)
        if column == STATE:
            self.order = np.array(sorted(range(self.mdp.states), key=lambda state: tr(str(self.mdp.state_names[state]))))  # type: ignore[union-attr]
            self.order = self.order[::-1] if order == Order.DescendingOrder else self.order
        elif column > 0 and self.snapshot is not None:
            numbers = [self.value(row, column) for row in range(self.mdp.states)] if column != BEST else self.best.argmax(axis=1)
            keys = np.array(numbers, np.float64)
            self.order = np.argsort(keys if order == Order.AscendingOrder else -keys, kind="stable")
        self.layoutChanged.emit()


def fits(snapshot: Snapshot, mdp: FiniteMDP) -> bool:
    """Whether a picture is one of this world; learners of state values have no action values."""
    if snapshot.q is None:
        return snapshot.values is not None and len(snapshot.values) == mdp.states
    return snapshot.q.shape == (mdp.states, mdp.actions)


def bold() -> QFont:
    """For what is best."""
    font = QFont()
    font.setBold(True)
    return font


def aligned(column: int, names: tuple[int, ...] = (STATE, BEST)) -> Qt.AlignmentFlag:
    """Columns of names on the left, of numbers on the right."""
    return (Qt.AlignmentFlag.AlignLeft if column in names else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
