"""The window's side of the thread boundary: gives orders, keeps the newest status, hands out pictures."""

from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.mailbox import Mailbox
from app.picture import Failure, Picture, Status
from app.worker import Worker
from core.runs.session import RunSpec


class Conductor(QObject):
    """Owns the worker's thread. Every order is a queued signal and returns at once.

    Args:
        keep: folder for runs that failed or were cut short.
    """

    status_changed = Signal(object, object)
    described = Signal(str, str, str)
    saved = Signal(object, object)

    _begin = Signal(object)
    _run = Signal()
    _pause = Signal()
    _step = Signal(bool)
    _stop = Signal()
    _discard = Signal()
    _speed = Signal(object)
    _watch = Signal(bool)
    _save = Signal(object)
    _shut_down = Signal()

    def __init__(self, keep: Path) -> None:
        super().__init__()
        self.status = Status.idle
        self.mailbox: Mailbox[Picture] = Mailbox()
        self.thread_ = QThread()
        self.thread_.setObjectName("run")
        self.worker = Worker(self.mailbox, keep)
        self.worker.moveToThread(self.thread_)
        orders = (self._begin, self._run, self._pause, self._step, self._stop, self._discard, self._speed, self._watch, self._save)
        slots = ("begin", "run", "pause", "step", "stop", "discard", "set_speed", "watch", "save")
        for order, slot in zip((*orders, self._shut_down), (*slots, "shut_down"), strict=True):
            order.connect(getattr(self.worker, slot))
        self.worker.status_changed.connect(self._on_status)
        self.worker.described.connect(self.described)
        self.worker.saved.connect(self.saved)
        self.thread_.start()

    def begin(self, spec: RunSpec) -> None:
        """Prepare a run; it waits paused."""
        self._begin.emit(spec)

    def run(self) -> None:
        self._run.emit()

    def pause(self) -> None:
        self._pause.emit()

    def step(self, to_boundary: bool = False) -> None:
        self._step.emit(to_boundary)

    def stop(self) -> None:
        self._stop.emit()

    def discard(self) -> None:
        self._discard.emit()

    def set_speed(self, units_per_second: float | None) -> None:
        self._speed.emit(units_per_second)

    def watch(self, watching: bool) -> None:
        self._watch.emit(watching)

    def save(self, where: Path) -> None:
        self._save.emit(where)

    def close(self) -> None:
        """End the thread; returns when it has ended. Safe to call twice."""
        if self.thread_.isRunning():
            self._shut_down.emit()
            self.thread_.wait()

    @Slot(object, object)
    def _on_status(self, status: Status, failure: Failure | None) -> None:
        self.status = status
        self.status_changed.emit(status, failure)
