"""The thread boundary: one QThread owns the run, everything that crosses is immutable.

Orders travel to the worker and status comes back as queued signals. What there is to see goes into a one-slot mailbox,
from which the window takes the newest on its frame timer. There is no signal per step.
"""

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Slot

from app.mailbox import Mailbox
from app.picture import Failure, Picture, Status
from app.show import Show
from app.telling import Telling
from app.throttle import Throttle
from app.trash import to_trash
from app.viewing.orders import Invite, Order
from core import compiling, devices
from core.demonstration import Demonstration
from core.errors import ValuescapeError, sentence_of
from core.learner import UNBOUNDED, Budget
from core.projects.workspace import Workspace
from core.runs import folder
from core.runs.autosave import Autosave
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline, Wish
from core.worlds.world import World

SLICE = 0.008
"""Seconds of work between two looks at what the person wants."""


class Worker(Telling):
    """Owns the session. Lives in the worker thread; its slots are only ever called through queued signals."""

    def __init__(self, mailbox: Mailbox[Picture], keep: Path) -> None:
        super().__init__()
        self.keep = keep
        self.autosave = Autosave(keep, to_trash, self.tell, self._kept)
        self.number = self.ident = 0
        self.project: Workspace | None = None
        self.timeline: Timeline | None = None
        self.dragged: Mailbox[Wish] = Mailbox()
        self.show = Show(mailbox, self.tell_filmed)
        self.status = Status.idle
        self.throttle = Throttle()
        self.pacer = Pacer(SLICE)
        self.boundary_target = UNBOUNDED
        self.timer: QTimer | None = None
        compiling.watch(self.tell_compiling)

    @property
    def session(self) -> Session | None:
        """The run; None where there is none."""
        return None if self.timeline is None else self.timeline.session

    @Slot(int, object)
    def begin(self, number: int, spec: RunSpec) -> None:
        """Build run `number` and wait, paused before its first step."""
        self._open(number, lambda changes: Session(spec.model_copy(update=changes)))

    @Slot(int, object)
    def resume(self, number: int, where: Path) -> None:
        """Open the run kept in a folder as run `number` and wait."""
        self._open(number, lambda changes: folder.resume(where, **changes), where)

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
        with self._guarded():
            branch = self.timeline.branch()
            self.show.tracker.close()
            self._close_run()
            self.timeline = branch
            self.autosave.begin(branch.session)
            self.status = Status.preparing  # so that pausing tells, whatever the run was before
            self._set(Status.paused)
            self.branched.emit(kept)

    @Slot(object, object, str)
    def change(self, config: dict[str, Any], world: World | None, what: str) -> None:
        """Go on with other settings, or in a changed world."""
        if self.timeline is None:
            return
        self.timeline.leave()
        session = self.timeline.session
        with self._guarded():
            sentence = _refused(lambda: session.change(config, world))
            if world is not None:
                self.show.viewer.close()
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
        self.show.forget()
        self._close_run()
        self.autosave.leave()
        self.boundary_target = UNBOUNDED
        self._set(Status.idle)

    @Slot(object)
    def set_speed(self, units_per_second: float | None) -> None:
        """Units a second at most; None for as fast as it goes."""
        self.throttle.speed = units_per_second
        self.throttle.restart()

    @Slot(bool)
    def watch(self, watching: bool) -> None:
        """Whether somebody looks at the viewer."""
        self.show.watching = watching
        self._wake()

    @Slot(object)
    def direct(self, order: Order) -> None:
        """What the person wants of the watched episodes."""
        if not isinstance(order, Invite):
            self.show.viewer.direct(order)
        elif self.timeline is not None:
            timeline = self.timeline
            with self._guarded():
                self.said.emit(_refused(lambda: self.show.invite(order.folder, timeline)))
        self._wake()

    @Slot(object)
    def save(self, where: Path) -> None:
        """Keep the run as it is now in a folder; another thread writes it."""
        if self.session is not None:
            with self._guarded():
                self.autosave.write(self.session, where, lambda problem: self.tell_saved(where, problem))

    @Slot(bool)
    def set_keeping(self, on: bool) -> None:
        """Whether runs are kept without being asked for."""
        self.autosave.on = on

    @Slot(object)
    def enter(self, project: Workspace | None) -> None:
        """Keep runs in a project from now on, or in the list of all."""
        before, self.project = self.project, project
        self.autosave.move(project.home if project is not None else None)
        if before is not None:
            self.autosave.then(lambda: self.tell_left(before))

    @Slot(object)
    def pack(self, project: Workspace) -> None:
        """Keep the run in a project and save that, in the thread in which runs are written."""
        try:
            place, session = None, self.session
            if session is not None:
                place = self._keep_mended() if session.broken else self.autosave.opened(session) or self.autosave.keep_now(session)
            if not self.status.active:
                self.autosave.release()
            if place is not None:
                place = place if place.parent == project.home else project.add_run(place)
                project.show_run(place)
                self.kept.emit(place)
        except (ValuescapeError, OSError) as error:
            self.packed.emit(project, sentence_of(error))
            return
        self.autosave.then(lambda: self._pack(project))

    @Slot()
    def shut_down(self) -> None:
        """Keep an unfinished run, let go of everything and end the thread."""
        if self.status.active:
            self._autosave()
        self.discard(self.number)
        self.autosave.close()
        if self.timer is not None:
            self.timer.stop()
        compiling.unwatch(self.tell_compiling)
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
        if self.show.watching:
            self._play()
        self._post(force=self.status is not Status.running)
        if self.status is not Status.running:
            pause = round(1000 * self.show.viewer.wait())
            if not self.show.watching:
                self.timer.stop()
                return
        self.timer.setInterval(pause)

    def _advance(self, budget: Budget) -> None:
        assert self.timeline is not None
        session = self.timeline.session
        self.timeline.leave()
        began = time.perf_counter()
        with self._guarded():
            try:
                progress = self.pacer.slice(session.advance, budget)
            except Exception as error:
                if not devices.is_full(error):
                    raise
                self._leave_gpu()
                return
            self.timeline.note(time.perf_counter() - began)
            self.throttle.spend(progress.units)
            if session.finished:
                self._settle(Status.finished)

    def _made(self, make: Callable[[dict[str, str]], Session]) -> Session:
        """The session, on the processor where a GPU has no memory for it."""
        try:
            return make({})
        except Exception as error:
            if not devices.is_full(error):
                raise
        self.said.emit(devices.LEFT)
        return make({"device": "cpu"})

    def _open(self, number: int, make: Callable[[dict[str, str]], Session], where: Path | None = None) -> None:
        self.ident = threading.get_ident()
        self.discard(number)
        self._set(Status.preparing)
        with self._guarded():
            self.timeline = Timeline(self._made(make))
            self.autosave.begin(self.timeline.session, where)
            self.pacer = Pacer(SLICE)
            learner = self.timeline.session.learner
            self.described.emit(learner.device, learner.unit, learner.boundary)
            self._settle(Status.paused)
            self._wake()

    def _leave_gpu(self) -> None:
        """Its memory is full: go on from the newest kept state on the processor."""
        assert self.timeline is not None
        self.show.tracker.close()
        self.timeline = self.timeline.moved("cpu")
        session = self.timeline.session
        self.described.emit(session.learner.device, session.learner.unit, session.learner.boundary)
        self.said.emit(devices.left_at(session.units))

    def _close_run(self) -> None:
        if self.timeline is not None:
            self.timeline.close()
            self.timeline.session.close()
        self.timeline = None

    def _look(self, wish: Wish) -> None:
        assert self.timeline is not None
        with self._guarded():
            try:
                self.timeline.look(wish)
            except Exception as error:
                if not devices.is_full(error):
                    raise
                self.timeline.close()
                self.said.emit(devices.NO_PAST)
            self._post(force=True)

    def _settle(self, status: Status) -> None:
        if self.session is not None and self.status is not Status.failed:
            self.boundary_target = UNBOUNDED
            self._set(Status.finished if self.session.finished else status)

    def _play(self) -> None:
        """What is due in the watched episodes."""
        assert self.timeline is not None
        try:
            shown = self.show.play(self.timeline)
        except Exception as error:
            self.show.watching = False
            self._fail(error)
            return
        if shown is not None and self.status.active:
            self._teach(shown)

    def _teach(self, shown: Demonstration) -> None:
        """Have the agent learn from what a person played."""
        assert self.timeline is not None
        self.timeline.leave()
        session = self.timeline.session
        with self._guarded():
            self.taught.emit(session.units, shown.total, _refused(lambda: session.teach(shown)))
            self._post(force=True)

    def _post(self, force: bool = False) -> None:
        if self.timeline is not None:
            with self._guarded():
                self.show.post(self.number, self.timeline, self.throttle, self.status is Status.running, force)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """What goes wrong within ends the run, not the thread."""
        try:
            yield
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if self.status is Status.failed:
            return
        report = "" if isinstance(error, ValuescapeError) else "".join(traceback.format_exception(error))
        self._set(Status.failed, Failure(sentence_of(error), report, self._keep(), getattr(error, "details", "")))

    def _keep(self) -> Path | None:
        """Keep the run and wait for it: its folder; None where that is not possible."""
        try:
            if self.timeline is None:
                return None
            session = self.timeline.session
            return self._keep_mended() if session.broken else self.autosave.keep_now(session)
        except Exception:
            return None

    def _keep_mended(self) -> Path | None:
        """Keep a run that broke down in the middle of some work as it was before that, else as it last was kept."""
        assert self.timeline is not None
        try:
            with closing(self.timeline.mended()) as mended:
                return self.autosave.keep_now(mended)
        except Exception:
            return self.autosave.keep_now(self.timeline.session, self.timeline.keyframes[-1])

    def _autosave(self) -> None:
        if self.session is not None:
            with self._guarded():
                self.autosave.keep(self.session)

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

    def _pack(self, project: Workspace) -> None:
        try:
            project.save()
        except Exception as error:
            self.tell_packed(project, sentence_of(error))
        else:
            self.tell_packed(project)

    def _kept(self, place: Path) -> None:
        project = self.project
        if project is not None and place.parent == project.home:
            project.touch()
        self.tell_kept(place)

    def _wake(self) -> None:
        if self.timer is None:
            self.timer = QTimer(self)
            self.timer.timeout.connect(self.tick)
        if self.session is not None:
            self.timer.start(0)


def _refused(action: Callable[[], object]) -> str:
    """Do something that a person asked for; the sentence why it cannot be done, or nothing."""
    try:
        action()
    except ValuescapeError as error:
        return error.sentence
    return ""
