"""The thread boundary: one QThread owns the run, everything that crosses is immutable.

Orders travel to the worker and status comes back as queued signals. What there is to see goes into a one-slot mailbox,
from which the window takes the newest on its frame timer. There is no signal per step.
"""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Slot

from app.charge import EVER, STILL, Charge, refused
from app.mailbox import Mailbox
from app.picture import Picture, Status
from app.viewing.orders import Invite, Order
from core import compiling
from core.learner import UNBOUNDED, Budget
from core.projects.workspace import Workspace
from core.runs import folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Wish
from core.worlds.foreign.running import hold
from core.worlds.world import World


class Worker(Charge):
    """Owns the session. Lives in the worker thread; its slots are only ever called through queued signals."""

    def __init__(self, mailbox: Mailbox[Picture], keep: Path) -> None:
        super().__init__(mailbox, keep)
        self.dragged: Mailbox[Wish] = Mailbox()
        self.timer: QTimer | None = None
        compiling.watch(self.tell_compiling)

    @Slot(int, object)
    def begin(self, number: int, spec: RunSpec) -> None:
        """Build run `number` and wait, paused before its first step."""
        self.discard(number)
        self._open(lambda changes: Session(spec.model_copy(update=changes)))
        self._wake()

    @Slot(int, object)
    def resume(self, number: int, where: Path) -> None:
        """Open the run kept in a folder as run `number` and wait."""
        self.discard(number)
        self._open(lambda changes: folder.resume(where, **changes), where)
        self._wake()

    @Slot()
    def run(self) -> None:
        """Train until told otherwise."""
        if self.timeline is not None and self.status in (Status.paused, Status.stopped):
            if not self.timeline.branching:
                self.timeline.leave()
            self.target = EVER
            self._set(Status.running)
            self.throttle.restart()
            self._wake()

    @Slot()
    def pause(self) -> None:
        """Hold still after the present slice."""
        hold(self.ident, False)
        if self.status is Status.running:
            self._set(Status.paused)

    @Slot(bool)
    def step(self, to_boundary: bool) -> None:
        """One unit of work, or all until the next episode or sweep ends; paused afterwards."""
        if self.timeline is not None and (self.timeline.moment is not None or self.timeline.coming is not None):
            self.pause()
            self._look(Wish(by_boundary=1) if to_boundary else Wish(by=1))
            self._wake()
            return
        if self.session is None or self.status not in (Status.running, Status.paused, Status.stopped):
            return
        if to_boundary or not self.session.settled:
            self.target = Budget(UNBOUNDED, self.session.boundaries + 1) if to_boundary else Budget(self.session.units + 1)
            self._set(Status.running)
            self.throttle.restart()
            self._wake()
        else:
            self._advance(Budget(1))
            self._settle(Status.paused)
            self._post(force=True)
            self._wake()

    @Slot(object)
    def look(self, wish: Wish | None) -> None:
        """Hold still and show a moment; None for the one last dragged to."""
        wish = self.dragged.take() if wish is None else wish
        if wish is not None and self.session is not None:
            self.pause()
            self._look(wish)
            self._wake()

    @Slot()
    def branch(self) -> None:
        """Go on from the moment of the past on show; the run as it was is kept in a folder."""
        if self.timeline is None or self.timeline.moment is None:
            return
        with self._guarded(), self._past():
            self.timeline.fork()
        self._look()
        self._wake()

    @Slot(object, object, str)
    def change(self, config: dict[str, Any], world: World | None, what: str) -> None:
        """Go on with other settings, or in a changed world."""
        if self.timeline is None or not self._prepared(partial(self.change, config, world, what)):
            return
        self.timeline.leave()
        with self._guarded():
            sentence = self._with_room(lambda timeline: refused(lambda: timeline.session.change(config, world)))
            if world is not None:
                self.show.viewer.close()
            self.changed.emit(self.timeline.session.units, what, sentence)
            self._post(force=True)
        if self.status is Status.paused:
            self._autosave()

    @Slot()
    def stop(self) -> None:
        """End the run; what it learnt stays on show and can be saved."""
        hold(self.ident, False)
        if self.status.active:
            if self.timeline is not None:
                self.timeline.stay()
            self._set(Status.stopped)

    @Slot(int)
    def discard(self, number: int) -> None:
        """Keep what the run learnt and let go of it; what is sent from now on belongs to run `number`."""
        if self.status.active or (self.keeping.autosave.unkept and self.status in STILL):
            self._autosave()
        self.number = number
        self.show.forget()
        self._close_run()
        self.keeping.autosave.leave()
        self.target = EVER
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
        if not watching:
            self._post(force=True)
        self._wake()

    @Slot(object)
    def direct(self, order: Order) -> None:
        """What the person wants of the watched episodes."""
        if not isinstance(order, Invite):
            self.show.viewer.direct(order)
        elif self.timeline is not None:
            timeline = self.timeline
            with self._guarded():
                self.said.emit(refused(lambda: self.show.invite(order.folder, timeline)))
        self._wake()

    @Slot(object)
    def save(self, where: Path) -> None:
        """Keep the run as it is now in a folder; another thread writes it."""
        if self.session is not None:
            with self._guarded():
                self.keeping.save(self.session, where)

    @Slot(bool)
    def set_keeping(self, on: bool) -> None:
        """Whether runs are kept without being asked for."""
        self.keeping.autosave.on = on

    @Slot(object)
    def set_memory(self, memory: int) -> None:
        """Bytes that the past of a run may take, of the one that is open as well."""
        self.memory = memory
        if self.timeline is not None:
            self.timeline.memory = memory
            self._post(force=True)

    @Slot(object)
    def enter(self, project: Workspace | None) -> None:
        """Keep runs in a project from now on, or in the list of all."""
        self.keeping.enter(project)

    @Slot(object)
    def pack(self, project: Workspace) -> None:
        """Keep the run in a project and save that, in the thread in which runs are written."""
        self.keeping.pack(project, self.timeline, self.status.active)

    @Slot()
    def shut_down(self) -> None:
        """Let go of everything and end the thread."""
        self.discard(self.number)
        self.keeping.autosave.close()
        self.again.stop()
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
        if self.timeline is not None and self.timeline.coming is not None:
            self._look()
            return
        pause = 0
        due = not session.settled and self.status in (Status.running, Status.paused)
        if due:
            self._advance(Budget(0))
        elif self.status is Status.running:
            allowed = min(self.throttle.allowed(), self.target.units - session.units)
            if allowed > 0:
                self._advance(Budget(allowed, self.target.boundaries - session.boundaries))
            else:
                pause = 4
            if self.status is Status.running and (session.units >= self.target.units or session.boundaries >= self.target.boundaries):
                self._settle(Status.paused)
        if self.status is Status.running and self.keeping.autosave.due:
            self._autosave()
        if self.show.watching:
            self._play()
        seeking = session.meter.wanted
        if seeking:
            with self._guarded():
                session.meter.find()
        running = self.status is Status.running
        if not (running or due or seeking or self.show.watching):
            self.timer.stop()
            return
        if running or due or self.show.watching or not session.meter.wanted:
            self._post(force=not running)
        self.timer.setInterval(pause if running or due or seeking else round(1000 * self.show.viewer.wait()))

    def _wake(self) -> None:
        if self.timer is None:
            self.timer = QTimer(self)
            self.timer.timeout.connect(self.tick)
        if self.session is not None:
            self.timer.start(0)
