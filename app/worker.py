"""The thread boundary: one QThread owns the run, everything that crosses is immutable.

Orders travel to the worker and status comes back as queued signals. What there is to see goes into a one-slot mailbox,
from which the window takes the newest on its frame timer. There is no signal per step.
"""

import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.mailbox import Mailbox
from app.picture import Failure, Picture, Status, picture_of
from app.throttle import Throttle
from app.trash import to_trash
from app.viewing.orders import Order
from app.viewing.viewer import Viewer
from core import compiling
from core.errors import ValuescapeError
from core.learner import UNBOUNDED, Budget
from core.runs import folder
from core.runs.autosave import Autosave
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline, Wish
from core.runs.trail import Tracker
from core.worlds.world import World

SLICE = 0.008
"""Seconds of work between two looks at what the person wants."""
FOLLOWED = 200
"""Units a second up to which the stage marks each update and the way of the episode."""
PICTURE = 1 / 25
"""Seconds between two pictures at least: every picture drawn holds up the learners that live in Python."""


class Worker(QObject):
    """Owns the session. Lives in the worker thread; its slots are only ever called through queued signals."""

    status_changed = Signal(int, object, object)
    """(number of the run, Status, Failure or None)"""
    described = Signal(str, str, str)
    """(device, unit, boundary) of the learner, once it is built."""
    compiling = Signal(bool)
    """Whether a kernel is being compiled just now."""
    saved = Signal(object, object)
    """(folder, None or the sentence why it could not be saved)"""

    filmed = Signal(object, object)
    """(path, None or the sentence why it could not be recorded)"""

    branched = Signal(object)
    """The folder in which the run was kept that went on from the moment gone on from."""

    changed = Signal(int, str, str)
    """(units of work before the change, what it was, the sentence why it could not be made or nothing)"""

    unkept = Signal(str)
    """Why the run could not be kept by itself."""

    def __init__(self, mailbox: Mailbox[Picture], keep: Path) -> None:
        super().__init__()
        self.mailbox = mailbox
        self.keep = keep
        self.autosave = Autosave(keep, to_trash, self._tell_unkept)
        self.number = 0
        self.timeline: Timeline | None = None
        self.dragged: Mailbox[Wish] = Mailbox()
        self.viewer = Viewer(self._tell_filmed)
        self.tracker = Tracker()
        self.watching = False
        self.status = Status.idle
        self.throttle = Throttle()
        self.pacer = Pacer(SLICE)
        self.boundary_target = UNBOUNDED
        self.timer: QTimer | None = None
        self.next_picture = 0.0
        compiling.watch(self._tell_compiling)

    @property
    def session(self) -> Session | None:
        """The run; None where there is none."""
        return None if self.timeline is None else self.timeline.session

    @Slot(int, object)
    def begin(self, number: int, spec: RunSpec) -> None:
        """Build run `number` and wait, paused before its first step."""
        self._open(number, lambda: Session(spec))

    @Slot(int, object)
    def resume(self, number: int, where: Path) -> None:
        """Open the run kept in a folder as run `number` and wait."""
        self._open(number, lambda: folder.resume(where), where)

    @Slot()
    def run(self) -> None:
        """Train until told otherwise."""
        if self.timeline is not None and self.status in (Status.paused, Status.stopped):
            self.timeline.leave()
            self._set(Status.running)
            self.throttle.restart()
            self._wake()

    @Slot()
    def pause(self) -> None:
        """Hold still after the present slice."""
        if self.status is Status.running:
            self._set(Status.paused)

    @Slot(bool)
    def step(self, to_boundary: bool) -> None:
        """One unit of work, or all until the next episode or sweep ends; paused afterwards."""
        past = None if self.timeline is None else self.timeline.moment
        if past is not None:
            self._look(Wish(boundaries=past.boundaries + 1) if to_boundary else Wish(past.units + 1))
            return
        if self.session is None or self.status not in (Status.running, Status.paused, Status.stopped):
            return
        if to_boundary:
            self.boundary_target = self.session.boundaries + 1
            self._set(Status.running)
            self.throttle.restart()
            self._wake()
        else:
            self._advance(Budget(1))
            self._settle(Status.paused)
            self._post(force=True)

    @Slot(object)
    def look(self, wish: Wish | None) -> None:
        """Hold still and show a moment; None for the one last dragged to."""
        wish = self.dragged.take() if wish is None else wish
        if wish is not None and self.session is not None:
            self.pause()
            self._look(wish)

    @Slot()
    def branch(self) -> None:
        """Go on from the moment of the past on show; the run as it was is kept in a folder."""
        if self.timeline is None or self.timeline.moment is None:
            return
        kept = self._keep()
        if kept is None:
            return
        try:
            branch = self.timeline.branch()
            self._close_run()
            self.timeline = branch
            self.autosave.begin(branch.session)
        except Exception as error:
            self._fail(error)
            return
        self.status = Status.preparing  # so that pausing tells, whatever the run was before
        self._set(Status.paused)
        self.branched.emit(kept)

    @Slot(object, object, str)
    def change(self, config: dict[str, Any], world: World | None, what: str) -> None:
        """Go on with other settings, or in a changed world."""
        if self.timeline is None:
            return
        self.timeline.leave()
        session, sentence = self.timeline.session, ""
        try:
            session.change(config, world)
        except ValuescapeError as error:
            sentence = error.sentence
        except Exception as error:
            self._fail(error)
            return
        if world is not None:
            self.viewer.close()
        self.changed.emit(session.units, what, sentence)
        self._post(force=True)

    @Slot()
    def stop(self) -> None:
        """End the run; what it learnt stays on show and can be saved."""
        if self.status.active:
            self._set(Status.stopped)

    @Slot(int)
    def discard(self, number: int) -> None:
        """Let go of the run; what is sent from now on belongs to run `number`."""
        self.number = number
        self.viewer.close()
        self._close_run()
        self.autosave.leave()
        self.boundary_target = UNBOUNDED
        self.mailbox.take()
        self._set(Status.idle)

    @Slot(object)
    def set_speed(self, units_per_second: float | None) -> None:
        """Units a second at most; None for as fast as it goes."""
        self.throttle.speed = units_per_second
        self.throttle.restart()

    @Slot(bool)
    def watch(self, watching: bool) -> None:
        """Whether somebody looks at the viewer."""
        self.watching = watching
        self._wake()

    @Slot(object)
    def direct(self, order: Order) -> None:
        """What the person wants of the watched episodes."""
        self.viewer.direct(order)
        self._wake()

    @Slot(object)
    def save(self, where: Path) -> None:
        """Keep the run in a folder."""
        if self.session is not None:
            try:
                folder.save(self.session, where)
            except ValuescapeError as error:
                self.saved.emit(where, error.sentence)
            else:
                self.saved.emit(where, None)

    @Slot(bool)
    def set_keeping(self, on: bool) -> None:
        """Whether runs are kept without being asked for."""
        self.autosave.on = on

    @Slot()
    def shut_down(self) -> None:
        """Keep an unfinished run, let go of everything and end the thread."""
        if self.status.active:
            self._autosave()
        self.discard(self.number)
        self.autosave.close()
        if self.timer is not None:
            self.timer.stop()
        compiling.unwatch(self._tell_compiling)
        self.thread().quit()

    @Slot()
    def tick(self) -> None:
        """One slice of work, one step of the viewer, one picture: whatever is due."""
        session = self.session
        if session is None or self.timer is None:
            if self.timer is not None:
                self.timer.stop()
            return
        pause = 0
        if self.status is Status.running:
            allowed = self.throttle.allowed()
            if allowed > 0:
                self._advance(Budget(allowed, self.boundary_target - session.boundaries))
            else:
                pause = 4
            if self.status is Status.running and session.boundaries >= self.boundary_target:
                self._settle(Status.paused)
            if self.status is Status.running and self.autosave.due:
                self._autosave()
        if self.watching:
            self._view()
        if self.session is None:
            return
        self._post(force=self.status is not Status.running)
        if self.status is not Status.running:
            pause = round(1000 * self.viewer.wait())
            if not self.watching:
                self.timer.stop()
                return
        self.timer.setInterval(pause)

    def _advance(self, budget: Budget) -> None:
        assert self.timeline is not None
        session = self.timeline.session
        self.timeline.leave()
        began = time.perf_counter()
        try:
            progress = self.pacer.slice(session.advance, budget)
            self.timeline.note(time.perf_counter() - began)
        except Exception as error:
            self._fail(error)
            return
        self.throttle.spend(progress.units)
        if session.finished:
            self._settle(Status.finished)

    def _open(self, number: int, make: Callable[[], Session], where: Path | None = None) -> None:
        self.discard(number)
        self._set(Status.preparing)
        try:
            self.timeline = Timeline(make())
            self.autosave.begin(self.timeline.session, where)
        except Exception as error:
            self._fail(error)
            return
        self.pacer = Pacer(SLICE)
        learner = self.timeline.session.learner
        self.described.emit(learner.device, learner.unit, learner.boundary)
        self._settle(Status.paused)
        self._wake()

    def _close_run(self) -> None:
        self.tracker.close()
        if self.timeline is not None:
            self.timeline.close()
            self.timeline.session.close()
        self.timeline = None

    def _look(self, wish: Wish) -> None:
        assert self.timeline is not None
        try:
            self.timeline.look(wish)
        except Exception as error:
            self._fail(error)
            return
        self._post(force=True)

    def _settle(self, status: Status) -> None:
        if self.session is not None and self.status is not Status.failed:
            self.boundary_target = UNBOUNDED
            self._set(Status.finished if self.session.finished else status)

    def _view(self) -> None:
        assert self.timeline is not None
        session = self.timeline.session
        try:
            if not self.viewer.opened:
                self.viewer.open(session.spec.at(session.units))
            self.viewer.work(self.timeline.learner)
        except Exception as error:
            self.watching = False
            self._fail(error)

    def _post(self, force: bool = False) -> None:
        now = time.perf_counter()
        if self.timeline is None or not (force or (now >= self.next_picture and self.mailbox.empty)):
            return
        self.next_picture = now + PICTURE
        try:
            viewed = self.viewer.frame(self.timeline.learner) if self.watching else None
            speed = self.throttle.speed
            steady = self.status is not Status.running or (speed is not None and speed <= FOLLOWED)
            trail = self.tracker.follow(self.timeline) if steady else None
            picture = picture_of(self.number, self.timeline, self.throttle.rate, viewed, steady, trail)
        except Exception as error:
            self._fail(error)
            return
        self.mailbox.put(picture)

    def _fail(self, error: Exception) -> None:
        if self.status is Status.failed:
            return
        mendable = isinstance(error, ValuescapeError)
        report = "" if mendable else "".join(traceback.format_exception(error))
        sentence = error.sentence if isinstance(error, ValuescapeError) else f"{type(error).__name__}: {error}"
        self._set(Status.failed, Failure(sentence, report, self._keep()))

    def _keep(self) -> Path | None:
        """Keep the run and wait for it: its folder; None where that is not possible."""
        try:
            return self.autosave.keep_now(self.session) if self.session is not None else None
        except Exception:
            return None

    def _autosave(self) -> None:
        if self.session is not None:
            try:
                self.autosave.keep(self.session)
            except Exception as error:
                self._fail(error)

    def _set(self, status: Status, failure: Failure | None = None) -> None:
        """Tell the status; where the run holds still, the picture of it is in the mailbox before."""
        if status is self.status and failure is None:
            return
        self.status = status
        if status is not Status.running:
            self._post(force=True)
        if self.status is status:
            self.status_changed.emit(self.number, status, failure)
        if status is Status.running:
            self.autosave.start()
        elif status in (Status.paused, Status.stopped, Status.finished):
            self._autosave()
        if status in (Status.stopped, Status.finished, Status.failed):
            self.autosave.release()

    def _tell_unkept(self, problem: str) -> None:
        with suppress(RuntimeError):  # the window is gone
            self.unkept.emit(problem)

    def _tell_filmed(self, path: Path, problem: str | None) -> None:
        with suppress(RuntimeError):  # the window is gone
            self.filmed.emit(path, problem)

    def _tell_compiling(self, compiling: bool) -> None:
        self.compiling.emit(compiling)

    def _wake(self) -> None:
        if self.timer is None:
            self.timer = QTimer(self)
            self.timer.timeout.connect(self.tick)
        if self.session is not None:
            self.timer.start(0)
