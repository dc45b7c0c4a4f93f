"""Names of states or actions, with how likely an episode starts in a state."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt, Signal

from app.document import OpenWorld
from app.numbers import exact, short
from app.stage.transitions.spreadsheet import number_of
from app.stage.values_model import Index, Role, aligned
from app.text import tr
from core.errors import WorldError
from core.worlds import table_edits
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld
from core.worlds.world import World

NAME, START = 0, 1


class NamesModel(QAbstractTableModel):
    """Names, and for states the start probability.

    Args:
        document: the open world.
        what: "state" or "action".
    """

    refused = Signal(object)
    """WorldError: what was typed that cannot be; None once something was taken."""

    def __init__(self, document: OpenWorld, what: str) -> None:
        super().__init__()
        self.document, self.what = document, what
        self.names: Sequence[str] = ()
        self.start: Floats | None = None

    def set_names(self, names: Sequence[str], start: Floats | None) -> None:
        """Show other names; `start` [names] are probabilities, None where an episode starts anywhere."""
        same = len(names) == len(self.names)
        if not same:
            self.beginResetModel()
        self.names, self.start = names, start
        if not same:
            self.endResetModel()
        elif len(names):
            self.dataChanged.emit(self.index(0, 0), self.index(len(names) - 1, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.names)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else 2 if self.what == "state" else 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if isinstance(self.document.world, TableWorld) else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Role.TextAlignmentRole:
            return aligned(column, (NAME,))
        if role in (Role.DisplayRole, Role.EditRole):
            if column == NAME:
                return self.names[row]
            chance = 0.0 if self.start is None else float(self.start[row])
            return exact(chance) if role == Role.EditRole else short(chance) if chance else ""
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.DisplayRole:
            return tr("Start") if section == START else tr("State") if self.what == "state" else tr("Action")
        if role == Role.ToolTipRole and section == START:
            return tr("How likely an episode starts in this state.")
        return aligned(section, (NAME,)) if role == Role.TextAlignmentRole else None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.EditRole:
            return False
        try:
            self.document.apply(*self.edited(index.row(), index.column(), str(value)))
        except WorldError as error:
            self.refused.emit(error)
            return False
        self.refused.emit(None)
        return True

    def try_text(self, index: Index, text: str) -> None:
        """WorldError where a cell would not take the text."""
        self.edited(index.row(), index.column(), text)

    def edited(self, row: int, column: int, text: str) -> tuple[World, str]:
        """The world with another name or start probability, and what that edit is called."""
        world, old = self.document.world, self.names[row]
        assert isinstance(world, TableWorld)
        if column == START:
            chance = number_of(text or "0")
            if not 0 <= chance <= 1:
                raise WorldError(tr("a start probability lies from 0 to 1, not {value}", value=text))
            start = {name: value for name, value in (world.start | {old: chance}).items() if value}
            return table_edits.started(world, start), tr("Edit where episodes start")
        if self.what == "state":
            return table_edits.renamed_state(world, old, text.strip()), tr("Rename a state")
        return table_edits.renamed_action(world, old, text.strip()), tr("Rename an action")
