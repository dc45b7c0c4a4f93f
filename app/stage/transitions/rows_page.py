"""The rows with what can be done to them: look for, add, duplicate, remove, copy, paste, normalise."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPalette
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLabel, QLineEdit, QPushButton, QToolBar, QVBoxLayout, QWidget

from app.counts import counted
from app.document import OpenWorld
from app.stage.table_view import blended
from app.stage.transitions import spreadsheet
from app.stage.transitions.editing import CellEditor, TypingTable
from app.stage.transitions.rows_model import ACTION, ENDS, NEXT, PROBABILITY, STATE, SUM, RowsModel
from app.stage.transitions.search import WRONG
from app.stage.values_model import Index, Order
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.worlds.grid import GridWorld
from core.worlds.rows import Rows, normalised
from core.worlds.table import Transition

FOLLOWED = 10_000
"""Selected rows up to which their states are selected in the other views, too."""


NAMED = 200
"""Names that are looked at for how wide a column must be."""


class RowsPage(QWidget):
    """A table of rows under a line to look for some."""

    refused = Signal(object)
    """WorldError, or None once that is over."""
    said = Signal(str)

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.model = RowsModel(document)
        self.model.refused.connect(self.refused)
        self.following = False
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(tr("Look for: s1, action:left, ≠1"))
        self.search.setToolTip(
            tr("Rows that have all of these words in a name. state:, action: and next: look in one column; ≠1 finds what does not add up.")
        )
        self.search.setAccessibleName(tr("Look for rows"))
        self.search.textChanged.connect(self._look)
        self.bar = QToolBar()
        self.bar.setStyleSheet("QToolBar { background: transparent; border: none; padding: 0; }")
        self.actions_ = {
            "add": self._action(tr("Add row"), tr("Add an outcome behind the present row."), QKeySequence("Ins"), self.add),
            "double": self._action(tr("Duplicate"), tr("Add the selected rows once more."), None, self.duplicate),
            "remove": self._action(tr("Remove"), tr("Take the selected rows out."), QKeySequence.StandardKey.Delete, self.remove),
            "copy": self._action(tr("Copy"), tr("Copy the selected rows, for a spreadsheet."), QKeySequence.StandardKey.Copy, self.copy),
            "paste": self._action(
                tr("Paste"),
                tr("Paste rows from a spreadsheet: state, action, next state, probability, reward, ends, with titles or without. "
                   "Rows with the same states and action are replaced. One or two columns go into the cells from the present one on."),
                QKeySequence.StandardKey.Paste, self.paste,
            ),
        }  # fmt: skip
        self.table = TypingTable()
        self.table.setModel(self.model)
        self.table.setItemDelegate(CellEditor(self.table, self._names, self.model.try_text, self.refused.emit))
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setAccessibleName(tr("Transitions"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.table.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(self.model, header))  # its own: Qt asks for every row whether a column is selected
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Order.AscendingOrder)
        header.setStretchLastSection(True)
        self.table.setSortingEnabled(True)
        self.table.selectionModel().selectionChanged.connect(self._select)
        self.table.addActions(list(self.actions_.values()))
        self.count = QLabel()
        self.count.setProperty("muted", True)
        self.wrong = QLabel()
        self.wrong.setProperty("error", True)
        self.wrong.setWordWrap(True)
        self.show_wrong = QPushButton(tr("Show"))
        self.show_wrong.setToolTip(tr("Show only the rows that do not add up to 1."))
        self.show_wrong.clicked.connect(lambda: self.search.setText("" if self.search.text() == WRONG else WRONG))
        self.normalise = QPushButton(tr("Normalise"))
        self.normalise.setToolTip(tr("Divide probabilities by their sum: those of the selected rows, or all that do not add up."))
        self.normalise.clicked.connect(self.make_normal)
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.search, 1)
        above.addWidget(self.bar, 2)
        self.search.setMinimumWidth(90)
        below.addWidget(self.count)
        below.addWidget(self.wrong, 1)
        below.addWidget(self.show_wrong)
        below.addWidget(self.normalise)
        below.addStretch(0)
        for row in (above, below):
            row.setContentsMargins(8, 4, 8, 4)
            row.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        theme.changed.connect(self._use_theme)
        self._use_theme()

    def set_rows(self, rows: Rows | None) -> None:
        """Show the rows of the open world."""
        old = self.model.rows
        anew = rows is None or old is None or rows.states[:NAMED] != old.states[:NAMED] or rows.actions != old.actions
        at = self.table.currentIndex()
        place = at.row(), at.column(), self.table.verticalScrollBar().value()
        self.model.set_rows(rows)
        if not self.table.currentIndex().isValid() and place[0] >= 0 and self.model.rowCount():
            index = self.model.index(min(place[0], self.model.rowCount() - 1), place[1])
            self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.table.verticalScrollBar().setValue(place[2])
        for name in ("add", "double", "remove", "paste"):
            self.actions_[name].setEnabled(self.model.editable)
        self._tell()
        if anew:
            self._fit_columns()

    def follow(self, states: frozenset[str]) -> None:
        """Mark the rows of the selected states, and bring the first into view where they were selected elsewhere."""
        self.model.select(states)
        rows = self.model.rows
        if self.following or rows is None or not states:
            return
        chosen = np.array([name in states for name in rows.states], bool)
        places = np.flatnonzero(chosen[rows.state[self.model.order]])
        if len(places):
            self.table.scrollTo(self.model.index(int(places[0]), STATE))

    # What is done to rows

    def add(self) -> None:
        """Add an outcome: of an action not yet taken in the state of the present row, or of that row's action."""
        if self.model.rows is None or not self.model.editable:
            return
        row = self.model.proposed(self.table.currentIndex().row())
        self._edit({}, [row], tr("Add a row"))
        place = self.model.place_of(self.model.find(row))
        if place < 0:
            self.search.clear()
            place = self.model.place_of(self.model.find(row))
        index = self.model.index(place, NEXT)
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)

    def duplicate(self) -> None:
        """Add the selected rows once more."""
        rows = [row for number in self.chosen() if (row := self._row(number))]
        if rows:
            self._edit({}, rows, tr("Duplicate {rows}", rows=counted(len(rows), "row")))

    def remove(self) -> None:
        """Take the selected rows out."""
        numbers = self.chosen()
        if not numbers:
            return
        before = self.document.world
        self._edit(dict.fromkeys(numbers), [], tr("Remove {rows}", rows=counted(len(numbers), "row")))
        if isinstance(self.document.world, GridWorld) and self.document.world is not before:
            self.said.emit(tr("What has no rows of its own any more follows the rules of the grid again."))

    def copy(self) -> None:
        """Copy the selected rows as a spreadsheet takes them."""
        rows = [row for number in self.chosen() if (row := self._row(number))]
        if rows:
            QGuiApplication.clipboard().setText(spreadsheet.written(rows))
            self.said.emit(tr("Copied {rows}.", rows=counted(len(rows), "row")))

    def paste(self) -> None:
        """Add the rows in the clipboard; those that lead from the same state by the same action to the same state are replaced."""
        rows, text = self.model.rows, QGuiApplication.clipboard().text()
        if rows is None or not self.model.editable:
            return
        try:
            if values := spreadsheet.block(text):
                self._paste_values(values)
                return
            new = spreadsheet.read(text)
        except WorldError as error:
            self.refused.emit(error)
            return
        old = rows.same(new)
        if self._edit(dict.fromkeys(old), new, tr("Paste {rows}", rows=counted(len(new), "row"))):
            known = set(rows.states)
            names = [name for name in dict.fromkeys(name for row in new for name in (row.state, row.next)) if name not in known]
            said = tr("Pasted {rows}, {replaced} replaced.", rows=counted(len(new), "row"), replaced=len(old))
            self.said.emit(said + (" " + tr("New states: {names}", names=", ".join(names[:9]))) * bool(names))

    def _paste_values(self, lines: list[list[str]]) -> None:
        """Put values into the cells from the present one on; a single line into all selected rows."""
        at = self.table.currentIndex()
        if not at.isValid():
            raise WorldError(tr("No cell is selected to paste into"), remedy=tr("Click a cell first"))
        places = sorted({index.row() for index in self.table.selectionModel().selectedIndexes()}) if len(lines) == 1 else []
        places = places or list(range(at.row(), at.row() + len(lines)))
        if places[-1] >= self.model.rowCount():
            raise WorldError(tr("there are more lines than rows below the present cell"))
        self.model.put_cells(places, at.column(), lines * len(places) if len(lines) == 1 else lines, tr("Paste values"))

    def make_normal(self) -> None:
        """Make the selected pairs, or all, add up to 1."""
        rows = self.model.rows
        if rows is None:
            return
        wrong = [number for number in self.chosen() if rows.wrong[number]] or np.flatnonzero(rows.wrong).tolist()
        self.model.apply(normalised(self.document.world, rows, wrong), tr("Normalise probabilities"))

    def chosen(self) -> list[int]:
        """Numbers of the rows in which something is selected."""
        found: set[int] = set()
        for part in self.table.selectionModel().selection().toList():
            found.update(self.model.order[part.top() : part.bottom() + 1].tolist())
        return sorted(found)

    # Inside

    def _edit(self, changes: dict[int, Transition | None], added: list[Transition], what: str) -> bool:
        try:
            self.model.put(changes, added, what)
        except WorldError as error:
            self.refused.emit(error)
            return False
        return True

    def _row(self, number: int) -> Transition | None:
        return self.model.rows[number] if self.model.rows is not None else None

    def _names(self, index: Index) -> tuple[str, ...]:
        rows = self.model.rows
        if rows is None or index.column() not in (STATE, ACTION, NEXT):
            return ()
        names = rows.actions if index.column() == ACTION else rows.states
        return names if isinstance(names, tuple) else tuple(names)

    def _look(self, text: str) -> None:
        self.model.look_for(text)
        self._tell()

    def _tell(self) -> None:
        rows = self.model.rows
        all_rows, shown = 0 if rows is None else len(rows), self.model.rowCount()
        text = counted(all_rows, "row")
        self.count.setText(text if shown == all_rows else tr("{shown} of {rows}", shown=f"{shown:,}", rows=text))
        wrong = 0 if rows is None else len(np.unique(rows.pair[rows.wrong]))
        self.wrong.setText(tr("{count} pairs of state and action do not add up to 1", count=wrong) if wrong > 1
                           else tr("one pair of state and action does not add up to 1") if wrong else "")  # fmt: skip
        for widget in (self.wrong, self.show_wrong, self.normalise):
            widget.setVisible(wrong > 0)

    def _select(self, _new: QItemSelection, _old: QItemSelection) -> None:
        rows = self.model.rows
        numbers = self.chosen() if rows is not None else []
        if rows is None or not numbers or len(numbers) > FOLLOWED:
            return
        self.following = True
        self.document.select(rows.states[state] for state in np.unique(rows.state[numbers]).tolist())
        self.following = False

    def _action(self, text: str, tip: str, keys: QKeySequence | QKeySequence.StandardKey | None, done: Callable[[], None]) -> QAction:
        action = self.bar.addAction(text)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            tip = f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})"
        action.setToolTip(tip)
        action.triggered.connect(lambda _checked=False: done())
        return action

    def _use_theme(self) -> None:
        palette = self.table.palette()
        palette.setColor(QPalette.ColorRole.Highlight, blended(theme.colour("accent"), theme.colour("panel"), 0.3))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.colour("text"))
        self.table.setPalette(palette)
        self.table.verticalHeader().setDefaultSectionSize(round(26 * theme.scale))
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Wide enough for heading and number; names as long as they are, within reason."""
        metrics, rows = self.table.fontMetrics(), self.model.rows
        names = {STATE: [] if rows is None else rows.states[:NAMED], ACTION: [] if rows is None else rows.actions[:NAMED]}
        names[NEXT] = names[STATE]
        for column in range(self.model.columnCount()):
            heading = metrics.horizontalAdvance(str(self.model.headerData(column, Qt.Orientation.Horizontal)))
            heading += 40 if column in names else 22  # the arrow of the order stands in the middle
            longest = max((metrics.horizontalAdvance(tr(name)) for name in names.get(column, ())), default=0)
            wanted = metrics.horizontalAdvance("0.00000") if column in (PROBABILITY, SUM) else 0
            self.table.setColumnWidth(column, max(heading, min(longest, 24 * metrics.averageCharWidth()) + 24, wanted + 16))
        self.table.setColumnWidth(ENDS, max(self.table.columnWidth(ENDS), 60))
