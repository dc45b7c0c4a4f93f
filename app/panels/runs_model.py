"""The runs of a session as rows of a table: what each was told and what it came to."""

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

from app.forms.words import told_in_words
from app.numbers import short
from app.panels.library import title_of
from app.plots.layer import DASHES
from app.plots.overlay import LOOKS, Overlay
from app.text import tr
from app.theme import theme
from core.errors import ValuescapeError
from core.history import Columns
from core.registry import algorithm
from core.runs.folder import describe, spec_of
from core.runs.library import folders
from core.runs.scores import Returns, Score, differences, level, returns_of, score
from core.runs.spec import RunSpec

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NAME, LINE, ALGORITHM, WORLD, DIFFERS, FINAL, IQM, STEPS, AREA, WORK = range(10)
SCORES = (FINAL, IQM, STEPS, AREA)
LEFT = (NAME, LINE, ALGORITHM, WORLD, DIFFERS)


@dataclass(frozen=True, eq=False)
class Record:
    """One run, as far as it was kept.

    Attributes:
        number: in the list, never used again.
        run: that of the present session, by the conductor's count; None where it came from a folder or cannot go on.
        name: as the person calls it.
        spec: what it was told.
        history: what it measured.
        units: of work done.
        look: how it is drawn, of `app.plots.overlay.LOOKS`.
        shown: whether the plots show it.
        folder: from which it was read; None where it was trained here.
    """

    number: int
    run: int | None
    name: str
    spec: RunSpec
    history: Mapping[str, Columns]
    units: int
    look: int
    shown: bool = False
    folder: Path | None = None

    def kept_in(self, home: Path) -> Path | None:
        """Its folder among those in a folder of runs; None where it is not one of them."""
        if self.folder is not None:
            return self.folder if self.folder.parent == home else None
        for place in folders(home):
            with suppress(ValuescapeError):
                if describe(place).get("units") == self.units and spec_of(place).at(self.units) == self.spec.at(self.units):
                    return place
        return None

    @cached_property
    def overlay(self) -> Overlay:
        """What plots draw of it: the same as long as it stays as it is."""
        return Overlay(self.number, self.name, self.look, self.history)


