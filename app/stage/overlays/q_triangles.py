"""Q(s, a) as wedges in each cell, one towards each side (and corner), coloured like the values; a disc in the middle for staying."""

import math

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.stage.lettering import fitted, short
from app.stage.overlays import VALUES, Overlay, Scene
from app.stage.overlays.numbers import crowded
from app.theme import theme
from core.worlds.grid import WAYS

SMALLEST = 12
DISC = 0.14
"""Radius of the disc for staying, as a share of the cell's side."""


def wedge(way: str, among: int) -> list[tuple[float, float]]:
    """The corners (x, y) of a move's wedge in a cell of side 1: the part of the cell that lies towards it.

    Args:
        way: the move.
        among: 4 or 8 moves.
    """
    down, right = WAYS[way]
    angle, half = math.atan2(down, right), math.pi / among
    corners = [angle - half, angle + half]
    if among == 8 and down and right:
        corners.insert(1, angle)
    return [(0.5, 0.5), *(_edge(corner) for corner in corners)]


def _edge(angle: float) -> tuple[float, float]:
    """Where a ray from the middle meets the edge."""
    across, down = math.cos(angle), math.sin(angle)
    scale = 0.5 / max(abs(across), abs(down))
    return 0.5 + across * scale, 0.5 + down * scale


def text_at(way: str, among: int) -> tuple[float, float]:
    """Where a move's number stands in a cell of side 1."""
    down, right = WAYS[way]
    far = 0.36 if among == 8 else 0.3
    return 0.5 + right * far, 0.5 + down * (far if right else 0.33) + (0.06 if not down else 0.0)


def paint(painter: QPainter, scene: Scene) -> None:
    """Wedges where cells are large enough, numbers where they are larger still."""
    q, place = scene.snapshot.q, scene.place
    if q is None or place.cell < SMALLEST:
        return
    table = theme.value_table()
    side = place.cell
    ways = [name if name in WAYS else None for name in scene.world.actions]
    among = 8 if any(name and " " in name for name in ways) else 4
    shapes = [None if way is None else [QPointF(x * side, y * side) for x, y in wedge(way, among)] for way in ways]
    for state in scene.seen():
        if np.isnan(q[state]).all():
            continue
        corner = QPointF(*place.corner(*scene.grid.cell_of_state[state]))
        painter.setPen(QPen(theme.colour("grid"), 1))
        for action, shape in sorted(enumerate(shapes), key=lambda pair: pair[1] is None):
            if np.isnan(q[state, action]):
                continue
            painter.setBrush(QBrush(QColor(*table[int(scene.tint(q[state, action]) * 255)])))
            if shape is None:
                painter.drawEllipse(corner + QPointF(side / 2, side / 2), DISC * side, DISC * side)
            else:
                painter.drawPolygon(QPolygonF([corner + point for point in shape]))
        if crowded(scene):
            best = np.nanmax(q[state])
            for action, way in enumerate(ways):
                if not np.isnan(q[state, action]):
                    across, down = (0.5, 0.5) if way is None else text_at(way, among)
                    value = q[state, action]
                    width = side * (0.3 if among == 4 else 0.22)
                    fitted(painter, short(value), corner.x() + across * side, corner.y() + down * side, width, bold=bool(value == best))


OVERLAY = Overlay(
    "q",
    "Action values",
    "Q(s, a): the return expected after each move, as a wedge towards it; a disc is staying.",
    10,
    False,
    paint,
    scale=VALUES,
    place="cell",
)
