"""The window's side of the thread boundary: gives orders, keeps the newest status, hands out pictures."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from app.mailbox import Mailbox
from app.picture import Failure, Picture, Status
from app.viewing.orders import Order
from app.worker import Worker
from core.projects.workspace import Workspace
from core.runs.spec import RunSpec
from core.runs.timeline import Wish
from core.worlds.foreign.running import BUSY, abandon, hold, waits
from core.worlds.world import World

ORDERS = ("begin", "resume", "run", "pause", "step", "look", "branch", "change", "stop", "discard", "set_speed", "watch", "direct", "save",
          "set_keeping", "set_memory", "enter", "pack", "shut_down")  # fmt: skip
"""Slots of the worker; the signal that calls each has its name."""
OBEYED = 60
"""Milliseconds that the thread has for holding still before it is looked whether an environment keeps it."""
PATIENCE = 300
"""Milliseconds that the thread has for its end before environments that hang are given up."""


class Conductor(QObject):
    """Owns the worker's thread. Every order is a queued signal and returns at once.

    Runs are numbered. What still arrives from an earlier run, because it was under way, is dropped: after `discard` the
    status is idle at once, and no picture of the old run shows up later.

    Args:
        keep: folder for runs that are kept by themselves.

    Attributes:
        obeying: whether the run has been told to hold still and has not answered yet; the window draws nothing meanwhile.
    """

    status_changed = Signal(object, object)
    described = Signal(str, str, str)
    compiling = Signal(bool)
    saved = Signal(object, object)
    branched = Signal(object)
    filmed = Signal(object, object)
    changed = Signal(int, str, str)
    taught = Signal(int, float, str)
    said = Signal(str)
    kept = Signal(object)
    packed = Signal(object, str)
    left_project = Signal(object)

    _begin = Signal(int, object)
    _resume = Signal(int, object)
    _run = Signal()
    _pause = Signal()
    _step = Signal(bool)
    _stop = Signal()
    _discard = Signal(int)
    _set_speed = Signal(object)
    _watch = Signal(bool)
    _direct = Signal(object)
    _save = Signal(object)
    _look = Signal(object)
    _branch = Signal()
    _change = Signal(object, object, str)
    _set_keeping = Signal(bool)
    _set_memory = Signal(object)
    _enter = Signal(object)
    _pack = Signal(object)
    _shut_down = Signal()

    def __init__(self, keep: Path) -> None:
        super().__init__()
        self.number = 0
        self.status = Status.idle
        self.obeying = False
        self.mailbox: Mailbox[Picture] = Mailbox()
        self.thread_ = QThread()
        self.thread_.setObjectName("run")
        self.worker = Worker(self.mailbox, keep)
        self.worker.moveToThread(self.thread_)
        for order in ORDERS:
            getattr(self, f"_{order}").connect(getattr(self.worker, order))
        self.worker.status_changed.connect(self._on_status)
        self.worker.described.connect(self.described)
        self.worker.compiling.connect(self.compiling)
        self.worker.saved.connect(self.saved)
        self.worker.branched.connect(self.branched)
        self.worker.filmed.connect(self.filmed)
        self.worker.changed.connect(self.changed)
        self.worker.taught.connect(self.taught)
        self.worker.said.connect(self.said)
        self.worker.kept.connect(self.kept)
        self.worker.packed.connect(self.packed)
        self.worker.left_project.connect(self.left_project)
        self.thread_.start()

    def begin(self, spec: RunSpec) -> None:
        """Prepare a run; it waits paused."""
        self._renumber(Status.preparing)
        self._begin.emit(self.number, spec)

    def resume(self, where: Path) -> None:
        """Open a run that was kept; it waits paused, or finished."""
        self._renumber(Status.preparing)
        self._resume.emit(self.number, where)

    def picture(self) -> Picture | None:
        """The newest picture of the present run; None if it was taken already."""
        picture = self.mailbox.take()
        return picture if picture is not None and picture.run == self.number else None

    def run(self) -> None:
        self._run.emit()

    def pause(self) -> None:
        self.obeying = self.status is Status.running
        self._pause.emit()
        self._hold(Status.paused)

    def step(self, to_boundary: bool = False) -> None:
        self._step.emit(to_boundary)

    def stop(self) -> None:
        self.obeying = self.status.active
        self._stop.emit()
        self._hold(Status.stopped)

    def discard(self) -> None:
        self._renumber(Status.idle)
        self._discard.emit(self.number)

    def set_speed(self, units_per_second: float | None) -> None:
        self._set_speed.emit(units_per_second)

    def watch(self, watching: bool) -> None:
        self._watch.emit(watching)

    def direct(self, order: Order) -> None:
        """Have something done with the watched episodes."""
        self._direct.emit(order)

    def save(self, where: Path) -> None:
        self._save.emit(where)

    def set_keeping(self, on: bool) -> None:
        """Whether runs are kept without being asked for."""
        self._set_keeping.emit(on)

    def set_memory(self, memory: int) -> None:
        """Bytes that the past of a run may take, of the one that is open as well."""
        self._set_memory.emit(memory)

    def enter(self, project: Workspace | None) -> None:
        """Keep runs in a project, or in the list of all; `left_project` tells when nothing is written in the one before any more."""
        self._enter.emit(project)

    def pack(self, project: Workspace) -> None:
        """Save a project with the run in it; `packed` tells."""
        self._pack.emit(project)

    def look(self, wish: Wish) -> None:
        """Show a moment of the past; of many that are dragged over, the last counts."""
        if wish.exactly:
            self._look.emit(wish)
        else:
            self.worker.dragged.put(wish)
            self._look.emit(None)

    @property
    def unkept(self) -> bool:
        """Whether the run on show could not be kept the last time that it was to be."""
        return self.worker.keeping.autosave.unkept

    def branch(self) -> None:
        """Go on from the moment of the past on show."""
        self._branch.emit()

    def change(self, config: dict[str, Any], world: World | None, what: str) -> None:
        """Go on with other settings, or in a changed world; `what` says it in words."""
        self._change.emit(config, world, what)

    def close(self) -> None:
        """End the thread; returns when it has ended, and tells nothing from then on: nobody is there any more. Safe to call twice."""
        if self.thread_.isRunning():
            self.number += 1
            self._shut_down.emit()
            while not self.thread_.wait(PATIENCE):
                abandon(self.worker.ident)
            self.blockSignals(True)

    def _hold(self, status: Status) -> None:
        """Have a learner hold still after the step at hand; where its environment takes long for that, the run counts as held already."""
        number = self.number
        hold(self.worker.ident, True)

        def told() -> None:
            if number == self.number and self.status.active and self.status is not status and waits(self.worker.ident):
                self._on_status(number, status, None)
                self.said.emit(BUSY)

        QTimer.singleShot(OBEYED, self, told)

    def _renumber(self, status: Status) -> None:
        self.number += 1
        abandon(self.worker.ident)
        self._on_status(self.number, status, None)

    @Slot(int, object, object)
    def _on_status(self, number: int, status: Status, failure: Failure | None) -> None:
        if number != self.number:
            return
        self.obeying = False
        if status is not self.status or failure is not None:
            self.status = status
            self.status_changed.emit(status, failure)
