"""A plot as a file: its picture, or the numbers behind it."""

import csv
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.text import tr
from core.history import Columns


def save_picture(widget: QWidget, path: Path, ratio: float = 2.0) -> None:
    """Write what the widget shows as PNG, `ratio` pixels for each of its own; OSError where that fails."""
    pixmap = QPixmap(widget.size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(widget.palette().color(widget.backgroundRole()))
    widget.render(pixmap, QPoint())
    if not pixmap.save(str(path), "PNG"):
        raise OSError(tr("{path} cannot be written", path=path))


def save_table(columns: Columns, path: Path) -> None:
    """Write every column as CSV, one row each, numbers in full; OSError where that fails."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*(column.tolist() for column in columns.values()), strict=True))
