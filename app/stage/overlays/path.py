"""The way of the present episode as a faint line through the cells, from where it began to where the agent stands."""

from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from app.stage.overlays import Overlay, Scene
from app.theme import theme


def paint(painter: QPainter, scene: Scene) -> None:
    """One line, and a dot where it begins."""
    trail = scene.aside.trail
    if trail is None or len(trail.states) < 2:
        return
    points, width = scene.centres(trail.states), max(1.5, min(scene.place.cell * 0.06, 5.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("agent", 100), width, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(arrayToQPath(points[:, 0].copy(), points[:, 1].copy()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("agent", 100))
    painter.drawEllipse(QPointF(*points[0]), 1.6 * width, 1.6 * width)


OVERLAY = Overlay(
    "path",
    "Path of the episode",
    "The states that the agent came through in this episode, the last 500 at most; while a run is slow enough to follow, or holds still.",
    25,
    True,
    paint,
)
