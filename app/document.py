"""The open world: a frozen value, every edit a new one, every edit undoable."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.text import tr
from core.errors import WorldError
from core.files import replacing
from core.worlds.grid import GridWorld
from core.worlds.gym import GymWorld
from core.worlds.world import World, dump, opened

STROKE_ID = 1


class Edit(QUndoCommand):
    """Puts one value in the place of another; edits of the same stroke merge into one."""

    def __init__(self, document: "OpenWorld", before: World, after: World, text: str, stroke: int | None) -> None:
        super().__init__(text)
        self.document, self.before, self.after, self.stroke = document, before, after, stroke

    def id(self) -> int:
        return -1 if self.stroke is None else STROKE_ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Edit) or other.stroke != self.stroke:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        return True

    def undo(self) -> None:
        self.document._put(self.before)

    def redo(self) -> None:
        self.document._put(self.after)


class OpenWorld(QObject):
    """The world being edited, where it is from, and how to go back.

    Attributes:
        world: the present value.
        original: the value that was opened.
        name: library name or file name.
        path: the file it is saved to; None for a library world or a new one.
        stack: every edit, without limit.
        selection: names of the states that are selected, in every view.
    """

    changed = Signal()
    modified_changed = Signal(bool)
    saved = Signal()
    selected = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.world = self.original = cast(World, GridWorld(map=("S.G",)))
        self.name = ""
        self.path: Path | None = None
        self.selection: frozenset[str] = frozenset()
        self.stack = QUndoStack(self)
        self.stack.cleanChanged.connect(self._clean_changed)  # a method goes with this object; a lambda would outlive it

    @property
    def modified(self) -> bool:
        """Whether there are edits that are not saved."""
        return not self.stack.isClean()

    def open(self, world: World, name: str, path: Path | None = None) -> None:
        """Put another world on the stage, a generated grid as one to draw on; its history of edits begins here."""
        self.world = self.original = opened(world)
        self.name, self.path = name, path
        self.stack.clear()
        self.changed.emit()
        self.select(())

    def recover(self, world: World, name: str, path: Path | None = None) -> None:
        """Put back a world that was edited and never saved: it is open, and still to be saved."""
        self.open(world, name, path)
        self.stack.resetClean()

    def apply(self, world: World, text: str, stroke: int | None = None) -> None:
        """Edit: `world` takes the place of the present value. Edits with the same stroke number undo as one."""
        if world is not self.world and world != self.world:
            self.stack.push(Edit(self, self.world, world, text, stroke))

    def select(self, states: Iterable[str]) -> None:
        """Select states, by name, in every view."""
        chosen = frozenset(states)
        if chosen != self.selection:
            self.selection = chosen
            self.selected.emit()

    def save(self, path: Path) -> None:
        """Write to a file and remember it; WorldError where that is not possible, and nothing changes."""
        try:
            with replacing(path) as file:
                file.write(dump(self.world.beside(path.parent) if isinstance(self.world, GymWorld) else self.world).encode())
        except OSError as error:
            what = tr("the world cannot be saved ({reason})", reason=error.strerror)
            raise WorldError(what, where=str(path), remedy=tr("Choose another folder")) from None
        self.path, self.name = path, path.name
        self.stack.setClean()
        self.saved.emit()

    def _clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    def _put(self, world: World) -> None:
        self.world = world
        self.changed.emit()
