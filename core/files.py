"""Writing a file so that it is either the old one or the new one, never half of it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

STALE = 10
"""Seconds after which a temporary neighbour whose process is gone is swept away."""


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A temporary neighbour to write to; flushed to disk, it takes the place of `target` if all went well, else it goes away.

    What a process that was killed has left beside it is swept away.
    """
    sweep(target.parent, f".{target.name}.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _flush_folder(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sweep(folder: Path, beginning: str) -> None:
    """Delete temporary neighbours, with names of that beginning, that processes which are gone have left in a folder."""
    import psutil

    try:
        neighbours = list(folder.iterdir())  # no glob: Python keeps hundreds of patterns that it has compiled, and each save brings another
    except OSError:
        return
    for stray in neighbours:
        if not (stray.name.startswith(beginning) and stray.suffix == ".tmp"):
            continue
        process = stray.name.split(".")[-2]
        try:
            if process.isdecimal() and not psutil.pid_exists(int(process)) and time.time() - stray.stat().st_mtime > STALE:
                stray.unlink()
        except OSError:
            continue  # another process was faster


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
