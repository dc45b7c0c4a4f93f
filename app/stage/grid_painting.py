"""Paints a grid world: grounds and colours of cells, signs, overlays, what is marked or would be drawn, and the legend."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.stage.overlays import Scene
from app.stage.preview import frame, paint_preview
from app.theme import theme

if TYPE_CHECKING:
    from app.stage.grid_view import GridView


def paint_grid(view: "GridView", dirty: QRect) -> None:
    """Paint what lies in a part of the view."""
    painter, place = QPainter(view), view.place
    painter.fillRect(dirty, theme.colour("stage"))
    painter.fillRect(QRectF(place.left, place.top, place.cell * place.columns, place.cell * place.rows), theme.colour("cell"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scene = scene_of(view, place.visible(dirty.width(), dirty.height(), dirty.x(), dirty.y()))
    _overlays(view, painter, scene, below=True)
    view.ground.draw(painter, view.world, place, view.width(), view.height(), view.devicePixelRatioF())
    _overlays(view, painter, scene, below=False)
    _marks(view, painter)
    view.legend.paint(painter, scene)
    painter.end()


def scene_of(view: "GridView", window: tuple[int, int, int, int]) -> Scene | None:
    """What overlays tell of the cells in a window; None where nothing is known of them."""
    grid = view.known_grid()
    if grid is None or view.snapshot is None:
        return None
    shown, layer = frozenset(view.shown), view.layer_shown(grid)
    screen = (view.width(), view.height()), view.devicePixelRatioF()
    return Scene(view.world, grid, view.snapshot, view.place, view.span, window, shown, layer, view.aside, view.legend.ranges, screen)


def _overlays(view: "GridView", painter: QPainter, scene: Scene | None, below: bool) -> None:
    """Those below the signs of cells, or those above."""
    if scene is not None:
        if below:
            scene.paint_shade(painter)
        for overlay in view.legend.on:
            if overlay.paint is not None and (overlay.order < 20) == below:
                overlay.paint(painter, scene)


def _marks(view: "GridView", painter: QPainter) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if view.preview is not None:
        paint_preview(painter, view.preview, view.world, view.place)
    if view.marked and view.region is None:
        painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
        for cell in view.marked:
            painter.drawRect(view.rect_of(*cell))
    if view.region is not None:
        frame(painter, view.region, view.place)
    if view.at is not None:
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(view.rect_of(*view.at))
