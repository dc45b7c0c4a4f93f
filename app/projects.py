"""The open project: worlds, runs, layout and notes in one file. It is worked on in a folder, where a crash loses nothing."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.arrangement import arrange, arranged
from app.busy import is_small
from app.dialogs.question import ask
from app.kept_runs import KeptRuns
from app.picture import Status
from app.preferences import Preferences
from app.recovery import Recovery
from app.sentences import told
from app.text import tr
from core.config import build
from core.errors import ConfigError, ProjectError, ValuescapeError
from core.projects.claim import Access, Claim, claim
from core.projects.names import fitted, same
from core.projects.project import AGENT, LAYOUT, SUFFIX, unwritable
from core.projects.workspace import Workspace, opened
from core.runs.spec import RunSpec
from core.worlds.world import World


class Projects(QObject):
    """Opens projects, keeps what is edited in the one that is open, and lets go of it.

    Args:
        kept: the runs that were kept, in the window.
        recovery: which keeps edits of worlds.
        preferences: which remember the newest projects.
        home: the folder in which open projects are worked on.

    Attributes:
        workspace: of the project that is open; None where there is none.
        part: the world of it that is on the stage; None where that does not belong to it yet.
    """

    changed = Signal()
    """Another project is open, or something of it is another: its name, its worlds, whether it is saved."""

    _closed = Signal()

    def __init__(self, kept: KeptRuns, recovery: Recovery, preferences: Preferences, home: Path) -> None:
        super().__init__()
        self.kept, self.runs, self.recovery, self.preferences, self.home = kept, kept.runs, recovery, preferences, home
        self.worlds, self.document = self.runs.worlds, self.runs.worlds.document
        self.workspace: Workspace | None = None
        self.part: str | None = None
        self._known: dict[str, World] = {}
        self._closing: list[Workspace] = []
        recovery.elsewhere = self._writing
        self.worlds.held = self.hold
        self.worlds.opened.connect(self._world_opened)
        conductor = self.runs.conductor
        conductor.kept.connect(self._run_kept)
        conductor.left_project.connect(self._let_go)
        conductor.status_changed.connect(self._status_changed)

    @property
    def title(self) -> str:
        """The project's file or name, as the title of the window tells it; nothing where none is open."""
        project = self.workspace
        if project is None:
            return ""
        name = project.file.stem if project.file is not None else project.notes.name or tr("Untitled project")
        return tr("{project} (read-only)", project=name) if project.read_only else name

    @property
    def members(self) -> dict[str, World]:
        """The worlds in the project by part; those that cannot be read are left out."""
        project = self.workspace
        for part in project.worlds if project is not None else ():
            if part not in self._known and project is not None:
                with suppress(ValuescapeError):
                    self._known[part] = project.world(part)
        return dict(self._known)

    def ask(self) -> Path | None:
        """Which project to open."""
        kinds = f"{tr('Projects')} (*{SUFFIX});;{tr('All files')} (*)"
        name, _ = QFileDialog.getOpenFileName(self.window, tr("Open project"), "", kinds)
        return Path(name) if name else None

    def open_file(self, file: Path, may_leave: Callable[[], bool] = lambda: True) -> None:
        """Open a project, where the present one may be left; where another studio has it, ask what to do."""
        file = file.absolute()
        if self.workspace is not None and file == self.workspace.file and not self.workspace.read_only:
            self.runs.say(tr("This project is open already."))
            return
        if not may_leave():
            return
        self._await_closing(file)
        claimed = claim(file) if file.exists() else Claim(Access.fixed)
        if claimed.access is not Access.taken:
            self._open(file, claimed)
            return
        ask(
            self.window, "taken", tr("Open project"), tr("'{project}' is open in another window.", project=file.name),
            tr("Only one of them may write to it."),
            {tr("Open read-only"): lambda: self._open(file, claimed), tr("Open a copy"): lambda: self._open(file, None)}, tr("Cancel"),
        )  # fmt: skip

    def open_part(self, part: str) -> None:
        """Show a world of the project."""
        project = self.workspace
        if project is None or part == self.part or not self.worlds.may_leave():
            return
        try:
            self._put(part, project.world(part))
        except ValuescapeError as error:
            self.worlds.refused.emit(error)

    def show(self, project: Workspace, run: Path | None = None) -> None:
        """Bring back all that a project holds.

        Args:
            project: from now on the one that is open.
            run: shown in the place of the one that was on show.
        """
        self.runs.reset()
        self.document.stack.setClean()
        self.enter(project)
        part, shown = project.shown
        run = run or shown
        try:
            if part is not None:
                self._put(part, project.world(part))
            if run is not None:
                self.runs.setup.open_folder(run)
            elif project.settings(AGENT):
                self.runs.window.agent.show_spec(build(RunSpec, project.settings(AGENT) | {"world": self.document.world}))
        except ConfigError:
            pass  # what is no longer known of an agent stays as it is
        except ValuescapeError as error:
            self.worlds.refused.emit(error)
        arrange(self.runs.window, project.settings(LAYOUT), project.home)
        self.changed.emit()

    def enter(self, project: Workspace | None) -> None:
        """Work on another project, or none, from now on; the one before is let go of when nothing is written in it any more."""
        self.recovery.settle()
        if self.workspace is not None:
            self._closing.append(self.workspace)
        self.workspace, self.part, self._known = project, None, {}
        self.kept.library.beside = project.home if project is not None else None
        self.runs.conductor.enter(project)
        self.changed.emit()

    def hold(self) -> bool:
        """Keep an edited world in the project, where one is open; whether nothing of it can be lost any more."""
        project = self.workspace
        if project is None:
            return False
        self.recovery.settle()
        return self._join() if self.document.modified else True

    def gather(self) -> bool:
        """Note all that the window shows in the project; whether that was possible."""
        project, window = self.workspace, self.runs.window
        self.recovery.settle()
        if project is None or not self._join():
            return False
        agent = {}
        with suppress(ConfigError):  # of a field at fault nothing is kept
            spec = window.agent.spec(self.document.world, self.document.name)
            agent = spec.model_dump(mode="json", exclude={"world", "world_name"}, exclude_defaults=True)
        try:
            project.arrange(arranged(window, project.home), agent, self.part or "")
        except OSError as error:
            self.refuse(error, project.place)
            return False
        return True

    def forget(self) -> None:
        """The project's worlds are others."""
        self._known = {}
        self.changed.emit()

    def to_list(self, run: Path) -> None:
        """Move a run out of a project into the list of all; OSError where that is not possible."""
        home = self.kept.home
        home.mkdir(parents=True, exist_ok=True)
        shutil.move(run, home / fitted(run.name, {same(other.name) for other in home.iterdir()}))

    def refuse(self, error: ValuescapeError | OSError, where: Path) -> None:
        """Tell why something could not be done."""
        self.worlds.refused.emit(unwritable(error, where))

    def close(self) -> None:
        """The studio ends as it should; runs are no longer written."""
        for project in (*self._closing, self.workspace):
            if project is not None:
                self._let_go(project)
        self.workspace = None

    @property
    def window(self) -> QWidget:
        return self.runs.window

    def _open(self, file: Path, claimed: Claim | None) -> None:
        given_up: list[bool] = []

        def unpacked() -> Workspace:
            try:
                project = opened(self.home, file, claimed)
            except (ValuescapeError, OSError) as error:
                if claimed is not None:
                    claimed.give_up()
                raise unwritable(error, file) from None
            if given_up:
                project.close()
            return project

        busy = self.worlds.busy
        busy.do(tr("Reading {name} …", name=file.name), unpacked, lambda project: self._opened(project, file), is_small(file))
        if busy.sign is not None:
            busy.sign.canceled.connect(lambda: given_up.append(True))

    def _opened(self, project: Workspace, file: Path) -> None:
        self.show(project)
        self.preferences.remember_project(file)
        if project.damaged:
            lost = "\n".join(told(problem) for problem in project.damaged)
            self.worlds.refused.emit(ProjectError(tr("Parts of it are damaged and were left out:") + f"\n{lost}\n", where=file.name))
        elif project.read_only:
            self.runs.say(tr("The project is open read-only: saving asks for another file."))

    def _await_closing(self, file: Path) -> None:
        """Until a file that was open a moment ago is written no more."""
        loop = QEventLoop()
        self._closed.connect(loop.quit)
        while any(project.file == file for project in self._closing):
            loop.exec()

    def _put(self, part: str, world: World) -> None:
        assert self.workspace is not None
        self.worlds.put(world, self.workspace.name_of(part))
        self.part = part
        self.changed.emit()

    def _join(self) -> bool:
        """Let the world on the stage belong to the project, as it is now; whether that was possible."""
        project = self.workspace
        assert project is not None
        try:
            self.part = project.keep_world(self.document.world, self.document.name, self.part)
        except OSError as error:
            self.refuse(error, project.place)
            return False
        self._known[self.part] = self.document.world
        self.changed.emit()
        return True

    def _writing(self) -> Callable[[], object] | None:
        """What writes the edited world in the project, in any thread; None where no project is open."""
        project, world, name = self.workspace, self.document.world, self.document.name
        if project is None:
            return None
        if self.part is None:
            if self.document.modified:
                self._join()
            return lambda: None
        part = self.part
        self._known[part] = world
        self.changed.emit()
        return lambda: project.keep_world(world, name, part)

    def _world_opened(self) -> None:
        world = self.document.world
        self.part = next((part for part, known in self.members.items() if known == world), None)
        self.changed.emit()

    def _run_kept(self, place: Path) -> None:
        self.changed.emit()

    def _status_changed(self, status: Status, *_: object) -> None:
        if status is Status.running and self.workspace is not None:
            with suppress(OSError):
                self.workspace.touch()
            self.changed.emit()

    def _let_go(self, project: Workspace) -> None:
        """Runs that were not saved with the project go into the list of all."""
        with suppress(ValuescapeError, OSError):
            for run in project.unsaved_runs():
                self.to_list(run)
        project.close()
        if project in self._closing:
            self._closing.remove(project)
        self._closed.emit()
