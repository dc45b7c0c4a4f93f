"""Projects that were open when their studios broke down: what of them was not saved is offered to the next."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock

from core.errors import ProjectError
from core.locks import let_go, orphaned
from core.projects import belongs
from core.projects.belongs import Belongs
from core.projects.claim import Access, Claim, claim
from core.projects.project import as_saved, changed
from core.projects.workspace import Workspace, half
from core.runs import notes


@dataclass(frozen=True, eq=False)
class Left:
    """The folder of a project, with something that was not saved; held by its lock until it is opened or discarded."""

    place: Path
    lock: FileLock
    belongs: Belongs

    @property
    def name(self) -> str:
        """The project's file, else its name; nothing where it has neither."""
        return self.belongs.file.name if self.belongs.file else notes.read(self.place).name

    def opened(self) -> Workspace:
        """Go on with it; where its file is another's by now, it belongs to none."""
        claimed = claim(self.belongs.file) if self.belongs.file else Claim(Access.ours)
        said = replace(self.belongs, modified=True)
        if claimed.access is not Access.ours:
            said, claimed = replace(said, file=None), Claim(Access.ours)
        belongs.write(self.place, said)
        return Workspace(self.place, self.lock, said, claimed)

    def discard(self) -> None:
        """It is not wanted."""
        for folder in (self.place, half(self.place)):
            shutil.rmtree(folder, ignore_errors=True)
        let_go(self.lock)


def left(home: Path) -> list[Left]:
    """Projects left behind with something that was not saved, the newest first; what was saved is cleared away."""
    found = []
    for place, lock in orphaned(home):
        each = Left(place, lock, belongs.read(place))
        if place.is_dir() and _unsaved(each):
            found.append(each)
        else:
            each.discard()
    return sorted(found, key=lambda each: -each.belongs.when)


def _unsaved(left: Left) -> bool:
    """Whether the folder holds what the file does not."""
    file, modified = left.belongs.file, left.belongs.modified
    there = file is not None and file.exists()
    if (modified or not there) and not (any(left.place.glob("worlds/*.json")) or any(left.place.glob("runs/*/run.json"))):
        return False
    if file is None or not there:
        return True
    try:
        return not as_saved(left.place, file) if modified else bool(changed(left.place))
    except (OSError, ProjectError):
        return True
