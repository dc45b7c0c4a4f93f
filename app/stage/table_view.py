"""Action values as a table: a row for each state, a column for each action, coloured like the stage."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from app.stage.overlays.numbers import short
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP, greedy

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class ActionValueModel(QAbstractTableModel):
    """State, V(s), Q(s, a) for each action, updates."""

    def __init__(self) -> None:
        super().__init__()
        self.mdp: FiniteMDP | None = None
        self.snapshot: Snapshot | None = None
        self.best = np.zeros(0, np.int64)
        self.largest = 1.0
        self.table = theme.value_table()

    def set_mdp(self, mdp: FiniteMDP) -> None:
        self.beginResetModel()
        self.mdp, self.snapshot = mdp, None
        self.endResetModel()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show other values; the rows stay."""
        fits = snapshot is not None and snapshot.q is not None and self.mdp is not None and len(snapshot.q) == self.mdp.states
        self.snapshot = snapshot if fits else None
        if self.snapshot is not None and self.snapshot.q is not None:
            self.best = greedy(self.snapshot.q)
            self.largest = float(np.nanmax(np.abs(self.snapshot.q), initial=0.0)) or 1.0
            self.table = theme.value_table()
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 1), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return self.mdp.states if self.mdp is not None and not (parent and parent.isValid()) else 0

    def columnCount(self, parent: Index | None = None) -> int:
        return self.mdp.actions + 3 if self.mdp is not None and not (parent and parent.isValid()) else 0

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self.mdp is None or orientation is not Qt.Orientation.Horizontal:
            return None
        last = self.mdp.actions + 2
        if role == Role.DisplayRole:
            if section in (0, 1, last):
                return {0: tr("State"), 1: "V(s)", last: tr("Updates")}[section]
            return tr(self.mdp.action_names[section - 2])
        if role == Role.ToolTipRole:
            if section in (0, last):
                return {0: tr("The state s."), last: tr("How often a value of this state was updated.")}[section]
            return tr("V(s): the value of the best action.") if section == 1 else tr("Q(s, a): the return expected after this action.")
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if self.mdp is None:
            return None
        state, column = index.row(), index.column()
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter if column else Qt.AlignmentFlag.AlignVCenter
        if column == 0:
            return self.mdp.state_names[state] if role == Role.DisplayRole else None
        known = self.snapshot
        if known is None or known.q is None or known.values is None or known.visits is None:
            return "" if role == Role.DisplayRole else None
        if column == self.mdp.actions + 2:
            return f"{known.visits[state]:,}" if role == Role.DisplayRole else None
        value = known.values[state] if column == 1 else known.q[state, column - 2]
        if role == Role.DisplayRole:
            return "–" if np.isnan(value) else short(value)
        if role == Role.ToolTipRole:
            return tr("This action is not available here.") if np.isnan(value) else f"{value:.12g}"
        if role == Role.BackgroundRole and not np.isnan(value):
            return QColor(*self.table[int(np.clip(0.5 + 0.5 * value / self.largest, 0, 1) * 255)])
        if role == Role.FontRole and column > 1 and self.best[state] == column - 2:
            font = QFont()
            font.setBold(True)
            return font
        return None


class ActionValueTable(QWidget):
    """The table of a finite world; the greedy action of each state is bold."""

    def __init__(self) -> None:
        super().__init__()
        self.model = ActionValueModel()
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setShowGrid(False)
        self.view.verticalHeader().hide()
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.view.setAccessibleName(tr("Action values"))
        self.view.setSelectionMode(QTableView.SelectionMode.NoSelection)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.view)
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_mdp(self, mdp: FiniteMDP) -> None:
        """Show another world."""
        self.model.set_mdp(mdp)

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it."""
        self.model.set_snapshot(snapshot)

    def _restyle(self) -> None:
        self.model.table = theme.value_table()
        self.view.verticalHeader().setDefaultSectionSize(round(26 * theme.scale))
