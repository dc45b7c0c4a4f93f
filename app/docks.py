"""The panels around the stage: where they stand at first, and how much room they need."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from app.text import tr
from app.theme import theme

LEAST = 150, 280
"""Pixels of width that the panels left and right need at a text scale of 1."""
WIDTHS = 240, 310
"""Pixels of width that they have at first, at the same scale."""


def make_docks(window: QMainWindow, library: QWidget, inspector: QWidget, below: QWidget) -> tuple[QDockWidget, ...]:
    """The panels of a window, left, right and below."""
    panels = (("library", tr("Library"), library), ("inspector", tr("Inspector"), inspector), ("below", tr("Measurements"), below))
    docks = []
    for name, title, panel in panels:
        dock = QDockWidget(title, window)
        dock.setObjectName(name)
        dock.setWidget(panel)
        docks.append(dock)
    window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
    window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
    return tuple(docks)


def reset_docks(window: QMainWindow, docks: tuple[QDockWidget, ...]) -> None:
    """Put every panel where it is at first."""
    areas = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea)
    for dock, area in zip(docks, areas, strict=True):
        dock.setFloating(False)
        window.addDockWidget(area, dock)
        dock.show()
    window.resizeDocks(docks[:2], [round(width * theme.scale) for width in WIDTHS], Qt.Orientation.Horizontal)
    window.resizeDocks(docks[2:], [round(min(250 * theme.scale, window.height() / 3))], Qt.Orientation.Vertical)


def scale_docks(docks: tuple[QDockWidget, ...]) -> None:
    """Give the panels the room that text of the present size needs."""
    for dock, width in zip(docks[:2], LEAST, strict=True):
        dock.widget().setMinimumWidth(round(width * theme.scale))
