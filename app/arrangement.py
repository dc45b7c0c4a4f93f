"""How a window is arranged, as plain values: panels, tabs, views, plots, speed. What cannot be read in them stays as it is."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QTabWidget, QWidget

from app.window import Window

FORMAT = 1
AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "top": Qt.DockWidgetArea.TopDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


def arranged(window: Window) -> dict[str, Any]:
    """The arrangement of a window; sizes are shares of the window's."""
    return {
        "format": FORMAT,
        "panels": {dock.objectName(): _panel(window, dock) for dock in window.docks},
        "tabs": {name: _tab(tabs, pages) for name, (tabs, pages) in _tabs(window).items()},
        "views": window.stage.designer.chosen,
        "plots": window.plots.choices,
        "speed": window.transport.speed,
    }


def arrange(window: Window, said: dict[str, Any]) -> None:
    """Arrange a window so."""
    panels, tabs, views = _dict(said, "panels"), _dict(said, "tabs"), _dict(said, "views")
    for dock in window.docks:
        _put(window, dock, _dict(panels, dock.objectName()))
    for dock in window.docks:
        beside = _dict(panels, dock.objectName()).get("behind")
        for other in window.docks:
            if other is not dock and other.objectName() == beside and not dock.isFloating() and not other.isFloating():
                window.tabifyDockWidget(other, dock)
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
    said = {"area": area, "shown": not dock.isHidden(), "floating": dock.isFloating(), "size": round(share, 4)}
    return said | ({"behind": first[0]} if first else {})


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
