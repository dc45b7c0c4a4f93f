"""How a run comes to be: as it is set up in the window, as a kept one was at first, or a kept one that goes on."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.changes import Changes, named
from app.conductor import Conductor
from app.environments import Environments
from app.preferences import runs_folder
from app.sentences import told
from app.text import tr
from app.window import Window
from app.worlds import Worlds
from core.errors import ConfigError, ValuescapeError
from core.runs import folder
from core.runs.spec import RunSpec, unsuitable
from core.worlds.checks import faults
from core.worlds.gym import GymWorld
from core.worlds.world import World


class RunSetup(QObject):
    """Hands runs to the conductor.

    Args:
        worlds: the open world.
        window: in which runs are set up.
        environments: asked before code of others runs.
        conductor: of the run.

    Attributes:
        changes: what was changed while it went on.
    """

    replaced = Signal()
    """The run before is to be forgotten: another takes its place."""
    begun = Signal()
    """A run was handed to the conductor."""
    said = Signal(str)
    """A line for the status bar."""
    opened = Signal(Path)
    """A run that was kept in this folder is open."""

    def __init__(self, worlds: Worlds, window: Callable[[], Window], environments: Environments, conductor: Conductor) -> None:
        super().__init__()
        self.worlds, self._window, self.environments, self.conductor = worlds, window, environments, conductor
        self.changes = Changes(conductor, self.spec)
        self._waiting: tuple[Path, World] | None = None

    @property
    def window(self) -> Window:
        return self._window()

    def spec(self) -> RunSpec:
        """The run as it is set up now; ConfigError where a field is at fault."""
        return self.window.agent.spec(self.worlds.document.world, self.worlds.document.name)

    def forget(self) -> None:
        """There is no run any more, nor one that waits."""
        self._waiting = None
        self.changes.begin(None)

    def begin(self, again: Callable[[], object]) -> bool:
        """Begin a run as it is set up, or go on with the one that waits.

        Args:
            again: called once code of others may run, where that has to be asked first.

        Returns:
            False where there is no run yet: it is not possible, or must be asked first.
        """
        self.window.world_panel.flush()
        world = self.worlds.document.world
        if self._waiting is not None and self._waiting[1] is world:
            return self._take_up(self._waiting[0], again)
        if unsuitable(self.window.agent.algorithm, world):
            return False
        if found := faults(world):
            self.window.problems.refuse(found)
            self.said.emit(told(found[0].sentence))
            return False
        try:
            spec = self.spec()
        except ConfigError as error:
            self.window.status.showMessage(error.sentence, 8000)
            return False
        if not self.environments.allowed(spec.world, again):
            return False
        self.replaced.emit()
        self.changes.begin(spec)
        self.conductor.set_speed(self.window.transport.speed)
        self.conductor.begin(spec)
        self.begun.emit()
        return True

    def choose_folder(self) -> None:
        """Ask for the folder of a run that was kept, and open it."""
        name = QFileDialog.getExistingDirectory(self.window, tr("Open run"), str(runs_folder()))
        if name:
            self.open_folder(Path(name))

    def open_folder(self, where: Path) -> None:
        """Open a run that was kept, with its world and settings, ready to go on; one with code of its own waits for that to be run."""
        kept = self._kept(where)
        if kept is None or not self.worlds.may_leave():
            return
        spec, now = kept
        now = now.model_copy(update={"world": _afresh(now.world)})
        self.worlds.put(now.world, spec.world_name or where.name)
        self.window.agent.show_spec(now)
        self.replaced.emit()
        self.opened.emit(where)
        if isinstance(spec.world, GymWorld) and spec.world.source:
            self._waiting = where, now.world
            self.said.emit(tr("Press Train to go on with this run: nothing of its environment runs before."))
            return
        self._go_on(where, spec, now)

    def take_over(self, where: Path) -> None:
        """Set everything up as a kept run had it at first, for a new run."""
        try:
            spec = folder.spec_of(where).at(-1)
        except ValuescapeError as error:
            self.worlds.refused.emit(error)
        else:
            self.show(spec, where.name)

    def show(self, spec: RunSpec, name: str) -> bool:
        """Show a run's world and settings, for a new run, where edits may be left; whether they may."""
        if not self.worlds.may_leave():
            return False
        self.conductor.discard()
        self.replaced.emit()
        self.worlds.put(_afresh(spec.world), spec.world_name or name)
        self.window.agent.show_spec(spec)
        return True

    def _take_up(self, where: Path, again: Callable[[], object]) -> bool:
        """Go on with the kept run that waits for its environment."""
        kept = self._kept(where)
        if kept is None or not self.environments.allowed(kept[0].world, again):
            return False
        spec, now = kept
        self.replaced.emit()
        self._go_on(where, spec, now.model_copy(update={"world": self.worlds.document.world}))
        return True

    def _kept(self, where: Path) -> tuple[RunSpec, RunSpec] | None:
        """A kept run as it began, and with the settings in force at its end; None where it cannot be read, which is said."""
        try:
            spec = folder.spec_of(where)
            return spec, spec.at(int(folder.describe(where).get("units", 0)))
        except ValuescapeError as error:
            self.worlds.refused.emit(error)
            return None

    def _go_on(self, where: Path, spec: RunSpec, now: RunSpec) -> None:
        """With a run that was kept, with these settings in force."""
        self.changes.begin(now, [(change.units, named(change)) for change in spec.changes])
        self.conductor.set_speed(self.window.transport.speed)
        self.conductor.resume(where)
        self.begun.emit()


def _afresh(world: World) -> World:
    """The world with whatever code it has now: that of a run names the code that it was made with."""
    return world.unpinned if isinstance(world, GymWorld) else world
