"""How a window is arranged, as plain values: size, panels, tabs, views, plots, speed, runs compared. What cannot be read in them stays as
it is.
"""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QTabWidget, QWidget

from app.dock_order import order_of, put_in_order
from app.window import Window

FORMAT = 1
LARGEST = 1 << 15
"""Pixels of a window at most."""
AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


def arranged(window: Window, home: Path | None = None) -> dict[str, Any]:
    """The arrangement of a window; its own size is in pixels, those of panels are shares of it.

    Args:
        window: which.
        home: the folder of runs, of which those are noted that are drawn to be compared.
    """
    return {
        "format": FORMAT,
        "window": {"width": window.width(), "height": window.height(), "maximized": window.isMaximized()},
        "panels": {dock.objectName(): _panel(window, dock) for dock in window.docks},
        "order": {area: order_of(_places(window, area)) for area in AREAS},
        "compared": [] if home is None else window.runs.compared(home),
        "tabs": {name: _tab(tabs, pages) for name, (tabs, pages) in _tabs(window).items()},
        "views": window.stage.designer.chosen,
        "plots": window.plots.choices,
        "speed": window.transport.speed,
    }


def arrange(window: Window, said: dict[str, Any], home: Path | None = None) -> None:
    """Arrange a window so, no larger than its screen; runs to be compared lie in `home`."""
    _resize(window, _dict(said, "window"))
    panels, tabs, views = _dict(said, "panels"), _dict(said, "tabs"), _dict(said, "views")
    for dock in window.docks:
        _put(window, dock, _dict(panels, dock.objectName()))
    for dock in window.docks:
        beside = _dict(panels, dock.objectName()).get("behind")
        for other in window.docks:
            if other is not dock and other.objectName() == beside and not dock.isFloating() and not other.isFloating():
                window.tabifyDockWidget(other, dock)
    for area in AREAS:
        standing = {dock.objectName(): dock for dock in window.docks if _stands(window, dock, area)}
        put_in_order(window, _dict(said, "order").get(area), standing)
    for way, side in ((Qt.Orientation.Horizontal, "width"), (Qt.Orientation.Vertical, "height")):
        _share(window, panels, way, side)
    for dock in window.docks:
        if _dict(panels, dock.objectName()).get("front") is True:
            dock.raise_()
    if home is not None:
        compared = said.get("compared")
        window.runs.compare_again(home, compared if isinstance(compared, list) else [])
    for name, (widget, pages) in _tabs(window).items():
        page = pages.get(str(tabs.get(name)))
        if page is not None and widget.isTabVisible(widget.indexOf(page)):
            widget.setCurrentWidget(page)
    window.stage.designer.choose({str(kind): [str(name) for name in names] for kind, names in views.items() if isinstance(names, list)})
    window.plots.recall(_dict(said, "plots"))
    speed = said.get("speed", "none")
    if speed is None or (isinstance(speed, int | float) and not isinstance(speed, bool)):
        window.transport.set_speed(speed)


def _panel(window: Window, dock: QDockWidget) -> dict[str, Any]:
    area = next((name for name, area in AREAS.items() if area == window.dockWidgetArea(dock)), "left")
    behind = [other.objectName() for other in window.tabifiedDockWidgets(dock)]
    first = [name for name in behind if name < dock.objectName()]
    share = dock.height() / window.height() if area in ("top", "bottom") else dock.width() / window.width()
    said = {"area": area, "shown": not dock.isHidden(), "floating": dock.isFloating(), "size": round(share, 4),
            "width": round(dock.width() / window.width(), 4), "height": round(dock.height() / window.height(), 4)}  # fmt: skip
    return said | ({"behind": first[0]} if first else {}) | ({"front": _is_in_front(dock)} if behind else {})


def _is_in_front(dock: QDockWidget) -> bool:
    """Of those that stand behind one another."""
    return not dock.visibleRegion().isEmpty()


def _stands(window: Window, dock: QDockWidget, area: str) -> bool:
    return window.dockWidgetArea(dock) == AREAS[area] and not dock.isFloating() and not dock.isHidden()


def _places(window: Window, area: str) -> dict[str, QRect]:
    """Where the docks of an area lie; of several behind one another, where the one in front does."""
    docks = [dock for dock in window.docks if _stands(window, dock, area)]
    return {dock.objectName(): dock.geometry() for dock in docks if not window.tabifiedDockWidgets(dock) or _is_in_front(dock)}


def _resize(window: Window, said: dict[str, Any]) -> None:
    width, height = said.get("width"), said.get("height")
    if said.get("maximized") is True:
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)
    elif isinstance(width, int) and isinstance(height, int) and 0 < width < LARGEST and 0 < height < LARGEST:
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMaximized)
        largest = window.screen().availableGeometry().size().expandedTo(window.size())
        window.resize(QSize(width, height).boundedTo(largest))


def _share(window: Window, panels: dict[str, Any], way: Qt.Orientation, side: str) -> None:
    """Give the docks their shares of one side of the window."""
    whole = window.width() if side == "width" else window.height()
    shares = {dock: _dict(panels, dock.objectName()).get(side) for dock in window.docks if not dock.isFloating() and not dock.isHidden()}
    sizes = {dock: round(share * whole) for dock, share in shares.items() if isinstance(share, float) and 0.02 < share < 1}
    for area in reversed(AREAS.values()):
        here = [dock for dock in sizes if window.dockWidgetArea(dock) == area]
        if here:
            window.resizeDocks(here, [sizes[dock] for dock in here], way)


def _put(window: Window, dock: QDockWidget, said: dict[str, Any]) -> None:
    area = AREAS.get(str(said.get("area")))
    if area is None:
        return
    dock.setFloating(False)
    window.addDockWidget(area, dock)
    dock.setVisible(said.get("shown") is not False)
    dock.setFloating(said.get("floating") is True)
    size = said.get("size")
    if isinstance(size, float) and 0.02 < size < 0.95 and not dock.isFloating():
        across = area in (AREAS["left"], AREAS["right"])
        whole, way = (window.width(), Qt.Orientation.Horizontal) if across else (window.height(), Qt.Orientation.Vertical)
        window.resizeDocks([dock], [round(size * whole)], way)


def _tabs(window: Window) -> dict[str, tuple[QTabWidget, dict[str, QWidget]]]:
    inspector = {"agent": window.agent, "world": window.world_panel, "update": window.explanation}
    below = {"plots": window.plots, "values": window.table, "slices": window.slices, "runs": window.runs}
    return {"inspector": (window.inspector, dict(inspector)), "below": (window.below, dict(below))}


def _tab(tabs: QTabWidget, pages: dict[str, QWidget]) -> str:
    return next((name for name, page in pages.items() if page is tabs.currentWidget()), "")


def _dict(said: dict[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}
