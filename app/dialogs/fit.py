"""How large a dialog is at first: as its texts need, and no larger than the screen."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

FRAME = QSize(40, 60)
"""Pixels of the screen that are left to what the desktop draws."""


def begin_at(dialog: QDialog, size: QSize) -> None:
    """Give a dialog so many pixels, as far as the screen goes."""
    dialog.resize(size.boundedTo(dialog.screen().availableSize() - FRAME))


def fit(dialog: QDialog, spare: int = 0) -> None:
    """Make a dialog so high that all in it has room at its width, and so many pixels higher, as far as the screen goes. Qt itself stops at
    two thirds of it, and then wrapped lines lie over one another.
    """
    layout = dialog.layout()
    if layout is None:
        return
    layout.activate()
    least = layout.totalMinimumSize()
    width = dialog.width() if dialog.isVisible() else max(dialog.minimumWidth(), least.width())
    high = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
    begin_at(dialog, QSize(width, max(high, least.height()) + spare))
