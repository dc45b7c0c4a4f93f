"""Where runs go that are deleted: the system's trash, and where there is none, one beside the runs."""

from pathlib import Path

from PySide6.QtCore import QFile

from core.runs.library import set_aside


def to_trash(folder: Path) -> Path:
    """Move a folder to the trash; where it is now, so that it can be put back. OSError where that is not possible."""
    moved, place = QFile.moveToTrash(str(folder))
    return Path(place) if moved and place else set_aside(folder)
