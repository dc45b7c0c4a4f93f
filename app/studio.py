"""What the studio does: connects the open world, the run and the window. Every action ends in a method here."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from app import text
from app.animation import Animation
from app.dialogs.about import show_about
from app.dialogs.commands import CommandPalette
from app.dialogs.failure import show_failure
from app.dialogs.shortcuts import ShortcutsDialog
from app.document import OpenWorld
from app.environments import Environments
from app.exchange import Exchange
from app.frames import Frames
from app.garbage import Garbage
from app.handlers import handlers
from app.kept_runs import KeptRuns
from app.past import Past
from app.picture import Failure, Status
from app.pictures import Pictures
from app.plots.registry import kind_of
from app.preferences import Preferences, drafts_folder, projects_folder
from app.project_rescue import ProjectRescue
from app.project_saving import ProjectSaving
from app.projects import Projects
from app.proof import Proof
from app.recovery import Recovery
from app.runs import Runs
from app.text import tr
from app.theme import MODES, theme
from app.window import Window
from app.worlds import Worlds
from core.errors import ValuescapeError
from core.projects.project import SUFFIX
from core.registry import family
from core.worlds.size import size_of

FIRST_WORLD = "grid/lecture-3x4"


class Studio(QObject):
    """The application: one open world, one run, one window.

    Args:
        preferences: what is remembered between starts.
    """

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.preferences = preferences
        text.use(preferences.language or QGuiApplication.inputMethod().locale().name()[:2])
        theme.use(preferences.mode if preferences.mode in MODES else _system_mode(), preferences.scale)
        self.document = OpenWorld()
        self.worlds = Worlds(self.document, lambda: self.window)
        self.exchange = Exchange(self.worlds, lambda: self.window)
        self.pictures = Pictures(self.worlds, lambda: self.window, lambda: self.window.stage.designer)
        self.environments = Environments(self.worlds, lambda: self.window)
        self.exchange.environment.connect(self.environments.open_file)
        self.runs = Runs(self.worlds, lambda: self.window, self.environments)
        self.animation = Animation(self.runs)
        self.garbage = Garbage()
        self.recovery = Recovery(self.document, drafts_folder())
        self.kept = KeptRuns(self.runs, preferences)
        self.past = Past(self.runs, preferences)
        self.proof = Proof(self.runs)
        self.projects = Projects(self.kept, self.recovery, preferences, projects_folder())
        self.saving = ProjectSaving(self.projects)
        self.rescue = ProjectRescue(self.projects)
        self.rebuilding = False
        self.window: Window = self._make_window()
        self.worlds.opened.connect(self._algorithm_chosen)
        self.worlds.said.connect(self.runs.say)
        self.worlds.refused.connect(self._complain)
        self.exchange.brought.connect(self.runs.play)
        self.document.changed.connect(self._world_changed)
        self.document.saved.connect(self._retitle)
        self.document.modified_changed.connect(self._retitle)
        self.projects.changed.connect(self._project_changed)
        self.runs.forgotten.connect(self._announce)
        self.runs.described.connect(self.garbage.sweep)
        self.frames = Frames(self, self.runs, self.garbage)
        self.worlds.open_library(FIRST_WORLD)
        self.frames.start()

    def welcome(self) -> None:
        """Offer what was left unsaved; else bring the first world to life: Q-learning, slow enough to follow."""
        if self._offer(self.recovery.offer, self.rescue.offer, self.kept.offer):
            return
        self.window.agent.choose("q-learning")
        self.window.transport.set_speed(50)
        self.runs.train()

    # The window

    def fit(self) -> None:
        self.window.stage.fit()

    def dark(self) -> None:
        theme.use("light" if theme.mode == "dark" else "dark", theme.scale)
        self.preferences.mode = theme.mode

    def scale(self, factor: float) -> None:
        """Make text larger or smaller."""
        theme.use(theme.mode, min(3.0, max(0.7, round(theme.scale * factor, 2))))
        self.preferences.scale = theme.scale

    def korean(self) -> None:
        """Switch between English and Korean: the window is built anew, the run goes on."""
        text.use("en" if text.language() == "ko" else "ko")
        self.preferences.language = text.language()
        self.rebuild()

    def rebuild(self) -> None:
        """Put a new window in the place of the present one, on the same world and run."""
        old = self.window
        self.window = self._make_window()
        self._show_world()
        self.rebuilding = True  # what the new window takes over is no change of settings
        self.window.adopt(old)
        self.rebuilding = False
        self.runs.show_again()
        if old.isVisible():
            self.window.show()
        old.retire()

    def save(self) -> None:
        """Save the project that is open, else the world."""
        if self.projects.workspace is not None:
            self.saving.save()
        else:
            self.worlds.save()

    def open_dropped(self, file: Path) -> None:
        """Open a project, or a world of any format."""
        if file.name.lower().endswith(SUFFIX):
            self.open_project(file)
        else:
            self.exchange.import_file(file)

    def open_project(self, file: Path | None = None) -> None:
        """Open a project, asking for one where it is not given."""
        if file is None:
            file = self.projects.ask()
        if file is not None:
            self.projects.open_file(file, self.saving.may_leave)

    def turn_to_term(self, way: int) -> None:
        """Mark the next term of the last update, or with -1 the one before."""
        self.window.inspector.setCurrentWidget(self.window.explanation)
        self.window.explanation.step(way)

    def commands(self) -> None:
        palette = CommandPalette(self.window, self.window.actions_.by_name.values())
        palette.move(self.window.mapToGlobal(self.window.rect().center()) - palette.rect().center())
        palette.open()

    def shortcuts(self) -> None:
        ShortcutsDialog(self.window).open()

    def about(self) -> None:
        show_about(self.window)

    def close(self) -> bool:
        """Whether the window may close; ends the run's thread if so."""
        if not (self.saving.may_leave() and self.kept.may_leave()):
            return False
        self.frames.stop()
        self.preferences.layout = (self.window.saveGeometry(), self.window.saveState())
        self.runs.conductor.close()
        self.recovery.close()
        self.rescue.close()
        self.projects.close()
        self.kept.close()
        self.proof.close()
        self.garbage.close()
        return True

    # Inside

    def _make_window(self) -> Window:
        window = Window(self.document, handlers(self), closing=self.close)
        window.actions_["keep_runs"].setChecked(self.preferences.keeps_runs)
        window.stage.play.ordered.connect(self.runs.direct)
        window.slices.ordered.connect(self.runs.direct)
        window.playing.ordered.connect(self.runs.direct)
        window.stage.play.controls.policy.opening.connect(self.kept.list_policies)
        window.stage.play.controls.policy.wished.connect(self.runs.conductor.look)
        window.library.chosen.connect(self.worlds.open_library)
        window.library.member_chosen.connect(self.projects.open_part)
        window.recent.aboutToShow.connect(self._list_projects)
        window.dropped.connect(self.open_dropped)
        window.transport.speed_changed.connect(self.runs.conductor.set_speed)
        window.timeline.wished.connect(self.runs.conductor.look)
        window.agent.choice.currentIndexChanged.connect(self._algorithm_chosen)
        window.agent.changed.connect(self._settings_changed)
        window.world_panel.edited.connect(lambda world: self.worlds.edit(lambda: world, tr("Change the rules")))
        window.world_panel.cells.edited.connect(lambda world, what: self.worlds.edit(lambda: world, what))
        window.plots.recall(self.preferences.plots)
        window.plots.chosen.connect(self._keep_plots)
        if self.preferences.layout is not None:
            window.restoreGeometry(self.preferences.layout[0])
            window.restoreState(self.preferences.layout[1])
        return window

    def _world_changed(self) -> None:
        kept = self.runs.changes.takes_up(self.document.world)
        if self.runs.status is not Status.idle and not kept:
            self.runs.reset()
        self._show_world()
        if kept and self.runs.last is not None:
            self.window.show_picture(self.runs.last, force=True)

    def _show_world(self) -> None:
        self.window.show_world(self.document.world, self.document.name)
        self.runs.conductor.watch(self.document.world.kind == "gym")
        self._project_changed()

    def _retitle(self, *_: object) -> None:
        project = self.projects.workspace
        modified = self.document.modified or (project is not None and project.modified)
        self.window.retitle(self.document.world, self.projects.title, modified)

    def _project_changed(self) -> None:
        self._retitle()
        self.window.library.show_project(self.projects.members, self.projects.part)
        self.window.actions_["close_project"].setEnabled(self.projects.workspace is not None)

    def _list_projects(self) -> None:
        """The newest projects as a menu."""
        menu = self.window.recent
        menu.clear()
        for file in self.preferences.projects:
            action = menu.addAction(file.stem)
            action.triggered.connect(lambda _=False, file=file: self.open_project(file))
            action.setToolTip(str(file))
            action.setEnabled(file.exists())
        menu.setToolTipsVisible(True)
        if menu.isEmpty():
            menu.addAction(tr("None yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(tr("Forget them"), self.preferences.forget_projects)

    def _offer(self, *offers: Callable[[QWidget], QMessageBox | None]) -> bool:
        """Make one offer after the other; whether there is any."""
        if not offers:
            return False
        box = offers[0](self.window)
        if box is None:
            return self._offer(*offers[1:])
        box.finished.connect(lambda: self._offer(*offers[1:]))
        return True

    def _expect(self) -> None:
        """Name the steps of the next run before there is one."""
        plans = family(self.window.agent.algorithm.name) == "planning"
        self.window.expect(*(("backup", "sweep") if plans else ("step", "episode")))

    def _suggest_speed(self, *_: object) -> None:
        """A pace at which the eye can follow: two sweeps a second, a few hundred steps, or no limit where learning takes long."""
        world = self.document.world
        if self.runs.status.active:
            return
        learner = family(self.window.agent.algorithm.name)
        unlimited = learner in ("linear", "deep")
        size = size_of(world) if world.kind == "grid" and not unlimited else None
        states = size.observation if size is not None else 100
        speed = None if unlimited or states > 2000 else 2.0 * states if learner == "planning" else 500.0
        self.window.transport.set_speed(speed)

    def _algorithm_chosen(self, *_: object) -> None:
        self._suggest_speed()
        if self.runs.last is None and not self.runs.status.active:
            self._announce()
        elif not self.runs.status.active:
            self._expect()

    def _announce(self) -> None:
        """Show what the next run will be: its steps and its plots."""
        self._expect()
        self.window.plots.show_for(kind_of(self.window.agent.algorithm, self.document.world))

    def _settings_changed(self) -> None:
        if not self.rebuilding:
            self.runs.changes.edited()

    def _keep_plots(self) -> None:
        self.preferences.plots = self.window.plots.choices

    def _complain(self, error: ValuescapeError) -> None:
        show_failure(self.window, Failure(error.sentence))


def _system_mode() -> str:
    return "dark" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
