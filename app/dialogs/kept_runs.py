"""The list of kept runs: find one, go on with it, begin another like it, compare, name, note, export or delete it."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QLabel, QLineEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from app.dialogs.fit import begin_at
from app.dialogs.kept_runs_model import NAME, NOTE, PROJECT, SETTINGS, TAGS, WHEN, WORLD, WRITTEN, Filtered, KeptRunsModel
from app.sentences import told
from app.text import tr
from app.theme import theme
from app.trash import put_back, to_trash
from core.errors import ValuescapeError
from core.runs import notes
from core.runs.autosave import is_open
from core.runs.library import Entry, Library
from core.runs.notes import Notes

BATCH = 40
"""Runs read between two looks at what the person does."""


class KeptRunsDialog(QDialog):
    """Stays open beside the window. What it is asked for is told by signals; notes, deleting and undoing it does itself.

    Args:
        library: whose runs are listed.
    """

    opened, copied, compared, exported = Signal(Path), Signal(Path), Signal(Path), Signal(Path)
    """The folder of the run to open, to begin another like, to compare, to export."""

    def __init__(self, parent: QWidget, library: Library) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Kept runs"))
        self.library, self.model = library, KeptRunsModel()
        self.model.noted = self._noted
        self.sorted = Filtered(self.model)
        self.deleted: list[tuple[Path, Path]] = []
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Filter runs"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(tr("Filter runs"))
        self.filter.textChanged.connect(self._narrow)
        self.view = self._table()
        self.said = QLabel()
        self.said.setProperty("muted", True)
        self.said.setWordWrap(True)
        self.buttons = {
            "open": self._button(tr("Open"), tr("Show the run; it can go on."), self.opened),
            "copy": self._button(tr("New run like it"), tr("Take its world and settings for a new run."), self.copied),
            "compare": self._button(tr("Compare"), tr("Draw it over the present run in the plots."), self.compared),
            "export": self._button(tr("Export …"), tr("Write its measurements as CSV or for TensorBoard."), self.exported),
            "delete": self._button(tr("Delete"), tr("Move the selected runs to the trash."), self.delete_selected),
            "undo": self._button(tr("Undo delete"), tr("Put back what was deleted last."), self.undo),
        }
        row = QHBoxLayout()
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.filter)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.said)
        layout.addLayout(row)
        self.view.selectionModel().selectionChanged.connect(self._enable)
        self.view.doubleClicked.connect(self._double_clicked)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.view, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.delete_selected)
        self.reading: Iterator[Entry] = iter(())
        self.timer = QTimer(self)
        self.timer.timeout.connect(self._read)
        begin_at(self, QSize(1200, 460) * theme.scale)
        self._fit()
        self.refresh()

    @property
    def chosen(self) -> list[Entry]:
        """The runs selected."""
        rows = self.view.selectionModel().selectedRows()
        return [self.model.entries[self.sorted.mapToSource(index).row()] for index in rows]

    def refresh(self) -> None:
        """Read the folder again; what has not changed is known still."""
        self.model.clear()
        self.model.home = self.library.beside
        self.view.setColumnHidden(PROJECT, self.model.home is None)
        self.reading = self.library.entries()
        self.timer.start(0)

    def delete_selected(self) -> None:
        """Move the selected runs to the trash; not those that a window has open."""
        problems = []
        for entry in self.chosen:
            if is_open(entry.folder):
                problems.append(tr("'{run}' is open just now. Press Reset first.", run=entry.name))
                continue
            try:
                self.deleted.append((to_trash(entry.folder), entry.folder))
            except OSError as error:
                problems.append(f"{entry.name}: {error.strerror}")
            else:
                self.model.remove(entry)
        self._tell("\n".join(problems))

    def undo(self) -> None:
        """Put back what was deleted last."""
        trashed, place = self.deleted.pop()
        try:
            put_back(trashed, place)
        except OSError as error:
            self._tell(f"{place.name}: {error.strerror}")
            return
        self._tell()
        self.refresh()

    def _read(self) -> None:
        found = [entry for entry, _ in zip(self.reading, range(BATCH), strict=False)]
        first = not self.model.entries
        self.model.add(found)
        if first and found:
            self._fit()
        if not found:
            self.timer.stop()
        self._tell()

    def _noted(self, entry: Entry, said: Notes) -> bool:
        try:
            notes.write(entry.folder, said)
        except ValuescapeError as error:
            self._tell(told(error.sentence))
            return False
        return True

    def _narrow(self, text: str) -> None:
        self.sorted.narrow(text)
        self._tell()

    def _tell(self, problem: str = "") -> None:
        shown, all_ = self.sorted.rowCount(), len(self.model.entries)
        counted = tr("{shown} of {all} runs", shown=f"{shown:,}", all=f"{all_:,}")
        empty = tr("No run was kept yet. Runs are kept as they train, and with File > Save run.")
        self.said.setText(problem or (counted if all_ or self.timer.isActive() else empty))
        self._enable()

    def _enable(self, *_: object) -> None:
        chosen = self.chosen
        whole = len(chosen) == 1 and chosen[0].problem is None
        for name in ("open", "copy", "compare", "export"):
            self.buttons[name].setEnabled(whole)
        self.buttons["delete"].setEnabled(bool(chosen))
        self.buttons["undo"].setEnabled(bool(self.deleted))

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() not in WRITTEN and self.buttons["open"].isEnabled():
            self.opened.emit(self.chosen[0].folder)

    def _table(self) -> QTableView:
        view = QTableView()
        view.setModel(self.sorted)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setSortingEnabled(True)
        view.sortByColumn(WHEN, Qt.SortOrder.DescendingOrder)
        view.setAccessibleName(tr("Kept runs"))
        view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        view.setEditTriggers(QTableView.EditTrigger.DoubleClicked | QTableView.EditTrigger.EditKeyPressed)
        view.verticalHeader().hide()
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        view.verticalHeader().setDefaultSectionSize(round(26 * theme.scale))
        view.horizontalHeader().setHighlightSections(False)
        view.horizontalHeader().setStretchLastSection(True)
        return view

    def _fit(self) -> None:
        """Columns as wide as the first runs need, within bounds."""
        self.view.resizeColumnsToContents()
        header = self.view.horizontalHeader()
        widest = {SETTINGS: 260, WORLD: 220, NAME: 160, TAGS: 140}
        for column in range(NOTE):
            size = header.sectionSize(column) + round(8 * theme.scale)
            header.resizeSection(column, min(max(size, round(50 * theme.scale)), round(widest.get(column, 200) * theme.scale)))
        self.view.selectionModel().setCurrentIndex(self.sorted.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def _button(self, text: str, tip: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        if isinstance(act, Signal) or hasattr(act, "emit"):
            button.clicked.connect(lambda: act.emit(self.chosen[0].folder))
        else:
            button.clicked.connect(act)
        return button
