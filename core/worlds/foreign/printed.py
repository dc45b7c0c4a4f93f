"""What environments print: the last of it is kept, the rest is counted, so that endless printing fills nothing."""

import os
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

KEPT = 64 * 1024
"""Bytes that are kept of one process."""
PIECE = 16 * 1024
PROCESSES = 4
"""Processes of which it is kept, the newest ones."""


class Printed:
    """What one process prints, read in a thread of its own.

    Args:
        name: of the environment.
        connection: where it comes from; closed when it ends.

    Attributes:
        count: bytes so far.
    """

    def __init__(self, name: str, connection: "Connection") -> None:
        self.name, self.count = name, 0
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._connection = connection
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, name="printed", daemon=True)
        self._thread.start()
        _newest.append(self)

    @property
    def text(self) -> str:
        """The last of it."""
        with self._lock:
            data = b"".join(self._pieces)[-KEPT:]
        return data.decode("utf-8", "replace")

    def wait(self, seconds: float) -> None:
        """For what is still on its way when the process has ended."""
        self._thread.join(seconds)

    def _read(self) -> None:
        with self._connection, suppress(EOFError, OSError):
            while piece := self._piece():
                self._take(piece)

    def _piece(self) -> bytes:
        """What comes next; nothing, or an error, at the end."""
        if os.name == "nt":
            return self._connection.recv_bytes()  # there every write is a message, and the connection no file
        return os.read(self._connection.fileno(), PIECE)

    def _take(self, piece: bytes) -> None:
        with self._lock:
            self.count += len(piece)
            self._pieces.append(piece)
            self._held += len(piece)
            while self._held - len(self._pieces[0]) >= KEPT:
                self._held -= len(self._pieces.popleft())


_newest: deque[Printed] = deque(maxlen=PROCESSES)


def newest() -> tuple[Printed, ...]:
    """What the newest processes print, the oldest of them first."""
    return tuple(_newest)
