"""Which file an open project belongs to, and whether all of it is there: open.json in the folder in which it is worked on."""

import json
from dataclasses import dataclass
from pathlib import Path

from core.files import replacing

OPEN = "open.json"


@dataclass(frozen=True)
class Belongs:
    """What open.json says.

    Attributes:
        file: that the project is saved to; None where it has none yet.
        modified: whether there is something that was not saved.
        stamp: of the file as it was last read or written; nothing where there is none.
        when: seconds since 1970.
    """

    file: Path | None = None
    modified: bool = False
    stamp: tuple[int, ...] = ()
    when: float = 0.0


def stamp_of(file: Path) -> tuple[int, ...]:
    """Tells whether a file was written since; nothing where there is none."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size


def write(place: Path, belongs: Belongs) -> None:
    """Write open.json; OSError where that is not possible."""
    said = {"file": str(belongs.file) if belongs.file else None, "modified": belongs.modified, "stamp": belongs.stamp, "when": belongs.when}
    with replacing(place / OPEN) as file:
        file.write(json.dumps(said).encode(errors="replace"))


def read(place: Path) -> Belongs:
    """What open.json says; a project that was modified and has no file where it cannot be read."""
    try:
        said = json.loads((place / OPEN).read_text(encoding="utf-8"))
        file = Path(said["file"]) if said["file"] else None
        return Belongs(file, bool(said["modified"]), tuple(map(int, said["stamp"])), float(said["when"]))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return Belongs(modified=True)
