"""Runs side by side: those of this session and those from folders, in a table and in the plots."""

import itertools
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.saving import ask_where
from app.panels.runs_model import ALGORITHM, DIFFERS, LINE, NAME, SCORES, Record, RunsModel, free_look, next_look
from app.plots.overlay import LOOKS
from app.sentences import told
from app.text import tr
from app.theme import theme
from core.errors import ValuescapeError
from core.history import Columns
from core.registry import algorithm
from core.runs.folder import recorded
from core.runs.spec import RunSpec

MOST = 40
"""Runs kept at most; the oldest that is not shown goes first."""
LONGEST = 200
"""Letters of a name that is read from a file."""

FITTED = 12
"""Rows that columns are made wide enough for: all forty took as long as everything else at a stop."""


class RunsPanel(QWidget):
    """Keeps what runs measured. Nothing of a learner is kept, so a hundred of them take little."""

    chosen = Signal(tuple)
    """The overlays to draw, after the list or a choice in it changed."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.present: int | None = None
        self._numbers = itertools.count(1)
        self.model = RunsModel()
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setShowGrid(False)
        self.view.setWordWrap(False)
        self.view.setAccessibleName(tr("Runs"))
        self.view.setIconSize(QSize(46, 14))
        self.view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.view.setEditTriggers(QTableView.EditTrigger.DoubleClicked | QTableView.EditTrigger.EditKeyPressed)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.view.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(FITTED)
        for place, column in enumerate(SCORES, ALGORITHM):  # what they came to stands before what they were told
            header.moveSection(header.visualIndex(column), place)
        self.view.clicked.connect(self._clicked)
        self.model.edited = self._edited
        hint = QLabel(tr("Runs that have ended stand here, to be compared. Train twice with other settings, or open a saved run."))
        hint.setProperty("muted", True)
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.buttons = {
            "open": self._button(tr("Open run …"), tr("Add a run that was saved to a folder."), self.ask_for_folder),
            "copy": self._button(tr("Copy table"), tr("Copy the table, to be pasted into a spreadsheet."), self.copy),
            "save": self._button(tr("Save table …"), tr("Save the table as CSV."), self.ask_for_file),
            "remove": self._button(
                tr("Remove"), tr("Take the selected runs from the list; folders stay as they are."), self.remove_selected
            ),
        }
        row = QHBoxLayout()
        row.setContentsMargins(8, 4, 8, 4)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        page = QWidget()
        self.pages = QStackedLayout(page)
        self.pages.addWidget(hint)
        self.pages.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(page, 1)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.view, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.remove_selected)
        self.view.selectionModel().selectionChanged.connect(self._enable)
        theme.changed.connect(self._use_theme)
        self._use_theme()
        self._changed()

    def note(self, run: int, spec: RunSpec, history: Mapping[str, Columns], units: int) -> None:
        """Keep what the present run has measured so far; the plots draw it themselves while it is the present one."""
        self.present = run
        known = next((record for record in self.records if record.run == run), None)
        if known is not None:
            if known.units == units and known.spec == spec:
                return
            self.records[self.records.index(known)] = replace(known, spec=spec, history=history, units=units)
        else:
            self._add(run, spec, history, units)
        self._changed()

    def compared(self, home: Path) -> list[dict[str, Any]]:
        """The runs in a folder of runs that are drawn to be compared, as they are called and drawn."""
        found = [(record, record.kept_in(home)) for record in self.records if record.shown]
        return [{"run": folder.name, "name": record.name, "look": record.look} for record, folder in found if folder is not None]

    def compare_again(self, home: Path, said: list[Any]) -> None:
        """Draw those runs and no others; what cannot be read is left out."""
        self.records = [replace(record, shown=False) for record in self.records]
        for one in said[:MOST]:
            name = one.get("run") if isinstance(one, dict) else None
            if isinstance(name, str) and name == Path(name).name and name not in (".", ".."):
                with suppress(ValuescapeError):
                    self._draw(home / name, str(one.get("name") or name)[:LONGEST], one.get("look"))
        self._changed()

    def _draw(self, folder: Path, name: str, look: object) -> None:
        known = [place for place, record in enumerate(self.records) if record.kept_in(folder.parent) == folder]
        if not known:
            self.open_folder(folder)
        place = known[0] if known else len(self.records) - 1
        own = look if isinstance(look, int) and 0 <= look < LOOKS else self.records[place].look
        self.records[place] = replace(self.records[place], shown=True, name=name, look=own)

    def leave(self) -> None:
        """There is no present run any more: it is one of the earlier ones."""
        self.records = [replace(record, run=None) if record.run == self.present else record for record in self.records]
        self.present = None
        self._tell()

    def open_folder(self, folder: Path) -> None:
        """Add a run from its folder, shown at once.

        Raises:
            ValuescapeError: where there is none or it is damaged.
        """
        spec, history = recorded(folder)
        units = int(history["pace"]["units"][-1])
        if not units:
            units = max(
                (int(columns[name].max()) for columns in history.values() for name in ("step", "backups") if len(columns.get(name, ()))),
                default=0,
            )
        self._add(None, spec, history, units, folder.name)
        self.records[-1] = replace(self.records[-1], shown=True, folder=folder)
        self._changed()

    def adopt(self, other: "RunsPanel") -> None:
        """Take over the runs of another window."""
        self.records, self.present, self._numbers = list(other.records), other.present, other._numbers
        self._changed()

    def ask_for_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Open run"))
        if name:
            try:
                self.open_folder(Path(name))
            except ValuescapeError as error:
                QMessageBox.warning(self, tr("Open run"), told(error.sentence))

    def copy(self) -> None:
        """Put the table on the clipboard, separated by tabs."""
        QGuiApplication.clipboard().setText(self.model.separated("\t"))

    def ask_for_file(self) -> None:
        path = ask_where(self, tr("Save"), "runs", "csv")
        if path is not None:
            try:
                path.write_text(self.model.separated(","), encoding="utf-8")
            except OSError as error:
                QMessageBox.warning(self, tr("Save"), str(error))

    def remove_selected(self) -> None:
        """Take the selected runs from the list."""
        gone = {self.records[index.row()].number for index in self.view.selectionModel().selectedRows()}
        self.records = [record for record in self.records if record.number not in gone]
        self._changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _add(self, run: int | None, spec: RunSpec, history: Mapping[str, Columns], units: int, name: str = "") -> None:
        number = next(self._numbers)
        chosen = algorithm(spec.algorithm)
        title = name or f"{number} {tr(chosen.title)}"
        while len(self.records) >= MOST:
            self.records.remove(next((record for record in self.records if not record.shown), self.records[0]))
        self.records.append(Record(number, run, title, spec, history, units, free_look(self.records)))

    def _put(self, record: Record) -> None:
        row = next(row for row, each in enumerate(self.records) if each.number == record.number)
        self.records[row] = record
        self.model.put(record)
        self._tell()

    def _edited(self, row: int, **changes: object) -> None:
        self._put(replace(self.records[row], **changes))  # type: ignore[arg-type]

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == LINE:
            self._put(next_look(self.records[index.row()], self.records))

    def _changed(self) -> None:
        self.model.show(self.records)
        self.pages.setCurrentIndex(1 if self.records else 0)
        if self.isVisible():
            self._fit()
        self._enable()
        self._tell()

    def _fit(self) -> None:
        """Make columns as wide as what stands in them."""
        self.view.resizeColumnsToContents()
        header = self.view.horizontalHeader()
        for column in range(self.model.columnCount()):
            most = round((320 if column in (NAME, DIFFERS) else 600) * theme.scale)
            header.resizeSection(column, min(header.sectionSize(column) + round(14 * theme.scale), most))

    def _tell(self) -> None:
        self.chosen.emit(
            tuple(record.overlay for record in self.records if record.shown and (record.run is None or record.run != self.present))
        )

    def _enable(self) -> None:
        for name in ("copy", "save"):
            self.buttons[name].setEnabled(bool(self.records))
        self.buttons["remove"].setEnabled(self.view.selectionModel().hasSelection())

    def _button(self, text: str, tip: str, act: object) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.clicked.connect(act)
        return button

    def _use_theme(self) -> None:
        self.view.verticalHeader().setDefaultSectionSize(round(26 * theme.scale))
        self.view.setIconSize(QSize(46, 14) * theme.scale)
        self._changed()
