"""What a person does with world files: open, make, save, resize, and be asked before edits are lost."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.busy import Busy, compiled, is_small
from app.dialogs.generate import GenerateDialog
from app.dialogs.resize import ResizeDialog
from app.dialogs.saving import ask_where
from app.document import OpenWorld
from app.text import tr
from core.errors import ValuescapeError
from core.worlds.grid import GridWorld
from core.worlds.grid_edits import resized
from core.worlds.library import library_world
from core.worlds.world import World, load

WORLD_FILES = "Worlds (*.json)"


class Worlds(QObject):
    """The open world as a file.

    Args:
        document: the open world.
        window: the window that dialogs belong to.

    Attributes:
        held: keeps unsaved edits in the project that is open; whether there is one.
    """

    opened = Signal()
    """Another world is open."""
    said = Signal(str)
    """A line for the status bar."""
    refused = Signal(object)
    """ValuescapeError: what could not be done, and why."""

    def __init__(self, document: OpenWorld, window: Callable[[], QWidget]) -> None:
        super().__init__()
        self.document, self.window = document, window
        self.busy = Busy(window, self.refused.emit)
        self.held: Callable[[], bool] = lambda: False

    def open_library(self, name: str) -> None:
        """Open a world of the library."""
        if self.may_leave():
            self.put(library_world(name), name)

    def open_file(self, path: Path) -> None:
        """Open a world file; what is wrong with it is said in one sentence and nothing changes."""

        def opened(world: World) -> None:
            if self.may_leave():
                self.put(world, path.name, path)

        self.busy.do(tr("Reading {name} …", name=path.name), lambda: compiled(load(path)), opened, is_small(path))

    def new(self) -> None:
        if self.may_leave():
            self.put(GridWorld(title=tr("New grid world"), map=(".....",) * 3 + ("S...G",), discount=0.95), "new")

    def generate(self) -> None:
        """Make a world of a template and numbers."""
        dialog = GenerateDialog(self.window())
        if dialog.exec() and dialog.world is not None and self.may_leave():
            self.put(dialog.world, dialog.generator.name)

    def open(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.window(), tr("Open world"), "", tr(WORLD_FILES))
        if name:
            self.open_file(Path(name))

    @property
    def base(self) -> str:
        """The world's name as files are called, without extension."""
        name = self.document.name.replace(":", "/").rpartition("/")[2]
        return name.partition("?")[0].partition(".")[0] or "world"

    def save(self) -> bool:
        """Save to the world's file, asking for one if it has none; whether it was saved."""
        return self.save_to(self.document.path) if self.document.path else self.save_as()

    def save_as(self) -> bool:
        path = ask_where(self.window(), tr("Save world"), self.base, "json", tr(WORLD_FILES))
        return path is not None and self.save_to(path)

    def save_to(self, path: Path) -> bool:
        """Save the world to a file; whether that worked."""
        try:
            self.document.save(path)
        except ValuescapeError as error:
            self.refused.emit(error)
            return False
        self.said.emit(tr("Saved to {path}", path=path))
        return True

    def resize(self) -> None:
        world = self.document.world
        if isinstance(world, GridWorld):
            dialog = ResizeDialog(self.window(), world)
            if dialog.exec():
                self.edit(lambda: resized(world, dialog.rows.value(), dialog.columns.value(), *dialog.shift), tr("Resize grid"))

    def edit(self, make: Callable[[], World], what: str) -> None:
        """Put an edited world in the place of the present one, undoable; an edit that cannot be is refused."""
        try:
            self.document.apply(make(), what)
        except ValuescapeError as error:
            self.refused.emit(error)

    def may_leave(self) -> bool:
        """Ask what to do with unsaved edits; False to stay."""
        if not self.document.modified or self.held():
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self.window(),
            tr("Unsaved changes"),
            tr("The world has changes that are not saved."),
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        return self.save() if answer is buttons.Save else answer is buttons.Discard

    def put(self, world: World, name: str, path: Path | None = None) -> None:
        """Open a world without asking."""
        self.document.open(world, name, path)
        self.opened.emit()
