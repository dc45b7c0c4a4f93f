"""Where runs go that are deleted: the system's trash, and where there is none, one beside the runs."""

from pathlib import Path

from PySide6.QtCore import QFile

from core.runs import library


def to_trash(folder: Path) -> Path:
    """Move a folder to the trash; where it is now, so that it can be put back. OSError where that is not possible."""
    file = QFile(str(folder))
    return Path(file.fileName()) if file.moveToTrash() and file.fileName() else library.set_aside(folder)


def put_back(trashed: Path, folder: Path) -> None:
    """Undo that; OSError where the place is taken or gone."""
    library.put_back(trashed, folder)
    (trashed.parents[1] / "info" / f"{trashed.name}.trashinfo").unlink(missing_ok=True)  # as freedesktop.org's trash keeps it
