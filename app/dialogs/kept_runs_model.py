"""The kept runs as rows of a table, which a person sorts, filters and writes notes in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor

from app.numbers import short
from app.sentences import told
from app.text import language, tr
from app.theme import theme
from core.registry import algorithm
from core.runs.library import Entry
from core.runs.notes import Notes, tags_of

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
WHEN, WORLD, ALGORITHM, SETTINGS, STEPS, MEMBERS, SCORE, NAME, TAGS, NOTE = range(10)
WRITTEN = (NAME, TAGS, NOTE)
"""Columns in which a person writes."""
NUMBERS = (STEPS, MEMBERS, SCORE)
SORT = Role.UserRole


class KeptRunsModel(QAbstractTableModel):
    """A row for each run; `noted` is told what a person wrote of one."""

    def __init__(self) -> None:
        super().__init__()
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
            return text_of(entry, column)
        if role == Role.EditRole:
            return {NAME: entry.notes.name, TAGS: ", ".join(entry.notes.tags), NOTE: entry.notes.note}.get(column)
        if role == SORT:
            numbers = {WHEN: entry.saved, STEPS: entry.units, MEMBERS: entry.members}
            if column == SCORE:
                return float("-inf") if entry.score is None else entry.score
            return numbers.get(column, text_of(entry, column).casefold())
        if role == Role.ToolTipRole:
            return f"{text_of(entry, column)}\n{entry.folder}".strip()
        if role == Role.ForegroundRole and entry.problem is not None:
            return QColor(theme.colours.warning)
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        return None

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
            return (tr("When"), tr("World"), tr("Algorithm"), tr("Settings"), tr("Steps"), tr("Members"), tr("Score"), tr("Name"),
                    tr("Tags"), tr("Note"))[section]  # fmt: skip
        if role == Role.TextAlignmentRole:
            return (Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ToolTipRole:
            said = {
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
        text = " ".join([*(text_of(entry, column) for column in range(NOTE + 1)), entry.folder.name, entry.algorithm, entry.world_name])
        return all(word in text.casefold() for word in self.words)


def text_of(entry: Entry, column: int) -> str:
    """What stands in a cell."""
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
        return ", ".join(f"{tr(title)} {value}" for title, value in entry.settings.items())
    return {STEPS: f"{entry.units:,}", MEMBERS: f"{entry.members:,}"}.get(column) or ("–" if entry.score is None else short(entry.score))
