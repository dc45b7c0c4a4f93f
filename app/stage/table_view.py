"""Action values as a table: a row for each state, a column for each action, the best action bold and coloured by its value."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView, QLabel, QStackedLayout, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from app.numbers import short
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
Order = Qt.SortOrder


class ActionValueModel(QAbstractTableModel):
    """State, Q(s, a) for each action, V(s), updates. Rows may be sorted by a column as it stood when that was asked for."""

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
        self.snapshot = snapshot if mdp is not None and snapshot is not None and fits(snapshot, mdp) else None
        q = None if self.snapshot is None else self.snapshot.q
        if q is None:
            self.best = np.zeros((mdp.states, mdp.actions) if mdp else (0, 0), bool)
        else:
            top = np.fmax.reduce(q, axis=1, initial=-np.inf, keepdims=True)
            self.best = q >= top - 1e-9 * np.maximum(np.where(np.isfinite(top), np.abs(top), 0.0), 1.0)
            self.extent = float(np.fmax.reduce(np.abs(q), axis=None, initial=0.0)) or 1.0
        if mdp is not None and mdp.states:
            self.dataChanged.emit(self.index(0, 1), self.index(mdp.states - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return self.mdp.states if self.mdp is not None and not (parent and parent.isValid()) else 0

    def columnCount(self, parent: Index | None = None) -> int:
        return self.mdp.actions + 3 if self.mdp is not None and not (parent and parent.isValid()) else 0

    def value(self, row: int, column: int) -> float | None:
        """The number in a cell; NaN where the action is unavailable, None where nothing is known."""
        known, mdp = self.snapshot, self.mdp
        if known is None or mdp is None:
            return None
        state = self.order[row]
        if column <= mdp.actions:
            return None if known.q is None else float(known.q[state, column - 1])
        source = known.values if column == mdp.actions + 1 else known.visits
        return None if source is None else float(source[state])

    def greedy(self, row: int, column: int) -> bool:
        """Whether the cell is that of a best action."""
        return self.snapshot is not None and self.mdp is not None and 1 <= column <= self.mdp.actions and bool(
            self.best[self.order[row], column - 1]
        )  # fmt: skip

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        if column == 0:
            return str(self.mdp.state_names[self.order[row]]) if self.mdp else ""
        value = self.value(row, column)
        return "" if value is None else short(value)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Role.DisplayRole:
            return self.text(row, column)
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        value = self.value(row, column) if role == Role.ToolTipRole and column else None
        if value is not None:
            return tr("This action is not available here.") if np.isnan(value) else f"{value:.12g}"
        if role == Role.FontRole and self.greedy(row, column):
            font = QFont()
            font.setBold(True)
            return font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self.mdp is None or orientation is not Qt.Orientation.Horizontal:
            return None
        actions = self.mdp.actions
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        if role == Role.DisplayRole:
            named = {0: tr("State"), actions + 1: tr("V"), actions + 2: tr("Visits")}
            return named[section] if section in named else tr(self.mdp.action_names[section - 1])
        if role == Role.ToolTipRole:
            told = {
                0: tr("The state s."),
                actions + 1: tr("V(s): the return expected from this state on."),
                actions + 2: tr("How often a value of this state was updated."),
            }
            return told.get(section, tr("Q(s, a): the return expected after this action."))
        return None

    def sort(self, column: int, order: Order = Order.AscendingOrder) -> None:
        """Order the rows by a column as it stands now; a column below zero gives the world's own order."""
        if self.mdp is None:
            return
        self.layoutAboutToBeChanged.emit()
        self.order = np.arange(self.mdp.states)
        if column == 0:
            self.order = np.array(sorted(range(self.mdp.states), key=lambda state: str(self.mdp.state_names[state])))  # type: ignore[union-attr]
        elif column > 0 and self.snapshot is not None:
            keys = np.array([self.value(row, column) for row in range(self.mdp.states)], np.float64)
            self.order = np.argsort(keys if order == Order.AscendingOrder else -keys, kind="stable")
        if column == 0 and order == Order.DescendingOrder:
            self.order = self.order[::-1]
        self.layoutChanged.emit()


