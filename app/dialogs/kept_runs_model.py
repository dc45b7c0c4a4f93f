"""The kept runs as rows of a table, which a person sorts, filters and writes notes in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor

from app.forms.words import told_in_words
from app.numbers import short
from app.sentences import told
from app.text import language, tr
from app.theme import theme
from core.registry import algorithm
from core.runs.library import Entry
from core.runs.notes import Notes, tags_of

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
WHEN, PROJECT, WORLD, ALGORITHM, SETTINGS, STEPS, MEMBERS, SCORE, NAME, TAGS, NOTE = range(11)
WRITTEN = (NAME, TAGS, NOTE)
"""Columns in which a person writes."""
NUMBERS = (STEPS, MEMBERS, SCORE)
SORT = Role.UserRole


class KeptRunsModel(QAbstractTableModel):
    """A row for each run; `noted` is told what a person wrote of one.

    Attributes:
        home: the folder of runs of the project that is open; None where none is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.home: Path | None = None
        self.entries: list[Entry] = []
        self.noted: Callable[[Entry, Notes], bool] = lambda entry, notes: True

    def clear(self) -> None:
        self.beginResetModel()
        self.entries = []
        self.endResetModel()

    def add(self, entries: Sequence[Entry]) -> None:
        """More runs, behind the others."""
        if entries:
            self.beginInsertRows(QModelIndex(), len(self.entries), len(self.entries) + len(entries) - 1)
            self.entries += entries
            self.endInsertRows()

    def remove(self, entry: Entry) -> None:
        row = self.entries.index(entry)
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.entries[row]
        self.endRemoveRows()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else NOTE + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in WRITTEN else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        entry, column = self.entries[index.row()], index.column()
        if role == Role.DisplayRole:
            return self.text(entry, column)
        if role == Role.EditRole:
            return {NAME: entry.notes.name, TAGS: ", ".join(entry.notes.tags), NOTE: entry.notes.note}.get(column)
        if role == SORT:
            numbers = {WHEN: entry.saved, STEPS: entry.units, MEMBERS: entry.members}
            if column == SCORE:
                return float("-inf") if entry.score is None else entry.score
            return numbers.get(column, self.text(entry, column).casefold())
        if role == Role.ToolTipRole:
            said = tr("It belongs to the open project.") if self.text(entry, PROJECT) else ""
            return "\n".join(filter(None, (said if column == PROJECT else self.text(entry, column), str(entry.folder))))
        if role == Role.ForegroundRole and entry.problem is not None:
            return QColor(theme.colours.warning)
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, entry: Entry, column: int) -> str:
        """What stands in a cell."""
        if column == PROJECT:
            return "✓" if entry.folder.parent == self.home else ""
        return text_of(entry, column)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        entry, text = self.entries[index.row()], str(value).strip()
        written: dict[int, dict[str, Any]] = {NAME: {"name": text}, TAGS: {"tags": tags_of(text)}, NOTE: {"note": text}}
        if role != Role.EditRole or index.column() not in written:
            return False
        notes = replace(entry.notes, **written[index.column()])
        if notes == entry.notes or not self.noted(entry, notes):
            return False
        self.entries[index.row()] = replace(entry, notes=notes)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), NOTE))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return (tr("When"), tr("Project"), tr("World"), tr("Algorithm"), tr("Settings"), tr("Steps"), tr("Members"), tr("Score"),
                    tr("Name"), tr("Tags"), tr("Note"))[section]  # fmt: skip
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ToolTipRole:
            said = {
                PROJECT: tr("Whether the run belongs to the open project."),
                SETTINGS: tr("The settings that are not the defaults."),
                SCORE: tr("The mean return of the last 100 episodes, averaged over members."),
                TAGS: tr("Words between commas, to filter by. A double click writes them."),
            }
            return said.get(section)
        return None


class Filtered(QSortFilterProxyModel):
    """The rows in which every word of a filter stands, in any column."""

    def __init__(self, model: KeptRunsModel) -> None:
        super().__init__()
        self.model_, self.words = model, list[str]()
        self.setSourceModel(model)
        self.setSortRole(SORT)

    def narrow(self, text: str) -> None:
        self.words = text.casefold().split()
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        entry = self.model_.entries[row]
        text = " ".join(
            [*(self.model_.text(entry, column) for column in range(NOTE + 1)), entry.folder.name, entry.algorithm, entry.world_name]
        )
        return all(word in text.casefold() for word in self.words)


def text_of(entry: Entry, column: int) -> str:
    """What stands in a cell, as far as the run alone tells."""
    if column == PROJECT:
        return ""
    if column == WHEN:
        return f"{datetime.fromtimestamp(entry.saved):%Y-%m-%d %H:%M}"
    if column == NAME:
        return entry.notes.name or ("" if entry.automatic else entry.folder.name)
    if column in WRITTEN:
        return ", ".join(entry.notes.tags) if column == TAGS else entry.notes.note
    if entry.problem is not None:
        return told(entry.problem) if column == WORLD else ""
    if column == WORLD:
        return (entry.world_ko if language() == "ko" else "") or entry.world or entry.world_name or tr("Untitled")
    if column == ALGORITHM:
        chosen = algorithm(entry.algorithm)
        return tr(chosen.title)
    if column == SETTINGS:
        return told_in_words(entry.settings)
    return {STEPS: f"{entry.units:,}", MEMBERS: f"{entry.members:,}"}.get(column) or ("–" if entry.score is None else short(entry.score))
