"""A mailbox with one slot: the writer never waits, the reader gets the newest."""

from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Holds the newest value put into it until it is taken."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._value: T | None = None

    @property
    def empty(self) -> bool:
        return self._value is None

    def put(self, value: T) -> None:
        """Replace what was there."""
        with self._lock:
            self._value = value

    def take(self) -> T | None:
        """What was put last; None if it was taken already."""
        with self._lock:
            value, self._value = self._value, None
            return value
