"""Edits that are not saved yet, on disk: one file for each studio that is open.

A studio holds the lock beside its file, and the system lets go of it when the studio ends, however it ends. So a file whose lock can be
had was left behind by one that did not come to its end, and is offered to the next; one with a lock belongs to a studio beside this one.
"""

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from filelock import FileLock

from core.errors import WorldError
from core.files import replacing, sweep
from core.locks import had, let_go
from core.worlds.world import World, compact, parse

FORMAT = 1


@dataclass(frozen=True)
class Draft:
    """An edited world.

    Attributes:
        world: as it was last.
        name: library name or file name that it was opened from.
        path: the file it belongs to; None where it has none.
        when: seconds since 1970 of the last edit.
    """

    world: World
    name: str
    path: Path | None
    when: float = field(default_factory=time.time)


@dataclass(frozen=True, eq=False)
class Left:
    """A draft that was left behind; held by its lock until it is discarded or the studio ends."""

    draft: Draft
    file: Path
    lock: FileLock


class Drafts:
    """The drafts in a folder, of which one is this studio's own.

    Args:
        folder: made where it is missing.

    Raises:
        OSError: where the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.file = folder / f"{uuid4().hex}.json"
        self.lock = FileLock(self.file.with_suffix(".lock"))
        self.lock.acquire()
        self.held: list[Left] = []

    def keep(self, draft: Draft) -> None:
        """Write this studio's draft in the place of the one before; OSError where that is not possible."""
        head = {"format": FORMAT, "name": draft.name, "path": str(draft.path) if draft.path else None, "when": draft.when}
        with replacing(self.file) as file:
            file.write(f'{json.dumps(head)[:-1]}, "world": {compact(draft.world)}}}'.encode())

    def clear(self) -> None:
        """There is nothing unsaved."""
        self.file.unlink(missing_ok=True)

    def left(self) -> list[Left]:
        """Drafts left behind, the newest first; those of studios that are open are not among them. What is damaged is set aside.
        What cannot be read now waits for another start."""
        sweep(self.folder, ".")
        for file in self.folder.glob("*.json"):
            if file == self.file or any(file == other.file for other in self.held):
                continue
            lock = had(file.with_suffix(".lock"))
            if lock is None:
                continue
            draft = None
            with suppress(OSError):
                draft = _read(file)
                if draft is None:
                    file.replace(file.with_suffix(".damaged"))
            if draft is None:
                let_go(lock)
            else:
                self.held.append(Left(draft, file, lock))
        for stray in self.folder.glob("*.lock"):
            if not stray.with_suffix(".json").exists() and stray != Path(self.lock.lock_file):
                lock = had(stray)
                if lock is not None:
                    let_go(lock)
        return sorted(self.held, key=lambda left: -left.draft.when)

    def discard(self, left: Left) -> None:
        """Delete a draft that was left behind: it was restored, or is not wanted."""
        left.file.unlink(missing_ok=True)
        let_go(left.lock)
        self.held.remove(left)

    def close(self) -> None:
        """This studio ends as it should: nothing of it is left behind. Drafts of others stay for the next."""
        self.clear()
        let_go(self.lock)
        for left in self.held:
            left.lock.release()
        self.held.clear()


def _read(file: Path) -> Draft | None:
    """None where it is damaged; OSError where it cannot be read now."""
    try:
        values = json.loads(file.read_bytes())
        world = parse(json.dumps(values["world"]), str(file))
        return Draft(world, str(values["name"]), Path(values["path"]) if values["path"] else None, float(values["when"]))
    except (ValueError, LookupError, TypeError, RecursionError, WorldError):
        return None
