"""What the studio does: connects the open world, the run and the window. Every action ends in a method here."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app import text
from app.changes import Changes
from app.conductor import Conductor
from app.dialogs.commands import CommandPalette
from app.dialogs.failure import show_failure
from app.dialogs.shortcuts import ShortcutsDialog
from app.document import OpenWorld
from app.exchange import Exchange
from app.garbage import Garbage
from app.picture import Failure, Picture, Status
from app.pictures import Pictures
from app.plots.registry import kind_of
from app.preferences import Preferences, drafts_folder, runs_folder
from app.recovery import Recovery
from app.sentences import told
from app.text import tr
from app.theme import MODES, theme
from app.viewing.orders import Begin, Film, Hold, OneStep, Order, Play, Put, Steer
from app.window import Window
from app.worker import Wish
from app.worlds import Worlds
from core.errors import ConfigError, ValuescapeError
from core.registry import family
from core.runs.folder import versions
from core.runs.session import RunSpec, unsuitable
from core.worlds.checks import faults
from core.worlds.size import size_of

FRAME = 20
"""Milliseconds between two frames."""
STAGE, MEASUREMENTS = 2, 5
"""Every so many frames the stage, and one of the measurements around it, may be drawn: learners that live in Python wait
for whatever the window draws."""
PLAYS = (Play, OneStep, Begin, Steer, Hold, Put, Film)
"""Orders that need a run; without one, they begin it."""
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
        self.conductor = Conductor(runs_folder())
        self.garbage = Garbage()
        self.recovery = Recovery(self.document, drafts_folder())
        self.last: Picture | None = None
        self.beat = 0
        self.rebuilding = False
        self.changes = Changes(self.conductor, self._spec)
        self.window = self._make_window()
        self.worlds.opened.connect(self._algorithm_chosen)
        self.worlds.said.connect(self._say)
        self.worlds.refused.connect(self._complain)
        self.document.changed.connect(self._world_changed)
        self.document.saved.connect(self._retitle)
        self.document.modified_changed.connect(self._retitle)
        self.conductor.status_changed.connect(self._status_changed)
        self.conductor.described.connect(self._described)
        self.conductor.compiling.connect(self._compiling)
        self.conductor.saved.connect(self._saved)
        self.conductor.branched.connect(self._branched)
        self.conductor.filmed.connect(self._filmed)
        self.changes.said.connect(self._say)
        self.changes.taken_up.connect(lambda: self.window.plots.annotate(self.changes.made))
        self.frames = QTimer(self)
        self.frames.setTimerType(Qt.TimerType.PreciseTimer)
        self.frames.timeout.connect(self._frame)
        self.worlds.open_library(FIRST_WORLD)
        self.frames.start(FRAME)

    def welcome(self) -> None:
        """Offer what was left unsaved; else bring the first world to life: Q-learning, slow enough to follow."""
        if self.recovery.offer(self.window) is not None:
            return
        self.window.agent.choose("q-learning")
        self.window.transport.set_speed(50)
        self.train()

    # Runs

    def train(self) -> None:
        """Start, pause or go on, whichever is next."""
        status = self.conductor.status
        if status is Status.running:
            self.conductor.pause()
        elif status is Status.paused or (status is not Status.preparing and self._prepare()):
            self.conductor.run()

    def step(self, to_boundary: bool = False) -> None:
        """One unit of work, or all until the next episode or sweep ends; begins a run where there is none."""
        past = self.last is not None and self.last.position.past
        if past or self.conductor.status.active or self._prepare():
            self.conductor.step(to_boundary)

    def back(self) -> None:
        """Look at the moment before."""
        self.conductor.look(Wish(back=1))

    def back_far(self) -> None:
        """Look at the end of the episode or sweep before."""
        self.conductor.look(Wish(back_to_boundary=True))

    def newest(self) -> None:
        """Look at the newest again."""
        self.conductor.look(Wish(newest=True))

    def branch(self) -> None:
        """Go on from the moment of the past on show."""
        self.conductor.branch()

    def stop(self) -> None:
        self.conductor.stop()

    def reset(self) -> None:
        """Forget the run."""
        self.conductor.discard()
        self._forget()

    def save_run(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self.window, tr("Save run to a new folder"), "run")
        if name:
            self.conductor.save(Path(name))

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
        self.window.follow(self.conductor.status)
        if self.last is not None:
            self.window.show_picture(self.last, force=True)
            self.window.plots.annotate(self.changes.made)
        if old.isVisible():
            self.window.show()
        old.retire()

    def commands(self) -> None:
        palette = CommandPalette(self.window, self.window.actions_.by_name.values())
        palette.move(self.window.mapToGlobal(self.window.rect().center()) - palette.rect().center())
        palette.open()

    def shortcuts(self) -> None:
        ShortcutsDialog(self.window).open()

    def about(self) -> None:
        lines = "<br>".join(f"{name} {version}" for name, version in versions().items())
        box = QMessageBox(self.window)
        box.setWindowTitle(tr("About Valuescape"))
        box.setText(f"<b>Valuescape</b><br>{tr('See reinforcement learning happen.')}")
        box.setInformativeText(lines)
        box.open()

    def close(self) -> bool:
        """Whether the window may close; ends the run's thread if so."""
        if not self.worlds.may_leave():
            return False
        self.frames.stop()
        self.preferences.layout = (self.window.saveGeometry(), self.window.saveState())
        self.conductor.close()
        self.recovery.close()
        self.garbage.close()
        return True

    # Inside

    def _make_window(self) -> Window:
        handlers: dict[str, Callable[[], object]] = {
            name: getattr(self if hasattr(self, name) else self.worlds, name)
            for name in ("new", "generate", "open", "save", "save_as", "save_run", "resize", "train", "step", "back", "back_far", "newest",
                         "branch", "stop", "reset", "fit", "dark", "korean",
                         "commands", "shortcuts", "about")
        }  # fmt: skip
        window = Window(
            self.document,
            handlers
            | {
                "import_world": self.exchange.import_world,
                "export_world": self.exchange.export_world,
                "export_picture": self.pictures.export_picture,
                "copy_text": self.exchange.copy_text,
                "paste_text": self.exchange.paste_text,
                "step_far": lambda: self.step(to_boundary=True),
                "history": lambda: self.window.show_history(),
                "undo": self.document.stack.undo,
                "redo": self.document.stack.redo,
                "larger": lambda: self.scale(1.15),
                "smaller": lambda: self.scale(1 / 1.15),
                "quit": lambda: self.window.close(),
                "reset_layout": lambda: self.window.reset_layout(),
                "watch": lambda: self.window.stage.play.watch(),
                "watch_step": lambda: self.window.stage.play.step(),
                "new_episode": lambda: self.window.stage.play.begin(),
                "steer": lambda: self.window.stage.play.steer(),
                "ask": lambda: self.window.stage.play.ask(),
                "film": lambda: self.window.stage.play.film(),
            },
            closing=self.close,
        )
        window.stage.play.ordered.connect(self._direct)
        window.slices.ordered.connect(self._direct)
        window.library.chosen.connect(self.worlds.open_library)
        window.dropped.connect(self.exchange.import_file)
        window.transport.speed_changed.connect(self.conductor.set_speed)
        window.timeline.wished.connect(self.conductor.look)
        window.agent.choice.currentIndexChanged.connect(self._algorithm_chosen)
        window.agent.changed.connect(self._settings_changed)
        window.world_panel.edited.connect(lambda world: self.worlds.edit(lambda: world, tr("Change the rules")))
        window.world_panel.cells.edited.connect(lambda world, what: self.worlds.edit(lambda: world, what))
        if self.preferences.layout is not None:
            window.restoreGeometry(self.preferences.layout[0])
            window.restoreState(self.preferences.layout[1])
        return window

    def _world_changed(self) -> None:
        kept = self.changes.takes_up(self.document.world)
        if self.conductor.status is not Status.idle and not kept:
            self.reset()
        self._show_world()
        if kept and self.last is not None:
            self.window.show_picture(self.last, force=True)

    def _show_world(self) -> None:
        self.window.show_world(self.document.world, self.document.name)
        self.conductor.watch(self.document.world.kind == "gym")
        self._retitle()

    def _retitle(self, *_: object) -> None:
        self.window.retitle(self.document.world, self.document.modified)

    def _prepare(self) -> bool:
        self.window.world_panel.flush()
        if unsuitable(self.window.agent.algorithm, self.document.world):
            return False
        if found := faults(self.document.world):
            self.window.problems.refuse(found)
            self._say(told(found[0].sentence))
            return False
        try:
            spec = self._spec()
        except ConfigError as error:
            self.window.status.showMessage(error.sentence, 8000)
            return False
        self._forget()
        self.changes.begin(spec)
        self.conductor.set_speed(self.window.transport.speed)
        self.conductor.begin(spec)
        return True

    def _spec(self) -> RunSpec:
        """The run as it is set up now; ConfigError where a field is at fault."""
        return self.window.agent.spec(self.document.world, self.document.name)

    def _list_run(self) -> None:
        """Let the list of runs have what the present one has measured."""
        spec, last = self.changes.running, self.last
        if spec is not None and last is not None and last.position.newest:
            self.window.runs.note(last.run, spec, last.history, last.position.newest)

    def _forget(self) -> None:
        self._list_run()
        self.window.runs.leave()
        self.last = None
        self.changes.begin(None)
        self.window.clear()
        self._expect()
        self.window.plots.show_for(kind_of(self.window.agent.algorithm, self.document.world))

    def _expect(self) -> None:
        """Name the steps of the next run before there is one."""
        plans = family(self.window.agent.algorithm.name) == "planning"
        self.window.expect(*(("backup", "sweep") if plans else ("step", "episode")))

    def _suggest_speed(self, *_: object) -> None:
        """A pace at which the eye can follow: two sweeps a second, a few hundred steps, or no limit where learning takes long."""
        world = self.document.world
        if self.conductor.status.active:
            return
        learner = family(self.window.agent.algorithm.name)
        unlimited = learner in ("linear", "deep")
        size = size_of(world) if world.kind == "grid" and not unlimited else None
        states = size.observation if size is not None else 100
        speed = None if unlimited or states > 2000 else 2.0 * states if learner == "planning" else 500.0
        self.window.transport.set_speed(speed)

    def _algorithm_chosen(self, *_: object) -> None:
        self._suggest_speed()
        if not self.conductor.status.active:
            self._expect()
        if self.last is None and not self.conductor.status.active:
            self.window.plots.show_for(kind_of(self.window.agent.algorithm, self.document.world))

    def _settings_changed(self) -> None:
        if not self.rebuilding:
            self.changes.edited()

    def _described(self, device: str, unit: str, boundary: str) -> None:
        self.window.describe(device, unit, boundary)
        self.garbage.sweep()

    def _status_changed(self, status: Status, failure: Failure | None) -> None:
        self.last = self.conductor.picture() or self.last
        self.window.follow(status)
        if self.last is not None and status not in (Status.running, Status.idle):
            self.window.show_picture(self.last, force=True)
        if status in (Status.finished, Status.stopped):
            self._list_run()
        if failure is not None:
            show_failure(self.window, failure)

    def _compiling(self, compiling: bool) -> None:
        self.window.status.show_compiling(compiling)

    def _saved(self, where: Path, problem: str | None) -> None:
        self.window.status.showMessage(told(problem) if problem else tr("Run saved to {folder}", folder=where), 8000)

    def _branched(self, kept: Path) -> None:
        if self.last is not None:
            self.changes.back_to(self.last.position.newest)
            self.window.plots.annotate(self.changes.made)
        with suppress(ValuescapeError):
            self.window.runs.open_folder(kept)
        self.window.status.showMessage(tr("You go on from here. The run as it was is kept in {folder}", folder=kept), 8000)

    def _direct(self, order: Order) -> None:
        """Have it done with the watched episodes; an agent that has learnt nothing yet can play, too."""
        idle = isinstance(order, PLAYS) and self.conductor.status is Status.idle
        if idle and (order in (Steer(False), Hold(None)) or not self._prepare()):
            return
        self.conductor.direct(order)

    def _filmed(self, path: Path, problem: str | None) -> None:
        self.window.status.showMessage(problem or tr("Recorded to {file}", file=path), 8000)

    def _frame(self) -> None:
        self.beat += 1
        running = self.conductor.status is Status.running
        if running and self.beat % MEASUREMENTS == 0:
            self.window.show_measurements()
        elif not (running and self.beat % STAGE) and (picture := self.conductor.picture()) is not None:
            self.last = picture
            self.window.show_picture(picture)
        self.garbage.tidy()

    def _say(self, line: str) -> None:
        self.window.status.showMessage(line, 4000)

    def _complain(self, error: ValuescapeError) -> None:
        show_failure(self.window, Failure(error.sentence))


def _system_mode() -> str:
    return "dark" if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
