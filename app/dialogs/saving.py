"""Asks where a file is saved."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(parent: QWidget, title: str, base: str, kind: str, files: str = "") -> Path | None:
    """A file of a kind such as "png", which its name ends in whatever is typed; None where the person has none.

    `files` says what such files are, in words and with their pattern.
    """
    name, _ = QFileDialog.getSaveFileName(parent, title, f"{base}.{kind}", files or f"*.{kind}")
    if not name:
        return None
    return Path(name if name.lower().endswith(f".{kind}") else f"{name}.{kind}")
