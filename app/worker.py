"""The thread boundary: one QThread owns the run, everything that crosses is immutable.

Orders travel to the worker and status comes back as queued signals. What there is to see goes into a one-slot mailbox,
from which the window takes the newest on its frame timer. There is no signal per step.
"""

import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.mailbox import Mailbox
from app.picture import Failure, Picture, Position, Status
from app.throttle import Throttle
from app.viewing.orders import Order
from app.viewing.viewer import Viewer
from core import compiling
from core.errors import ValuescapeError
from core.learner import UNBOUNDED, Budget, Learner, Planner
from core.runs import folder
from core.runs.pacer import Pacer
from core.runs.session import RunSpec, Session
from core.runs.timeline import MEMORY, Moment, Timeline
from core.worlds.world import World

SLICE = 0.008
"""Seconds of work between two looks at what the person wants."""
PICTURE = 1 / 25
"""Seconds between two pictures at least: every picture drawn holds up the learners that live in Python."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A moment of the run that a person wants to see.

    Attributes:
        units: of work after which it is; or
        boundaries: episodes (sweeps) after which it is; or
        newest: the present; or
        back: units before the moment on show; or
        back_to_boundary: the latest end of an episode (sweep) before it.
        exactly: False while the person is still dragging, where near is good enough if it is quick.
    """

    units: int | None = None
    boundaries: int | None = None
    newest: bool = False
    back: int | None = None
    back_to_boundary: bool = False
    exactly: bool = True


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

    def __init__(self, mailbox: Mailbox[Picture], keep: Path) -> None:
        super().__init__()
        self.mailbox = mailbox
        self.keep = keep
        self.number = 0
        self.session: Session | None = None
        self.timeline: Timeline | None = None
        self.moment: Moment | None = None
        self.dragged: Mailbox[Wish] = Mailbox()
        self.viewer = Viewer(self._tell_filmed)
        self.watching = False
        self.status = Status.idle
        self.throttle = Throttle()
        self.pacer = Pacer(SLICE)
        self.boundary_target = UNBOUNDED
        self.timer: QTimer | None = None
        self.next_picture = 0.0
        compiling.watch(self._tell_compiling)

    @Slot(int, object)
    def begin(self, number: int, spec: RunSpec) -> None:
        """Build run `number` and wait, paused before its first step."""
        self.discard(number)
        self._set(Status.preparing)
        try:
            self.session = Session(spec)
            self.timeline = Timeline(self.session)
        except Exception as error:
            self._fail(error)
            return
        self.pacer = Pacer(SLICE)
        learner = self.session.learner
        self.described.emit(learner.device, learner.unit, learner.boundary)
        self._set(Status.paused)
        self._wake()

    @Slot()
    def run(self) -> None:
        """Train until told otherwise."""
        if self.session is not None and self.status in (Status.paused, Status.stopped):
            self._leave_past()
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
        if self.moment is not None:
            self._look(Wish(boundaries=self.moment.boundaries + 1) if to_boundary else Wish(self.moment.units + 1))
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
        if self.session is None or self.timeline is None or self.moment is None:
            return
        kept = self._keep()
        if kept is None:
            return
        try:
            branch = self.timeline.branch()
            self.timeline.close()
            self.session.close()
            self.session, self.timeline, self.moment = branch.session, branch, None
        except Exception as error:
            self._fail(error)
            return
        self.status = Status.preparing  # so that pausing tells, whatever the run was before
        self._set(Status.paused)
        self.branched.emit(kept)

    @Slot(object, object, str)
    def change(self, config: dict[str, Any], world: World | None, what: str) -> None:
        """Go on with other settings, or in a changed world."""
        if self.session is None:
            return
        self._leave_past()
        sentence = ""
        try:
            self.session.change(config, world)
        except ValuescapeError as error:
            sentence = error.sentence
        except Exception as error:
            self._fail(error)
            return
        if world is not None:
            self._close_viewer()
        self.changed.emit(self.session.units, what, sentence)
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
        self._close_viewer()
        self._leave_past()
        if self.timeline is not None:
            self.timeline.close()
        self.timeline = None
        if self.session is not None:
            self.session.close()
        self.session = None
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

    @Slot()
    def shut_down(self) -> None:
        """Keep an unfinished run, let go of everything and end the thread."""
        if self.session is not None and self.status.active and self.session.units:
            self._keep()
        self.discard(self.number)
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
        assert self.session is not None and self.timeline is not None
        self._leave_past()
        began = time.perf_counter()
        try:
            progress = self.pacer.slice(self.session.advance, budget)
            self.timeline.note(time.perf_counter() - began)
        except Exception as error:
            self._fail(error)
            return
        self.throttle.spend(progress.units)
        if self.session.finished:
            self._settle(Status.finished)

    def _look(self, wish: Wish) -> None:
        assert self.session is not None and self.timeline is not None
        here, timeline = self.moment or self.session, self.timeline
        at, ended = here.units, here.boundaries
        try:
            if wish.back is not None:
                self.moment = timeline.go(at - wish.back)
            elif wish.back_to_boundary:
                self.moment = timeline.go_to_boundary(ended)
                if self.moment.units >= at:
                    self.moment = timeline.go_to_boundary(ended - 1)
            elif wish.boundaries is not None:
                self.moment = timeline.go_to_boundary(wish.boundaries)
            elif wish.units is not None:
                self.moment = timeline.go(wish.units, wish.exactly)
            if wish.newest or (self.moment is not None and self.moment.units >= self.session.units):
                self._leave_past()
        except Exception as error:
            self._fail(error)
            return
        self._post(force=True)

    def _leave_past(self) -> None:
        if self.timeline is not None and self.moment is not None:
            self.timeline.leave()
        self.moment = None

    def _settle(self, status: Status) -> None:
        if self.session is not None and self.status is not Status.failed:
            self.boundary_target = UNBOUNDED
            self._set(Status.finished if self.session.finished else status)

    def _view(self) -> None:
        assert self.session is not None
        try:
            if not self.viewer.opened:
                self.viewer.open(self.session.spec.at(self.session.units))
            self.viewer.work(self._shown)
        except Exception as error:
            self.watching = False
            self._fail(error)

    @property
    def _shown(self) -> Learner:
        """The learner of the moment on show."""
        assert self.session is not None
        return self.session.learner if self.timeline is None else self.timeline.learner

    def _post(self, force: bool = False) -> None:
        now = time.perf_counter()
        if self.session is None or not (force or (now >= self.next_picture and self.mailbox.empty)):
            return
        self.next_picture = now + PICTURE
        try:
            moment = self.moment
            picture = Picture(
                self.number,
                self.session.snapshot() if moment is None else moment.snapshot,
                self.session.history.view(),
                self.session.learner.explain() if moment is None else moment.explanation,
                self.session.fraction,
                self.throttle.rate,
                self.viewer.frame(self._shown) if self.watching else None,
                self.session.learner.converged if isinstance(self.session.learner, Planner) else None,
                self.session.learner.notices,
                self._position(),
            )
        except Exception as error:
            self._fail(error)
            return
        self.mailbox.put(picture)

    def _position(self) -> Position:
        assert self.session is not None
        here = self.session if self.moment is None else self.moment
        size = 0 if self.timeline is None else self.timeline.size
        return Position(here.units, here.boundaries, self.session.units, self.session.boundaries, size, MEMORY)

    def _fail(self, error: Exception) -> None:
        if self.status is Status.failed:
            return
        mendable = isinstance(error, ValuescapeError)
        report = "" if mendable else "".join(traceback.format_exception(error))
        sentence = error.sentence if isinstance(error, ValuescapeError) else f"{type(error).__name__}: {error}"
        self._set(Status.failed, Failure(sentence, report, self._keep()))

    def _keep(self) -> Path | None:
        if self.session is None or not self.session.units:
            return None
        where = self.keep / time.strftime(f"%Y-%m-%d %H.%M.%S {self.session.spec.algorithm}")
        try:
            folder.save(self.session, where)
        except Exception:
            return None
        return where

    def _close_viewer(self) -> None:
        self.viewer.close()

    def _set(self, status: Status, failure: Failure | None = None) -> None:
        """Tell the status; where the run holds still, the picture of it is in the mailbox before."""
        if status is self.status and failure is None:
            return
        self.status = status
        if status is not Status.running:
            self._post(force=True)
        if self.status is status:
            self.status_changed.emit(self.number, status, failure)

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
