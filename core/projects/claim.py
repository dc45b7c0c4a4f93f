"""Who may write a project's file: one studio at a time holds the lock beside it, and the system lets go of it when that studio ends."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from filelock import FileLock

from core.locks import had, let_go


class Access(Enum):
    """What may be done with a project's file."""

    ours = "ours"
    taken = "taken"
    """Another studio has it open."""
    fixed = "fixed"
    """It, or its folder, cannot be written."""


@dataclass(frozen=True, eq=False)
class Claim:
    """What was found: whether the file may be written from now on, and the lock that keeps others from it."""

    access: Access
    lock: FileLock | None = None

    def give_up(self) -> None:
        """Others may write it."""
        if self.lock is not None:
            let_go(self.lock)


def claim(file: Path) -> Claim:
    """Ask for a project's file, which need not be there yet. A lock that a studio which broke down has left is taken over."""
    if file.exists() and not _writable(file):
        return Claim(Access.fixed)
    try:
        lock = had(file.with_name(f".{file.name}.lock"))
    except NotImplementedError:
        return Claim(Access.ours)  # a file system without locks: what others change is noticed when it is saved
    except OSError:
        return Claim(Access.fixed)
    return Claim(Access.ours, lock) if lock is not None else Claim(Access.taken)


def _writable(file: Path) -> bool:
    try:
        with file.open("r+b"):
            return True
    except OSError:
        return False
