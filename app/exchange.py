"""Worlds and policies from files of other programs, worlds into them, and through the clipboard."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.busy import FEW, SMALL, compiled
from app.checking import size
from app.dialogs.loss import LossDialog
from app.dialogs.policy import PolicyDialog
from app.dialogs.reading import ReadingDialog
from app.sentences import told
from app.text import tr
from app.worlds import Worlds
from core.errors import ValuescapeError
from core.formats import registry
from core.formats.format import Format, Found
from core.formats.registry import file_data, format_named, format_to_read, formats, read_data, read_text, write_file, written
from core.policies.kind import Kind, Policy
from core.policies.registry import is_policy, kinds, read_policy
from core.worlds.world import World

LONGEST_TITLE = 200


class Exchange(QObject):
    """The open world and other programs.

    Args:
        worlds: the open world as a file, which is asked before edits are lost.
        window: the window that dialogs belong to.
    """

    environment = Signal(Path)
    """A Python file that holds environments was chosen."""

    brought = Signal(object)
    """The `RunSpec` in which a policy that was imported plays."""

    def __init__(self, worlds: Worlds, window: Callable[[], QWidget]) -> None:
        super().__init__()
        self.worlds, self.window = worlds, window
        self.document = worlds.document

    def import_world(self) -> None:
        """Ask for a file of any format that is read, or of a policy."""
        known = [format for format in formats().values() if format.read]
        policies = list(kinds().values())
        extensions = [ending for format in known for ending in format.extensions] + [end for kind in policies for end in kind.extensions]
        every = " ".join(dict.fromkeys(f"*{ending}" for ending in extensions))
        filters: dict[str, Format | None] = {f"{tr('All that can be read')} ({every})": None} | {
            _filter(format): format for format in known
        }
        filters |= {_filter(kind): None for kind in policies}
        name, chosen = QFileDialog.getOpenFileName(self.window(), tr("Import"), "", ";;".join(filters))
        if name:
            self.import_file(Path(name), filters.get(chosen))

    def import_file(self, path: Path, format: Format | None = None) -> None:
        """Open a file of any format; what is wrong with it is said in one sentence and nothing changes."""
        try:
            if format is None and registry.is_environment(path):
                self.environment.emit(path)
                return
            if format is None and is_policy(path):
                self._import_policy(path)
                return
            data = file_data(path)
            format = format or format_to_read(path.name, data)
            if format.name == "world":
                self.worlds.open_file(path)
            elif format.settings is not None:
                dialog = ReadingDialog(self.window(), data, path.name, format)
                dialog.read.connect(lambda found: self._open(_named(found, path.stem), path.name))
                dialog.open()
            else:
                chosen = format
                what = tr("Reading {name} …", name=path.name)
                self.worlds.busy.do(what, lambda: _named(read_data(data, path.name, chosen), path.stem),
                                    lambda found: self._open(found, path.name), len(data) <= SMALL)  # fmt: skip
        except ValuescapeError as error:
            self.worlds.refused.emit(error)

    def _import_policy(self, path: Path) -> None:
        """Read a policy, beside the window as torch takes its time, show what it is and ask where it is to play."""
        self.worlds.busy.do(tr("Reading {name} …", name=path.name), lambda: read_policy(path), lambda policy: self._ask_where(path, policy))

    def _ask_where(self, path: Path, policy: Policy) -> None:
        dialog = PolicyDialog(self.window(), path, policy, self.document.world, self.document.name)
        dialog.accepted_.connect(self.brought)
        dialog.open()

    def export_world(self) -> None:
        """Ask for a file and its format, tell what that format cannot say, and write it."""
        world = self.document.world
        known = {_filter(format): format for format in formats().values() if format.can_write(world)}
        name, chosen = QFileDialog.getSaveFileName(self.window(), tr("Export world"), self.worlds.base, ";;".join(known))
        if name:
            self.export_file(Path(name), known[chosen])

    def export_file(self, path: Path, format: Format) -> None:
        """Write the world; where the format cannot say all of it, once that is agreed to."""
        if not path.name.lower().endswith(format.extensions):
            path = path.with_name(path.name + format.extensions[0])
        world = self.document.world
        self.worlds.busy.do(tr("Writing {name} …", name=path.name), lambda: format.loses(world),
                            lambda lost: self._ask(world, path, format, lost), size(world) <= FEW)  # fmt: skip

    def copy_text(self) -> None:
        """Put the world on the clipboard: a grid as rows of signs, others as they are saved."""
        world = self.document.world
        format = format_named("map" if world.kind == "grid" else "world")
        QGuiApplication.clipboard().setText(written(world, "", format).decode())
        left_out = format.loses(world)
        said = tr("Copied as rows of signs; rules and rewards are not among them.") if left_out else tr("Copied as text.")
        self.worlds.said.emit(said)

    def paste_text(self) -> None:
        """Open the world that is on the clipboard as text, in any of the formats that are text."""
        text, title = QGuiApplication.clipboard().text(), tr("From the clipboard")
        self.worlds.busy.do(tr("Reading {name} …", name=tr("Clipboard")), lambda: _named(read_text(text, tr("Clipboard")), title),
                            lambda found: self._open(found, title), len(text) <= SMALL)  # fmt: skip

    def _open(self, found: Found, name: str) -> None:
        """Open what was read, and tell what was left out."""
        if self.worlds.may_leave():
            self.worlds.put(found.world, name)
            if found.notes:
                self.worlds.said.emit(" ".join(told(note) for note in found.notes))

    def _ask(self, world: World, path: Path, format: Format, lost: list[str]) -> None:
        """Write the world; where something is lost, once that is agreed to."""
        if not lost:
            self._write(world, path, format)
            return
        dialog = LossDialog(self.window(), tr(format.title), lost)
        dialog.accepted.connect(lambda: self._write(world, path, format))
        dialog.open()

    def _write(self, world: World, path: Path, format: Format) -> None:
        self.worlds.busy.do(tr("Writing {name} …", name=path.name), lambda: write_file(world, path, format),
                            lambda _: self.worlds.said.emit(tr("Saved to {path}", path=path)), size(world) <= FEW)  # fmt: skip


def _named(found: Found, title: str) -> Found:
    """With a title of its own if it has none, and what was left out as its description; compiled."""
    world, notes = found.world, " ".join(found.notes)
    words = {"title": world.title or title[:LONGEST_TITLE], "description": world.description or notes}
    return found._replace(world=compiled(world.model_copy(update=words)))


def _filter(format: Format | Kind) -> str:
    """A format as file dialogs show it."""
    return f"{tr(format.title)} ({' '.join(f'*{ending}' for ending in format.extensions)})"
