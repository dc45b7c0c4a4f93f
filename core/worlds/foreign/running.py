"""The processes of environments that there are now, so that other threads can end those that keep everybody waiting, or have the
learner hold still once the step at hand is done.
"""

import threading
from typing import Protocol
from weakref import WeakSet

PATIENCE = 0.3
"""Seconds for which an answer may be waited for when nobody needs it any more."""
BUSY = "The environment is still at its step: the run holds still, and takes the step in once it is done"
LONG = 0.05
"""Seconds of waiting for an answer after which somebody who is not obeyed is told so."""


class Running(Protocol):
    """A process, as others see it.

    Attributes:
        owner: identifier of the thread that asks it.
        held: whether its owner should hold still between two steps.
    """

    owner: int
    held: bool

    @property
    def keeps_waiting(self) -> float: ...

    def abandon(self) -> None: ...


_running: WeakSet[Running] = WeakSet()
_lock = threading.RLock()  # a signal's handler may look while its own thread does


def enter(process: Running) -> None:
    """There is one more."""
    with _lock:
        _running.add(process)


def leave(process: Running) -> None:
    """It has ended."""
    with _lock:
        _running.discard(process)


def processes() -> list[Running]:
    """All of them."""
    with _lock:
        return list(_running)


def abandon(owner: int) -> None:
    """End the processes that keep a thread, by its identifier, waiting; from any thread."""
    for process in processes():
        if process.owner == owner and process.keeps_waiting > PATIENCE:
            process.abandon()


def hold(owner: int, on: bool) -> None:
    """Have a thread hold still between two steps of its environments, or go on; from any thread."""
    for process in processes():
        if process.owner == owner:
            process.held = on


def waits(owner: int) -> bool:
    """Whether a thread has been waiting for an environment for a while."""
    return any(process.owner == owner and process.keeps_waiting >= LONG for process in processes())
