"""The outcomes of one action as matrices: P[s, s′], how likely each next state is, and R[s, s′], what it earns."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, Qt, Signal
from PySide6.QtGui import QColor

from app.document import OpenWorld
from app.numbers import exact, short
from app.stage.table_view import blended, readable_on
from app.stage.transitions.spreadsheet import made, number_of
from app.stage.values_model import Index, Role
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.worlds.build import TOLERANCE
from core.worlds.grid import GridWorld
from core.worlds.mdp import Floats
from core.worlds.rows import Rows, changed, normalised
from core.worlds.table import TableWorld
from core.worlds.world import World

MOST = 200
"""States up to which a matrix can be read."""
PROBABILITIES, REWARDS = "P", "R"


class MatrixModel(QAbstractTableModel):
    """A row for each state, a column for each next state, and a last one: what the row adds up to, or its mean reward."""

    refused = Signal(object)
    """WorldError: what was typed that cannot be; None once something was taken."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.kind = PROBABILITIES
        self.action = 0
        self.rows: Rows | None = None
        self.selected: frozenset[str] = frozenset()
        self.chance: Floats = np.zeros((0, 0))
        self.reward: Floats = np.zeros((0, 0))

    def set_rows(self, rows: Rows | None) -> None:
        """Show another world, or this one after an edit; nothing where it has more than `MOST` states."""
        rows = rows if rows is not None and len(rows.states) <= MOST else None
        same = rows is not None and self.rows is not None and tuple(rows.states) == tuple(self.rows.states)
        if not same:
            self.beginResetModel()
        self.rows = rows
        self._fill()
        if not same:
            self.endResetModel()

    def show_matrix(self, kind: str, action: int) -> None:
        """Probabilities or rewards, of an action by its number."""
        self.kind, self.action = kind, action
        self._fill()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(self.columnCount() - 1, 0))

    def select(self, states: frozenset[str]) -> None:
        """Mark the headings of these states."""
        self.selected = states
        if self.rowCount():
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.rowCount() - 1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.chance)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if (parent and parent.isValid()) or not len(self.chance) else len(self.chance) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        editable = isinstance(self.document.world, TableWorld | GridWorld) and index.column() < len(self.chance)
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        value = self.value(row, column)
        if role == Role.DisplayRole and column == len(self.chance) and self.kind == PROBABILITIES and self.wrong(row):
            return f"{short(value, 4)} ≠ 1"
        if role in (Role.DisplayRole, Role.EditRole):
            return (
                ("" if role == Role.DisplayRole else "0")
                if np.isnan(value)
                else short(value, 4)
                if role == Role.DisplayRole
                else exact(value)
            )
        if role == Role.BackgroundRole:
            return self._colour(value, column)
        if role == Role.ForegroundRole:
            if column == len(self.chance):
                return theme.colour("trap") if self.wrong(row) and self.kind == PROBABILITIES else theme.colour("muted")
            colour = self._colour(value, column)
            return None if colour is None else readable_on(colour)
        if role == Role.ToolTipRole and self.rows is not None and column < len(self.chance):
            action = self.rows.actions[self.action]
            what = f"{tr(self.rows.states[row])}, {tr(action)} → {tr(self.rows.states[column])}"
            return what + ("" if np.isnan(value) else f": {exact(value)}")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self.rows is None:
            return None
        last = section == len(self.chance)
        if role == Role.DisplayRole:
            return (tr("Sum") if self.kind == PROBABILITIES else tr("Mean")) if last else tr(self.rows.states[section])
        if role == Role.ToolTipRole and last:
            return (tr("What the probabilities of this state and action add up to. It must be 1.") if self.kind == PROBABILITIES
                    else tr("r(s, a): what the action earns in this state on average."))  # fmt: skip
        if role == Role.ForegroundRole and not last and self.rows.states[section] in self.selected:
            return theme.colour("accent")
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole or self.rows is None:
            return False
        try:
            what = tr("Edit a probability") if self.kind == PROBABILITIES else tr("Edit a reward")
            self.document.apply(self.edited(index.row(), index.column(), str(value)), what)
        except WorldError as error:
            self.refused.emit(error)
            return False
        self.refused.emit(None)
        return True

    def try_text(self, index: Index, text: str) -> None:
        """WorldError where a cell would not take the text."""
        self.edited(index.row(), index.column(), text)

    def edited(self, row: int, column: int, text: str) -> World:
        """The world with another number in a cell: outcomes come, go, or share it as they did before."""
        rows, world = self.rows, self.document.world
        assert rows is not None
        number = number_of(text or "0")
        there = np.flatnonzero((rows.state == row) & (rows.action == self.action) & (rows.next_state == column)).tolist()
        names = {"state": rows.states[row], "action": rows.actions[self.action], "next": rows.states[column]}
        if self.kind == REWARDS:
            if not there:
                raise WorldError(tr("this outcome does not happen"), remedy=tr("Give it a probability first"))
            return changed(world, rows, {n: made(**(rows[n].model_dump() | {"reward": number})) for n in there})
        if number == 0:
            return changed(world, rows, dict.fromkeys(there))
        made(**names, probability=number)
        if not there:
            return changed(world, rows, {}, [made(**names, probability=number)])
        share = number / float(rows.probability[there].sum())
        return changed(world, rows, {n: made(**(rows[n].model_dump() | {"probability": rows[n].probability * share})) for n in there})

    def value(self, row: int, column: int) -> float:
        """The number in a cell; NaN where there is nothing."""
        chance = self.chance[row]
        if column < len(chance):
            return float(chance[column] or np.nan) if self.kind == PROBABILITIES else float(self.reward[row, column])
        if not chance.any():
            return np.nan
        return float(chance.sum()) if self.kind == PROBABILITIES else float(np.nansum(chance * self.reward[row]))

    def wrong(self, row: int) -> bool:
        """Whether a row of probabilities is there and does not add up to 1."""
        return bool(self.chance[row].any()) and abs(self.chance[row].sum() - 1) > TOLERANCE

    def faulty(self) -> list[int]:
        """States in which the probabilities of the action do not add up to 1."""
        return [row for row in range(len(self.chance)) if self.wrong(row)]

    def make_normal(self, states: list[int]) -> None:
        """Divide the probabilities of the action in these states by their sum, as one edit."""
        rows = self.rows
        if rows is not None:
            numbers = np.flatnonzero((rows.action == self.action) & np.isin(rows.state, states)).tolist()
            self.document.apply(normalised(self.document.world, rows, numbers), tr("Normalise probabilities"))
            self.refused.emit(None)

    def _fill(self) -> None:
        rows = self.rows
        if rows is None:
            self.chance = self.reward = np.zeros((0, 0))
            return
        self.action = min(self.action, len(rows.actions) - 1)
        size = len(rows.states)
        here = rows.action == self.action
        place = rows.state[here] * size + rows.next_state[here]
        chance, earned = np.zeros(size * size), np.zeros(size * size)
        np.add.at(chance, place, rows.probability[here])
        np.add.at(earned, place, rows.probability[here] * rows.reward[here])
        self.chance = chance.reshape(size, size)
        self.reward = np.divide(earned, chance, out=np.full(size * size, np.nan), where=chance > 0).reshape(size, size)
        self.extent = float(np.nanmax(np.abs(self.reward), initial=0.0)) or 1.0
        self.colours = [QColor(*rgba) for rgba in theme.value_table().tolist()]
        self.dataChanged.emit(self.index(0, 0), self.index(size - 1, size))

    def _colour(self, value: float, column: int) -> QColor | None:
        if np.isnan(value) or column >= len(self.chance):
            return None
        if self.kind == PROBABILITIES:
            return blended(theme.colour("accent"), theme.colour("panel"), 0.12 + 0.68 * min(value, 1.0))
        return self.colours[int(np.clip((0.5 + 0.5 * value / self.extent) * 255, 0, 255))]
