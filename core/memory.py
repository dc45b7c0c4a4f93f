"""How much memory this process may use: what the machine has, or less where it is in a container or another control group.

psutil does not look at control groups (https://github.com/giampaolo/psutil/issues/2100). Both versions of them are read here: each group
that the process is in, up to the one at the root of what is mounted, which is a container's own.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

MOUNTED = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
"""A line for each hierarchy: number, controllers, path. The number of version 2 is 0."""


class Names(NamedTuple):
    """Of a group's files, and of a line in its memory.stat: files in memory that can be read again, and so are as good as free."""

    limit: str
    used: str
    cached: str


FIRST = Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
SECOND = Names("memory.max", "memory.current", "inactive_file")


def usable_memory() -> int:
    """Bytes that this process may use, together with the others of its group."""
    return min([psutil.virtual_memory().total, *(limit for limit, _, _ in _limits())])


def free_memory() -> int:
    """Bytes of them that nobody uses now."""
    there = psutil.virtual_memory().available
    for limit, group, names in _limits():
        there = min(there, limit)
        with suppress(OSError, ValueError):
            stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
            used = int((group / names.used).read_text()) - int(stat.get(names.cached, 0))
            there = min(there, max(limit - used, 0))
    return there


def _limits() -> Iterator[tuple[int, Path, Names]]:
    """Bytes that a group may use, its folder and what is called how there, for each that has a limit."""
    for group, names in _groups():
        with suppress(OSError, ValueError):
            yield int((group / names.limit).read_text()), group, names


def _groups() -> Iterator[tuple[Path, Names]]:
    try:
        lines = MEMBERSHIP.read_text().splitlines()
    except OSError:
        return
    for number, controllers, path in (line.split(":", 2) for line in lines):
        inner = Path(path.lstrip("/"))
        for group in (inner, *inner.parents):
            if number == "0":
                yield MOUNTED / group, SECOND
            elif "memory" in controllers.split(","):
                yield MOUNTED / "memory" / group, FIRST
