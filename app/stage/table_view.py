"""Action values as a table, a row for each state and a column for each action, or as a picture of them."""

import numpy as np
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.icons import icon
from app.stage.heat_map import HeatMap
from app.stage.values_model import BEST, STATE, ActionValueModel, Index, Order, aligned
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP


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
        if self.model.tinted(row, column):
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
        room = rect.adjusted(8, 0, -8, 0)
        if column in (STATE, BEST):
            text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, aligned(column), text)


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
        self.heat = HeatMap(self.values)
        self.heat.picked.connect(self.select_state)
        pages = QWidget()
        self.pages = QStackedLayout(pages)
        for page in (self.hint, self.view, self.heat):
            self.pages.addWidget(page)
        self.as_table = self._switch(tr("As a table"))
        self.as_picture = self._switch(tr("As a picture: states across, actions down"))
        self.as_table.setChecked(True)
        side = QVBoxLayout()
        side.setContentsMargins(2, 4, 4, 4)
        side.addWidget(self.as_table)
        side.addWidget(self.as_picture)
        side.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(pages, 1)
        layout.addLayout(side)
        theme.changed.connect(self._use_theme)
        self._use_theme()

    def set_mdp(self, mdp: FiniteMDP | None) -> None:
        """Show another world; None where its states cannot be listed."""
        self.view.horizontalHeader().setSortIndicator(-1, Order.AscendingOrder)
        self.values.set_mdp(mdp)
        self._hide_empty(anew=True)
        self.heat.select(-1)
        self._turn()
        self._fit_columns()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it. Only the cells in view are drawn."""
        self.values.set_snapshot(snapshot)
        self._hide_empty()
        self._turn()

    def select_state(self, state: int) -> None:
        """Select a state's row and bring it into view."""
        rows = np.flatnonzero(self.values.order == state)
        if len(rows):
            self.view.selectRow(int(rows[0]))

    def _switch(self, tip: str) -> QToolButton:
        """A button that shows a page."""
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.toggled.connect(lambda _: self._turn())
        return button

    def _turn(self) -> None:
        """Show the table or the picture; there is a choice where there are values of actions."""
        mdp, known = self.values.mdp, self.values.snapshot
        choice = mdp is not None and (known is None or known.q is not None)
        for button in (self.as_table, self.as_picture):
            button.setVisible(choice)
        self.pages.setCurrentIndex(0 if mdp is None else 2 if choice and self.as_picture.isChecked() else 1)

    def _hide_empty(self, anew: bool = False) -> None:
        """Leave out the columns of the actions where there is no choice, or where the learner knows the values of states only."""
        mdp, known = self.values.mdp, self.values.snapshot
        hidden = mdp is not None and (mdp.actions == 1 or (known is not None and known.q is None))
        if mdp is not None and (anew or hidden != self.view.isColumnHidden(BEST)):
            for column in range(self.values.columnCount()):
                self.view.setColumnHidden(column, hidden and BEST <= column < self.values.updates)

    def _selected(self) -> None:
        for index in self.view.selectionModel().selectedRows():
            state = int(self.values.order[index.row()])
            self.heat.select(state)
            self.state_selected.emit(state)

    def _use_theme(self) -> None:
        self.painter.use_theme()
        self.as_table.setIcon(icon("transitions"))
        self.as_picture.setIcon(icon("heat"))
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
        names = max((metrics.horizontalAdvance(tr(str(name))) for name in mdp.state_names[:200]), default=0)
        longest = max((metrics.horizontalAdvance(tr(name)) for name in mdp.action_names[:200]), default=0)
        header = self.view.horizontalHeader()
        number = metrics.horizontalAdvance("−00.0000")
        for column in range(self.values.columnCount()):
            title = metrics.horizontalAdvance(str(self.values.headerData(column, Qt.Orientation.Horizontal)))
            wanted = number
            if column in (STATE, BEST):
                wanted = min(names if column == STATE else 2 * longest + 10, 14 * metrics.averageCharWidth() + 60)
            arrow = 44 if column in (STATE, BEST) else 18  # it stands in the middle: a title on the left needs more room
            header.resizeSection(column, max(wanted, title + arrow) + 24)


def readable_on(colour: QColor) -> QColor:
    """Black or white, whichever stands out more."""
    red, green, blue = (channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in colour.getRgbF()[:3])  # type: ignore[index]
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#0b1220") if light > 0.2 else QColor("#ffffff")


def blended(over: QColor, under: QColor, share: float) -> QColor:
    """`share` of one colour on the other."""
    pairs = zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(share * top + (1 - share) * bottom) for top, bottom in pairs))
