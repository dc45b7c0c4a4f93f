"""A bandit on the stage: a row for each arm, with what it is thought to be worth as a bar, its pulls, and its true mean."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from app.numbers import short
from app.stage.values_model import Index, aligned, bold, fits
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP, Floats

Role = Qt.ItemDataRole
ARM, VALUE, PULLS, MEAN = range(4)


def is_bandit(mdp: FiniteMDP) -> bool:
    """Whether there is a choice, but in one state only, and nothing follows."""
    return mdp.pairs > 1 and bool(mdp.terminated.all()) and int(np.count_nonzero(~mdp.absorbing)) == 1


class ArmModel(QAbstractTableModel):
    """Arm, estimate, pulls, true mean."""

    def __init__(self) -> None:
        super().__init__()
        self.mdp: FiniteMDP | None = None
        self.snapshot: Snapshot | None = None

    def set_mdp(self, mdp: FiniteMDP | None) -> None:
        """Another bandit."""
        self.beginResetModel()
        self.mdp, self.snapshot = mdp, None
        self.endResetModel()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Other estimates; None forgets them."""
        mdp = self.mdp
        self.snapshot = snapshot if mdp is not None and snapshot is not None and fits(snapshot, mdp) else None
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, VALUE, VALUE)
        if mdp is not None:
            self.dataChanged.emit(self.index(0, VALUE), self.index(mdp.pairs - 1, MEAN))

    @property
    def estimates(self) -> Floats | None:
        """[P] what each arm is thought to be worth."""
        if self.mdp is None or self.snapshot is None or self.snapshot.q is None:
            return None
        return self.snapshot.q[self.mdp.pair_state, self.mdp.pair_action]

    @property
    def returns(self) -> bool:
        """Whether estimates are of the mean reward, and so can stand beside the true one."""
        return self.snapshot is None or self.snapshot.symbol == "Q"

    def best(self, row: int) -> bool:
        """Whether an arm is thought to be the best; none is while all are alike."""
        known = self.estimates
        return known is not None and bool(known[row] == known.max() > known.min())

    def rowCount(self, parent: Index | None = None) -> int:
        return self.mdp.pairs if self.mdp is not None and not (parent and parent.isValid()) else 0

    def columnCount(self, parent: Index | None = None) -> int:
        return 4 if self.mdp is not None and not (parent and parent.isValid()) else 0

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        mdp, known, estimates = self.mdp, self.snapshot, self.estimates
        assert mdp is not None
        if column == ARM:
            return tr(mdp.action_names[mdp.pair_action[row]])
        if column == MEAN:
            return short(float(mdp.expected_reward[row]))
        if column == VALUE:
            return "" if estimates is None else short(float(estimates[row]))
        return "" if known is None or known.tries is None else f"{known.tries[row]:,}"

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role == Role.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Role.TextAlignmentRole:
            return aligned(index.column(), (ARM,))
        if role == Role.FontRole and self.best(index.row()):
            return bold()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self.mdp is None or orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return aligned(section, (ARM,))
        if role == Role.DisplayRole:
            return (tr("Arm"), tr("Value Q(a)") if self.returns else tr("Preference H(a)"), tr("Pulls"), tr("True mean"))[section]
        if role == Role.ToolTipRole:
            value = tr("Q(a): the mean reward that the learner expects of the arm. The line across the bar is the true one.")
            preference = tr("H(a): how much the arm is preferred. Only differences count: they say how often each arm is pulled.")
            pulls, mean = tr("How often the arm was pulled."), tr("The arm's mean reward, which the learner does not know.")
            return (tr("What can be pulled."), value if self.returns else preference, pulls, mean)[section]
        return None


class BarPainter(QStyledItemDelegate):
    """Draws estimates as bars from zero, all on one scale, with a line at the true mean."""

    def __init__(self, model: ArmModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, row = self.model, index.row()
        estimates, mdp, rect = model.estimates, model.mdp, QRectF(option.rect)
        painter.fillRect(rect, theme.colour("panel"))
        font = QFont(option.font)
        font.setBold(model.best(row))
        painter.setFont(font)
        number = painter.fontMetrics().horizontalAdvance("−00.0000") + 16
        painter.setPen(theme.colour("text"))
        painter.drawText(rect.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, model.text(row, VALUE))
        room = rect.adjusted(8, 0.24 * rect.height(), -number, -0.24 * rect.height())
        if estimates is None or mdp is None or room.width() < 20:
            return
        shown = np.concatenate([[0.0], estimates, mdp.expected_reward if model.returns else []])
        low, span = float(shown.min()), float(np.ptp(shown)) or 1.0

        def place(value: float) -> float:
            return room.left() + (value - low) / span * room.width()

        painter.fillRect(room, theme.colour("raised"))
        start, end = sorted((place(0.0), place(float(estimates[row]))))
        painter.fillRect(
            QRectF(start, room.top(), max(end - start, 1.0), room.height()), theme.colour("accent" if model.best(row) else "muted")
        )
        painter.fillRect(QRectF(place(0.0) - 0.5, rect.top(), 1, rect.height()), theme.colour("border"))
        if model.returns:
            true = place(float(mdp.expected_reward[row]))
            painter.fillRect(QRectF(true - 1, room.top() - 3, 2, room.height() + 6), theme.colour("text"))


class NumberPainter(QStyledItemDelegate):
    """Keeps texts off the edges."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.setFont(index.data(Role.FontRole) or option.font)
        painter.setPen(theme.colour("text"))
        painter.drawText(option.rect.adjusted(8, 0, -8, 0), aligned(index.column(), (ARM,)), str(index.data()))


class ArmTable(QTableView):
    """The arms of a bandit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.arms = ArmModel()
        self.setModel(self.arms)
        self.setItemDelegate(NumberPainter(self))
        self.setItemDelegateForColumn(VALUE, BarPainter(self.arms, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Arms"))
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        theme.changed.connect(self._use_theme)
        self._use_theme()

    def set_mdp(self, mdp: FiniteMDP | None) -> None:
        """Show another bandit."""
        self.arms.set_mdp(mdp)
        self._fit()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it."""
        self.arms.set_snapshot(snapshot)

    def _fit(self) -> None:
        header = self.horizontalHeader()
        for column in range(self.arms.columnCount()):
            mode = QHeaderView.ResizeMode.Stretch if column == VALUE else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(column, mode)
            title = self.fontMetrics().horizontalAdvance(str(self.arms.headerData(column, Qt.Orientation.Horizontal)))
            self.setColumnWidth(column, max(title, self.fontMetrics().horizontalAdvance("000,000,000")) + 32)

    def _use_theme(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.colour("panel"))
        self.setPalette(palette)
        self.verticalHeader().setDefaultSectionSize(round(28 * theme.scale))
        self._fit()
        self.viewport().update()