class CellPainter(QStyledItemDelegate):
    """Draws a cell in one go from the model's arrays."""

    def __init__(self, model: ActionValueModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.model = model
        self.use_theme()

    def use_theme(self) -> None:
        """Take the theme's colours."""
        self.colours = [QColor(*rgba) for rgba in theme.value_table().tolist()]
        self.inks = [readable_on(colour) for colour in self.colours]
        self.text, self.muted, self.line = theme.colour("text"), theme.colour("muted"), theme.colour("border", 110)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, column, rect = index.row(), index.column(), QRect(option.rect)
        greedy = self.model.greedy(row, column)
        text = self.model.text(row, column)
        ink = self.muted if text == "–" else self.text
        if greedy:
            value = self.model.value(row, column) or 0.0
            place = int(np.clip((0.5 + 0.5 * value / self.model.extent) * 255, 0, 255))
            painter.fillRect(rect.adjusted(2, 1, -2, -2), self.colours[place])
            ink = self.inks[place]
        painter.setPen(self.line)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        font = QFont(option.font)
        font.setBold(greedy)
        painter.setFont(font)
        painter.setPen(ink)
        across = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        room = rect.adjusted(8, 0, -8, 0)
        if column == 0:
            text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, across | Qt.AlignmentFlag.AlignVCenter, text)


class ActionValueTable(QWidget):
    """The table of a finite world."""

    state_selected = Signal(int)
    """The state whose row the person selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values = ActionValueModel()
        self.view = QTableView()
        self.view.setModel(self.values)
        self.painter = CellPainter(self.values, self.view)
        self.view.setItemDelegate(self.painter)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setAccessibleName(tr("Action values"))
        self.view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Order.AscendingOrder)
        self.view.setSortingEnabled(True)
        self.hint = QLabel(tr("A world whose states can be listed shows its action values here."), alignment=Qt.AlignmentFlag.AlignCenter)
        self.hint.setProperty("muted", True)
        self.hint.setWordWrap(True)
        self.hint.setMargin(16)
        self.pages = QStackedLayout(self)
        self.pages.addWidget(self.hint)
        self.pages.addWidget(self.view)
        theme.changed.connect(self._use_theme)
        self._use_theme()

    def set_mdp(self, mdp: FiniteMDP | None) -> None:
        """Show another world; None where its states cannot be listed."""
        self.view.horizontalHeader().setSortIndicator(-1, Order.AscendingOrder)
        self.values.set_mdp(mdp)
        self.pages.setCurrentIndex(0 if mdp is None else 1)
        self._fit_columns()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it. Only the cells in view are drawn."""
        self.values.set_snapshot(snapshot)

    def select_state(self, state: int) -> None:
        """Select a state's row and bring it into view."""
        rows = np.flatnonzero(self.values.order == state)
        if len(rows):
            self.view.selectRow(int(rows[0]))

    def _selected(self) -> None:
        for index in self.view.selectionModel().selectedRows():
            self.state_selected.emit(int(self.values.order[index.row()]))

    def _use_theme(self) -> None:
        self.painter.use_theme()
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Highlight, blended(theme.colour("accent"), theme.colour("panel"), 0.18))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("text"))
        self.view.setPalette(palette)
        self.view.verticalHeader().setDefaultSectionSize(round(24 * theme.scale))
        self._fit_columns()
        self.view.viewport().update()

    def _fit_columns(self) -> None:
        """Wide enough for header and number; names as long as they are, within reason. The last takes what is left."""
        mdp = self.values.mdp
        if mdp is None:
            return
        font = QFont(self.font())
        font.setBold(True)
        metrics = QFontMetrics(font)
        names = max((metrics.horizontalAdvance(str(name)) for name in mdp.state_names[:200]), default=0)
        header = self.view.horizontalHeader()
        number = metrics.horizontalAdvance("−00.0000")
        for column in range(self.values.columnCount()):
            title = metrics.horizontalAdvance(str(self.values.headerData(column, Qt.Orientation.Horizontal)))
            wanted = min(names, 14 * metrics.averageCharWidth() + 60) if column == 0 else number
            header.resizeSection(column, max(wanted, title + 18) + 24)


def fits(snapshot: Snapshot, mdp: FiniteMDP) -> bool:
    """Whether a picture is one of this world; learners of state values have no action values."""
    if snapshot.q is None:
        return snapshot.values is not None and len(snapshot.values) == mdp.states
    return snapshot.q.shape == (mdp.states, mdp.actions)


def readable_on(colour: QColor) -> QColor:
    """Black or white, whichever stands out more."""
    red, green, blue = (channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in colour.getRgbF()[:3])  # type: ignore[index]
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#0b1220") if light > 0.2 else QColor("#ffffff")


def blended(over: QColor, under: QColor, share: float) -> QColor:
    """`share` of one colour on the other."""
    pairs = zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(share * top + (1 - share) * bottom) for top, bottom in pairs))