class RunsModel(QAbstractTableModel):
    """A row for each run, the newest last. Scores are those of the whole list: levels and differences follow it."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []
        self.scores: list[Score] = []
        self.levels: list[float] = []
        self.told: list[dict[str, str]] = []
        self.edited: Callable[..., None] = lambda row, **changes: None
        self._returns: dict[int, tuple[Mapping[str, Columns], list[Returns]]] = {}
        self._known: dict[int, tuple[list[Returns], float, Score]] = {}

    def show(self, records: Sequence[Record]) -> None:
        """Show these runs."""
        self.beginResetModel()
        self.records = list(records)
        known = [self._episodes(record) for record in records]
        self._returns = {record.number: (record.history, found) for record, found in zip(records, known, strict=True)}
        finals = [sum(member.final for member in found) / len(found) if found else math.nan for found in known]
        self.levels = [
            level(record.spec.world, [final for other, final in zip(records, finals, strict=True) if other.spec.world == record.spec.world])
            for record in records
        ]
        self.scores = [self._score(*each) for each in zip(records, known, self.levels, strict=True)]
        self._known = {record.number: each for record, each in zip(records, zip(known, self.levels, self.scores, strict=True), strict=True)}
        self.told = differences([record.spec for record in records])
        self.endResetModel()

    def put(self, record: Record) -> None:
        """Name, look or visibility of a run have changed."""
        row = next(row for row, each in enumerate(self.records) if each.number == record.number)
        self.records[row] = record
        self.dataChanged.emit(self.index(row, NAME), self.index(row, LINE))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.records)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else WORK + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable if index.column() == NAME else flags

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        record, found, aim = self.records[row], self.scores[row], self.levels[row]
        chosen = algorithm(record.spec.algorithm)
        if column == DIFFERS:
            return told_in_words(self.told[row])
        if column == STEPS:
            if not found.members or math.isnan(aim):
                return "–"
            steps = short(found.steps) if math.isfinite(found.steps) else tr("never")
            return f"{steps} ({found.reached}/{found.members})" if found.members > 1 else steps
        if column == IQM:
            band = f" ({short(found.low)} – {short(found.high)})" if math.isfinite(found.low) else ""
            return f"{short(found.iqm)}{band}"
        texts = {
            NAME: record.name, LINE: "", ALGORITHM: tr(chosen.title), WORLD: title_of(record.spec.world),
            FINAL: short(found.final), AREA: short(found.area), WORK: f"{record.units:,}",
        }  # fmt: skip
        return texts[column]

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        record = self.records[row]
        if role in (Role.DisplayRole, Role.EditRole):
            return self.text(row, column)
        if role == Role.CheckStateRole and column == NAME:
            return Qt.CheckState.Checked if record.shown else Qt.CheckState.Unchecked
        if role == Role.DecorationRole and column == LINE:
            return swatch(record.overlay)
        if role == Role.AccessibleTextRole and column == LINE:
            return tr("Line {number}", number=record.look + 1)
        if role == Role.ToolTipRole:
            if column == LINE:
                return tr("How the plots draw this run. A click chooses the next colour and line.")
            if column == STEPS and math.isfinite(self.levels[row]):
                return tr("The level is a mean return of {level}.", level=short(self.levels[row]))
            return self.text(row, column)
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignLeft if column in LEFT else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if index.column() == NAME and role == Role.CheckStateRole:
            self.edited(index.row(), shown=Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if index.column() == NAME and role == Role.EditRole and str(value).strip():
            self.edited(index.row(), name=str(value).strip())
            return True
        return False

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return self.titles()[section]
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignLeft if section in LEFT else Qt.AlignmentFlag.AlignRight) | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ToolTipRole:
            said = {
                NAME: tr("Checked runs are drawn in the plots. A double click changes the name."),
                DIFFERS: tr("The settings in which the runs of this list differ."),
                FINAL: tr("The mean return of the last 100 episodes, averaged over members."),
                IQM: tr("The interquartile mean over members of their last 100 episodes, with its 95 % bootstrap interval."),
                STEPS: tr("Steps until the mean of 100 episodes reached the level at which the world counts as solved, else 90 % of "
                          "the best final score in the same world: the median over members, and how many reached it."),
                AREA: tr("The area under the curve of returns, divided by its length: the mean return over all steps."),
                WORK: tr("Steps of every member; of planners, backups."),
            }  # fmt: skip
            return said.get(section)
        return None

    @staticmethod
    def titles() -> tuple[str, ...]:
        """The columns' names."""
        return (tr("Run"), tr("Drawn as"), tr("Algorithm"), tr("World"), tr("Settings that differ"), tr("Final score"),
                tr("Interquartile mean"), tr("Steps to level"), tr("Area"), tr("Steps"))  # fmt: skip

    def separated(self, delimiter: str) -> str:
        """The table as text, without the column of the lines."""
        columns = [column for column in range(WORK + 1) if column != LINE]
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow([self.titles()[column] for column in columns])
        writer.writerows([[self.text(row, column) for column in columns] for row in range(len(self.records))])
        return out.getvalue()

    def _score(self, record: Record, found: list[Returns], aim: float) -> Score:
        """That of a run whose returns and level are what they were is known: with long runs in the list, stopping one took a second."""
        known = self._known.get(record.number)
        same = known is not None and known[0] is found and (known[1] == aim or (math.isnan(known[1]) and math.isnan(aim)))
        return known[2] if known is not None and same else score(found, aim)

    def _episodes(self, record: Record) -> list[Returns]:
        known = self._returns.get(record.number)
        return known[1] if known is not None and known[0] is record.history else returns_of(record.history)


def free_look(records: Sequence[Record]) -> int:
    """The first way to draw that no run of the list uses."""
    used = {record.look for record in records}
    return next((look for look in range(LOOKS) if look not in used), len(records) % LOOKS)


def next_look(record: Record, records: Sequence[Record]) -> Record:
    """The run with the next way to draw that no other run uses."""
    used = {other.look for other in records if other.number != record.number}
    looks = [(record.look + step) % LOOKS for step in range(1, LOOKS)]
    return replace(record, look=next((look for look in looks if look not in used), looks[0]))


def swatch(overlay: Overlay) -> QIcon:
    """A piece of the line."""
    width, height = round(46 * theme.scale), round(14 * theme.scale)
    pixmap = QPixmap(2 * width, 2 * height)
    pixmap.setDevicePixelRatio(2.0)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(theme.colours.series[overlay.colour]), 2.4 * theme.scale)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(DASHES[overlay.dash])
    painter.setPen(pen)
    painter.drawLine(0, height // 2, width, height // 2)
    painter.end()
    return QIcon(pixmap)
