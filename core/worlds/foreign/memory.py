"""How much memory a process takes, together with those that it has started.

Counted is what the system cannot have back for nothing, wherever it lies: on Linux anonymous and shared pages, also those that are swapped
out, but no mapped files; on Windows private bytes; on macOS resident pages, which those that it has compressed are not. Addresses that are
only reserved count nowhere: torch and numba reserve far more than they use, which is why the system's own limits (RLIMIT_AS, RLIMIT_DATA)
would not do.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from core.memory import usable_memory

SHARE = 4
"""Where nothing is said, a process may take one part in so many of the memory there is."""
LOOKS = 20
"""Looks of which one is thorough, and takes longer: it finds what was started meanwhile, and adds up."""
COUNTED = b"RssAnon:", b"RssShmem:", b"VmSwap:"
"""Lines of /proc/PID/status, in kB."""


def allowed(gib: float) -> int:
    """Bytes for a setting in GiB, of which 0 is a share of the memory there is."""
    return round(gib * 2**30) if gib else usable_memory() // SHARE


class Family:
    """A process and all that it has started.

    Args:
        number: of the process.
    """

    def __init__(self, number: int) -> None:
        self._number, self._looks = number, 0
        self._members: list[psutil.Process] = []

    def takes_more_than(self, most: int) -> bool:
        """Whether one of them, or, once in `LOOKS`, all together take more than so many bytes; False where the first has ended. What
        several share, as they do after a fork, counts once."""
        thorough = self._looks % LOOKS == 0
        self._looks += 1
        if thorough:
            try:
                first = psutil.Process(self._number)
                self._members = [first, *first.children(recursive=True)]
            except psutil.Error:
                return False
        each = self._each(_taken)
        return max(each, default=0) > most or (thorough and sum(each) > most and sum(self._each(_unshared)) > most)

    def _each(self, bytes_of: Callable[[psutil.Process], int]) -> list[int]:
        """Of those that have not ended."""
        found = []
        for process in self._members:
            with suppress(psutil.Error, OSError):
                found.append(bytes_of(process))
        return found


def _taken(process: psutil.Process) -> int:
    """Bytes of one process."""
    if sys.platform == "linux":
        lines = Path(f"/proc/{process.pid}/status").read_bytes().splitlines()
        return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(COUNTED))
    memory = process.memory_info()
    return memory.private if sys.platform == "win32" else memory.rss


def _unshared(process: psutil.Process) -> int:
    """The same with its part only of what it shares; takes long where that is much."""
    try:
        memory = process.memory_full_info()
    except psutil.AccessDenied:
        return _taken(process)
    return memory.pss + memory.swap if sys.platform == "linux" else memory.uss
