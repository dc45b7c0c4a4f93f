"""Locks that the system lets go of when a program ends, however it ends: who can have one knows that its owner is gone."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout


def had(file: Path) -> FileLock | None:
    """The lock of a file, held from now on; None where another program has it."""
    lock = FileLock(file, thread_local=False)  # whoever lets go of it may be another thread
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock


def orphaned(folder: Path) -> Iterator[tuple[Path, FileLock]]:
    """What stands beside the locks in a folder that nobody holds, with each lock, held from now on."""
    for file in folder.glob("*.lock"):
        lock = had(file)
        if lock is not None:
            yield file.with_name(file.name.removesuffix(".lock")), lock


def let_go(lock: FileLock) -> None:
    """Release a lock, and take its file away."""
    with suppress(OSError):  # Windows deletes no file that is open
        Path(lock.lock_file).unlink(missing_ok=True)
    lock.release()
    if os.name == "nt":
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
