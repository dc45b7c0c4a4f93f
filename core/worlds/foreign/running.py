"""The processes of environments that there are now, so that other threads can end those that keep everybody waiting."""

from typing import Protocol
from weakref import WeakSet

PATIENCE = 0.3
"""Seconds for which an answer may be waited for when nobody needs it any more."""


class Running(Protocol):
    """A process, as others see it."""

    owner: int

    @property
    def keeps_waiting(self) -> float: ...

    def abandon(self) -> None: ...


hosts: WeakSet[Running] = WeakSet()


def abandon(owner: int) -> None:
    """End the processes that keep a thread, by its identifier, waiting; from any thread."""
    for host in list(hosts):
        if host.owner == owner and host.keeps_waiting > PATIENCE:
            host.abandon()
