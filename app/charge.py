"""The run that the worker has in hand: it is built, worked on, shown and kept, and whatever goes wrong ends it, not the thread."""

import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QTimer

from app.keeping import Keeping
from app.mailbox import Mailbox
from app.picture import Failure, Picture, Status
from app.show import Show
from app.telling import Telling, tell
from app.throttle import Throttle
from core import devices
from core.demonstration import Demonstration
from core.errors import ValuescapeError, sentence_of
from core.learner import UNBOUNDED, Budget, Progress
from core.runs.keeper import MEMORY
from core.runs.memory import made
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.timeline import Timeline, Wish

Done = TypeVar("Done")
SLICE = 0.012
"""Seconds of work between two looks at what the person wants."""
AT_ONCE = 0.04
"""The same on the way to a moment of the past: most are come to within."""

STILL = Status.paused, Status.stopped, Status.finished
"""Where a run is that holds still."""
EVER = Budget(UNBOUNDED)
AGAIN = 10_000
"""Milliseconds until a run that holds still is tried to be kept again."""


class Charge(Telling):
    """One run after the other. Used in the worker's thread.

    Args:
        mailbox: takes pictures of the run.
        keep: the folder of all runs.

    Attributes:
        number: of the run.
        ident: of the thread.
        timeline: the run with its past; None where there is none.
        memory: bytes that its past may take.
        target: units of work and episodes (sweeps) after which it holds still.
    """

    def __init__(self, mailbox: Mailbox[Picture], keep: Path) -> None:
        super().__init__()
        self.keep = keep
        self.keeping = Keeping(keep, self)
        self.number = self.ident = 0
        self.timeline: Timeline | None = None
        self.show = Show(mailbox, partial(tell, self.filmed))
        self.status = Status.idle
        self.throttle = Throttle()
        self.pacer = Pacer(SLICE)
        self.memory = MEMORY
        self.target = EVER
        self.again = QTimer(self, singleShot=True, interval=AGAIN)
        self.again.timeout.connect(self._keep_again)

    @property
    def session(self) -> Session | None:
        """The run; None where there is none."""
        return None if self.timeline is None else self.timeline.session

    def _open(self, make: Callable[[dict[str, str]], Session], where: Path | None = None) -> None:
        """Build a run, on the processor where a GPU has no memory for it, and wait.

        Args:
            make: with these fields of its spec changed.
            where: the folder from which it is opened.
        """
        self.ident = threading.get_ident()
        self._set(Status.preparing)
        with self._guarded():
            self.timeline = Timeline(made(make, self.said.emit), self.memory)
            self.keeping.autosave.begin(self.timeline.session, where)
            self.pacer = Pacer(SLICE)
            self._describe()
            self._settle(Status.paused)

    def _describe(self) -> None:
        assert self.timeline is not None
        learner = self.timeline.session.learner
        self.described.emit(learner.device, learner.unit, learner.boundary)

    def _advance(self, budget: Budget) -> None:
        assert self.timeline is not None
        if budget.units:
            self.timeline.leave()
        with self._guarded():
            self.throttle.spend(self._with_room(lambda timeline: self._work(timeline, budget)).units)
            if self.timeline.session.finished:
                self._settle(Status.finished)

    def _prepared(self, order: Callable[[], object]) -> bool:
        """Whether a change can be made now; else it is ordered again once a part of what is due before is done, unless the run is another
        one by then."""
        number, ready = self.number, False
        with self._guarded():
            ready = self._with_room(lambda timeline: timeline.session.prepare())
            if not ready:
                QTimer.singleShot(0, self, lambda: self.number == number and order())
        return ready

    def _work(self, timeline: Timeline, budget: Budget) -> Progress:
        began = time.perf_counter()
        progress = self.pacer.slice(timeline.session.advance, budget)
        timeline.note(time.perf_counter() - began)
        return progress

    def _with_room(self, work: Callable[[Timeline], Done]) -> Done:
        """What some work on the run gives. Where a GPU has no memory for it, the run leaves that, and it is done once more."""
        assert self.timeline is not None
        session = self.timeline.session
        try:
            return work(self.timeline)
        except Exception as error:
            there = self.status is not Status.failed and session.spec.at(session.units).device != "cpu"
            if not (there and devices.is_full(error)):
                raise
        self._leave_gpu()
        return work(self.timeline)

    def _leave_gpu(self) -> None:
        """Its memory is full: go on on the processor, from here if that can be."""
        assert self.timeline is not None
        self.show.tracker.close()
        self.timeline = self.timeline.moved("cpu")
        self.pacer = Pacer(SLICE)
        self._describe()
        self.said.emit(devices.left_at(self.timeline.session.units))
        QTimer.singleShot(0, devices.give_back)  # once nobody holds what lay there

    def _take(self, timeline: Timeline) -> None:
        """Another run takes the place of this one, which is kept."""
        self.show.tracker.close()
        self._close_run()
        self.timeline = timeline
        self.keeping.autosave.begin(timeline.session)

    def _close_run(self) -> None:
        if self.timeline is not None:
            self.timeline.close()
            self.timeline.session.close()
        self.timeline = None

    def _look(self, wish: Wish | None = None) -> None:
        """Go to a moment of the past, or on to the one wished for: for an instant, and show where that leads."""
        assert self.timeline is not None
        with self._guarded():
            with self._past():
                if wish is not None:
                    self.timeline.seek(wish)
                if self.timeline.come(AT_ONCE) and self.timeline.branched is not None:
                    self._branch(self.timeline.branched)
            self._post(force=True)

    def _branch(self, branch: Timeline) -> None:
        """What goes on from a moment of the past takes the place of the run, once that is kept as it was."""
        assert self.timeline is not None
        self.timeline.branched = None
        try:
            kept = self.keeping.now(self.timeline)
        except Exception as error:
            branch.session.close()
            self._refuse(sentence_of(error))
            return
        goes_on = self.status is Status.running
        self._take(branch)
        self.status = Status.preparing  # so that it is told anew, whatever the run was before
        self._set(Status.running if goes_on else Status.paused)
        self.branched.emit(kept)

    def _refuse(self, reason: str) -> None:
        """What was wished for cannot be: the run holds still."""
        if self.status is Status.running:
            self._set(Status.paused)
        self.said.emit(reason)

    @contextmanager
    def _past(self) -> Iterator[None]:
        """Work on the past: where memory is full, that is told, and the present is on show."""
        assert self.timeline is not None
        try:
            yield
        except Exception as error:
            if not (reason := devices.no_past(error)):
                raise
            self.timeline.close()
            self._refuse(reason)

    def _settle(self, status: Status) -> None:
        if self.session is not None and self.status is not Status.failed:
            self.target = EVER
            self._set(Status.finished if self.session.finished else status)

    def _play(self) -> None:
        """What is due in the watched episodes."""
        assert self.timeline is not None
        try:
            shown = self._with_room(self.show.play)
        except Exception as error:
            self.show.watching = False
            self._fail(error)
            return
        if shown is not None and self.status.active:
            self._teach(shown)

    def _teach(self, shown: Demonstration) -> None:
        """Have the agent learn from what a person played."""
        if self.timeline is None or not self._prepared(partial(self._teach, shown)):
            return
        self.timeline.leave()
        with self._guarded():
            sentence = self._with_room(lambda timeline: refused(lambda: timeline.session.teach(shown)))
            self.taught.emit(self.timeline.session.units, shown.total, sentence)
            self._post(force=True)
        if self.status is Status.paused:
            self._autosave()

    def _post(self, force: bool = False) -> None:
        if self.timeline is not None:
            with self._guarded():
                running = self.status is Status.running
                self._with_room(lambda timeline: self.show.post(self.number, timeline, self.throttle, running, force))

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
        error = devices.memory_error(error) or error
        report = "" if isinstance(error, ValuescapeError) else "".join(traceback.format_exception(error))
        self._set(Status.failed, Failure(sentence_of(error), report, self._keep(), getattr(error, "details", "")))

    def _keep(self) -> Path | None:
        """Keep the run and wait for it: its folder; None where that is not possible."""
        try:
            return None if self.timeline is None else self.keeping.now(self.timeline)
        except Exception:
            return None

    def _autosave(self) -> None:
        if self.session is not None:
            with self._guarded():
                self.keeping.autosave.keep(self.session)

    def _keep_again(self) -> None:
        """Keep a run that holds still, where that was not possible before."""
        if self.keeping.autosave.unkept and self.status in STILL:
            self._autosave()
            if not self.status.active:
                self.keeping.autosave.release()
            self.again.start()

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
            self.keeping.autosave.start()
        elif status in STILL:
            self._autosave()
            self.again.start()
        if status in (Status.stopped, Status.finished, Status.failed):
            self.keeping.autosave.release()


def refused(action: Callable[[], object]) -> str:
    """Do something that a person asked for; the sentence why it cannot be done, or nothing."""
    try:
        action()
    except ValuescapeError as error:
        return error.sentence
    return ""
