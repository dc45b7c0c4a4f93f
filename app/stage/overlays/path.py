"""The way of the present episode as a faint line through the cells, from where it began to where the agent stands."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from app.stage.overlays import Overlay, Scene
from app.theme import theme


def paint(painter: QPainter, scene: Scene) -> None:
    """A line for each step from a cell to another, however often it was taken, and a dot where the way begins.

    As one path it would take seconds: lines that cross one another are dear to fill.
    """
    trail = scene.aside.trail
    if trail is None or len(trail.states) < 2:
        return
    steps = np.unique(np.sort(np.stack([trail.states[:-1], trail.states[1:]], axis=1), axis=1), axis=0)
    ends = np.concatenate([scene.centres(steps[:, 0]), scene.centres(steps[:, 1])], axis=1)[steps[:, 0] != steps[:, 1]]
    width = max(1.5, min(scene.place.cell * 0.06, 5.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("agent", 100), width, c=Qt.PenCapStyle.FlatCap))
    painter.drawLines([QLineF(*line) for line in ends.tolist()])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("agent", 130))
    painter.drawEllipse(QPointF(*scene.centres(trail.states[:1])[0]), 1.6 * width, 1.6 * width)


OVERLAY = Overlay(
    "path",
    "Path of the episode",
    "The states that the agent came through in this episode, the last 500 at most; while a run is slow enough to follow, or holds still.",
    25,
    True,
    paint,
)
