"""Ends processes of environments that take longer than they may.

Time is counted in beats of a thread of its own, and one beat counts for at most twice its length: a machine that slept for an hour in
the middle of a step has not waited for an hour.
"""

import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

BEAT = 0.05
"""Seconds between two looks."""


class Watched(Protocol):
    """What can take too long."""

    def waited(self, seconds: float) -> None:
        """So much more time has gone by."""


class Watchdog:
    """Tells everything that is watched how time goes by, while there is any.

    Args:
        clock: seconds, from anywhere.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.watched: weakref.WeakSet[Watched] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._before = clock()

    def watch(self, one: Watched) -> None:
        """Begin to watch it."""
        with self._lock:
            self.watched.add(one)
            if self._thread is None:
                self._before = self.clock()
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()

    def leave(self, one: Watched) -> None:
        """Watch it no more."""
        with self._lock:
            self.watched.discard(one)

    def beat(self) -> None:
        """One look."""
        now = self.clock()
        seconds, self._before = min(now - self._before, 2 * BEAT), now
        for one in self._those():
            one.waited(seconds)

    def _those(self) -> list[Watched]:
        with self._lock:
            return list(self.watched)

    def _run(self) -> None:
        while True:
            time.sleep(BEAT)
            with self._lock:
                if not self.watched:
                    self._thread = None
                    return
            with suppress(MemoryError):  # it must not end with the machine's memory
                self.beat()


watchdog = Watchdog()
