"""What a person does with runs: train, step, look back, change, stop and keep them; `run_setup` begins and opens them."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from app.conductor import Conductor
from app.dialogs.failure import show_failure
from app.environments import Environments
from app.panels.vary import labels_of
from app.picture import Failure, Picture, Status
from app.preferences import runs_folder
from app.run_setup import RunSetup
from app.sentences import told
from app.text import tr
from app.viewing.orders import Begin, Film, Hold, Invite, OneStep, Order, Play, Put, Steer, Teach
from app.window import Window
from app.worlds import Worlds
from core.errors import ValuescapeError
from core.runs.spec import RunSpec, unteachable
from core.runs.timeline import Wish
from core.worlds.gym import GymWorld

PLAYS = (Play, OneStep, Begin, Steer, Hold, Put, Film, Invite)
"""Orders that need a run; without one, they begin it."""


class Runs(QObject):
    """The run in the window.

    Args:
        worlds: the open world.
        window: in which it is shown.
        environments: asked before code of others runs.

    Attributes:
        setup: begins runs and opens kept ones.
        last: the newest picture of the run; None where there is none.
        changes: what was changed while it went on.
        quiet: folders that a person need not be told of.
        unlisted: whether it has ended and the list of runs does not have it yet.
        place: the folder in which the run was kept last, or from which it was opened; None where there is none.
    """

    shown = Signal(object)
    """Another picture of the run is shown."""
    forgotten = Signal()
    """There is no run any more."""
    described = Signal()
    """The learner of another run is built."""

    def __init__(self, worlds: Worlds, window: Callable[[], Window], environments: Environments) -> None:
        super().__init__()
        self.worlds, self._window = worlds, window
        self.conductor = Conductor(runs_folder())
        self.setup = RunSetup(worlds, window, environments, self.conductor)
        self.changes = self.setup.changes
        self.last: Picture | None = None
        self.quiet: set[Path] = set()
        self.unlisted = False
        self.place: Path | None = None
        self.conductor.status_changed.connect(self._status_changed)
        self.conductor.described.connect(self._described)
        self.conductor.compiling.connect(self._compiling)
        self.conductor.saved.connect(self._saved)
        self.conductor.branched.connect(self._branched)
        self.conductor.filmed.connect(self._filmed)
        self.conductor.said.connect(self._refused)
        self.conductor.kept.connect(self._kept)
        self.setup.replaced.connect(self._forget)
        self.setup.begun.connect(self._tell_plots)
        self.setup.said.connect(self.say)
        self.setup.opened.connect(self._kept_in)
        self.changes.said.connect(self.say)
        self.changes.taken_up.connect(self._tell_plots)

    @property
    def window(self) -> Window:
        return self._window()

    @property
    def status(self) -> Status:
        return self.conductor.status

    def train(self) -> None:
        """Start, pause or go on, whichever is next."""
        status = self.status
        if status is Status.running:
            self.conductor.pause()
        elif status is Status.paused or (status is not Status.preparing and self.setup.begin(self.train)):
            self.conductor.run()

    def step(self, to_boundary: bool = False) -> None:
        """One unit of work, or all until the next episode or sweep ends; begins a run where there is none."""
        past = self.last is not None and self.last.position.past
        if past or self.status.active or self.setup.begin(lambda: self.step(to_boundary)):
            self.conductor.step(to_boundary)

    def back(self) -> None:
        """Look at the moment before."""
        self.conductor.look(Wish(by=-1))

    def back_far(self) -> None:
        """Look at the end of the episode or sweep before."""
        self.conductor.look(Wish(by_boundary=-1))

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

    def play(self, spec: RunSpec) -> None:
        """Set everything up for a run and begin it."""
        if self.setup.show(spec, spec.world.title):
            self.train()

    def direct(self, order: Order) -> None:
        """Have it done with the watched episodes; an agent that has learnt nothing yet can play, too."""
        idle = isinstance(order, PLAYS) and self.status is Status.idle
        if idle and (order in (Steer(False), Hold(None)) or not self.setup.begin(lambda: self.direct(order))):
            return
        if isinstance(order, Steer) and not isinstance(self.worlds.document.world, GymWorld):
            self.conductor.watch(order.on)
        self.conductor.direct(order)
        self._tell_teachable()

    def teach(self) -> None:
        """Let the agent learn from what the person plays, or not."""
        self.conductor.direct(Teach(self.window.actions_["teach"].isChecked()))

    def _tell_plots(self) -> None:
        """Where the run was changed, and in what its members differ."""
        self.window.plots.annotate(self.changes.made)
        self.window.plots.name_members(labels_of(self.changes.running) if self.changes.running is not None else ())

    def _tell_teachable(self) -> None:
        """Whether the agent can learn from what a person plays, and if not, why."""
        spec, reason = self.changes.running, None
        if spec is not None:
            over = None if self.status.active else tr("The run is over: go on from an earlier moment, or begin another.")
            reason = told(found) if (found := unteachable(spec)) else over
        action = self.window.actions_["teach"]
        action.setEnabled(reason is None)
        self.window.actions_.explain("teach", reason or "")
        if reason is not None and action.isChecked():
            action.setChecked(False)
            self.teach()

    def fetch(self) -> bool:
        """Show the newest picture, if there is another."""
        picture = self.conductor.picture()
        if picture is not None:
            self.last = picture
            self.window.show_picture(picture)
            self.shown.emit(picture)
        return picture is not None

    def show_again(self) -> None:
        """Show all that is known of the run in a window that does not show it yet."""
        self.window.follow(self.status)
        self._tell_teachable()
        if self.last is not None:
            self.window.show_picture(self.last, force=True)
            self._tell_plots()

    def say(self, line: str) -> None:
        self.window.status.showMessage(line, 4000)

    @property
    def settled(self) -> bool:
        """Whether nothing is put off."""
        return not (self.unlisted or self.window.plots.behind)

    def catch_up(self) -> None:
        """What was put off so that a person is answered at once, a piece each time: the list of runs, then the plots."""
        if self.unlisted:
            self._list_run()
        else:
            self.window.plots.catch_up()

    def _list_run(self) -> None:
        """Let the list of runs have what the present one has measured."""
        self.unlisted = False
        spec, last = self.changes.running, self.last
        if spec is not None and last is not None and last.position.newest:
            self.window.runs.note(last.run, spec, last.history, last.position.newest)

    def _forget(self) -> None:
        self._list_run()
        self.window.runs.leave()
        self.last = self.place = None
        self.setup.forget()
        self.window.clear()
        self.forgotten.emit()

    def _described(self, device: str, unit: str, boundary: str) -> None:
        if self.status is Status.idle:
            return  # of a run that was forgotten while it was prepared
        self.window.describe(device, unit, boundary)
        self.described.emit()

    def _status_changed(self, status: Status, failure: Failure | None) -> None:
        self.last = self.conductor.picture() or self.last
        self.window.follow(status)
        self._tell_teachable()
        if self.last is not None and status not in (Status.running, Status.idle):
            self.window.show_picture(self.last)
        self.unlisted = status in (Status.finished, Status.stopped)
        if failure is not None:
            show_failure(self.window, failure)

    def _compiling(self, compiling: bool) -> None:
        self.window.status.show_compiling(compiling)

    def _saved(self, where: Path, problem: str | None) -> None:
        if where in self.quiet:
            self.quiet.remove(where)
            return
        self.window.status.showMessage(told(problem) if problem else tr("Run saved to {folder}", folder=where), 8000)

    def _refused(self, problem: str) -> None:
        if problem:
            self.window.status.showMessage(told(problem), 8000)

    def _kept_in(self, where: Path) -> None:
        self.place = where

    def _kept(self, where: Path) -> None:
        if self.status is not Status.idle:
            self._kept_in(where)

    def _branched(self, kept: Path) -> None:
        if self.last is not None:
            self.changes.back_to(self.last.position.newest)
            self._tell_plots()
        with suppress(ValuescapeError):
            self.window.runs.open_folder(kept)
        self.window.status.showMessage(tr("You go on from here. The run as it was is kept in {folder}", folder=kept), 8000)

    def _filmed(self, path: Path, problem: str | None) -> None:
        self.window.status.showMessage(problem or tr("Recorded to {file}", file=path), 8000)
