"""The processes of environments that there are now, so that other threads can end those that keep everybody waiting, or have the
learner hold still once the step at hand is done.
"""

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
        held: whether its owner should hold still between two steps.
    """

    owner: int
    held: bool

    @property
    def keeps_waiting(self) -> float: ...

    def abandon(self) -> None: ...


hosts: WeakSet[Running] = WeakSet()


def abandon(owner: int) -> None:
    """End the processes that keep a thread, by its identifier, waiting; from any thread."""
    for host in list(hosts):
        if host.owner == owner and host.keeps_waiting > PATIENCE:
            host.abandon()


def hold(owner: int, on: bool) -> None:
    """Have a thread hold still between two steps of its environments, or go on; from any thread."""
    for host in list(hosts):
        if host.owner == owner:
            host.held = on


def waits(owner: int) -> bool:
    """Whether a thread has been waiting for an environment for a while."""
    return any(host.owner == owner and host.keeps_waiting >= LONG for host in list(hosts))
