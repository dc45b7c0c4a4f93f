"""What a person says of a kept run: a name, tags and a note, in a file beside it that saving the run leaves alone."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import RunError
from core.files import replacing

FILE = "notes.json"


@dataclass(frozen=True)
class Notes:
    """What is said of a run; false where that is nothing."""

    name: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.tags or self.note)


def read(folder: Path) -> Notes:
    """What is said of the run in a folder; nothing where the file cannot be read."""
    try:
        said = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Notes(str(said.get("name", "")), tuple(str(tag) for tag in said.get("tags", ())), str(said.get("note", "")))
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return Notes()


def write(folder: Path, notes: Notes) -> None:
    """Say something else of it; RunError where the folder cannot be written."""
    try:
        if notes:
            with replacing(folder / FILE) as file:
                file.write(json.dumps(asdict(notes), indent=1, ensure_ascii=False).encode())
        else:
            (folder / FILE).unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"the note cannot be written ({error.strerror})", where=str(folder)) from error


def tags_of(text: str) -> tuple[str, ...]:
    """Tags as they are typed, between commas; each once, in order."""
    return tuple(dict.fromkeys(filter(None, (" ".join(tag.split()) for tag in text.split(",")))))
