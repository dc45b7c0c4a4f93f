"""The panels around the stage: where they stand at first, and how much room they need."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from app.text import tr
from app.theme import theme

LEAST = {"library": 150, "inspector": 280}
"""Pixels of width that a panel needs at a text scale of 1."""
WIDTHS = {"library": 240, "inspector": 310}
"""Pixels of width that it has at first, at the same scale."""


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
    beside = [dock for dock in docks if dock.objectName() in WIDTHS]
    window.resizeDocks(beside, [round(WIDTHS[dock.objectName()] * theme.scale) for dock in beside], Qt.Orientation.Horizontal)
    window.resizeDocks([docks[-1]], [round(min(250 * theme.scale, window.height() / 3))], Qt.Orientation.Vertical)


def scale_docks(docks: tuple[QDockWidget, ...]) -> None:
    """Give the panels the room that text of the present size needs."""
    for dock in docks:
        if dock.objectName() in LEAST:
            dock.widget().setMinimumWidth(round(LEAST[dock.objectName()] * theme.scale))
