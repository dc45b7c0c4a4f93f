"""Q(s, a) as wedges in each cell, one towards each side (and corner), coloured like the values; a disc in the middle for staying."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.stage.lettering import fitted, short
from app.stage.overlays import VALUES, Overlay, Scene
from app.stage.overlays.numbers import crowded
from app.stage.wedges import DISC, argb, mosaic, wedge
from app.theme import theme
from core.worlds.grid import WAYS
from core.worlds.mdp import Floats

SMALLEST = 12


def text_at(way: str, among: int) -> tuple[float, float]:
    """Where a move's number stands in a cell of side 1."""
    down, right = WAYS[way]
    far = 0.36 if among == 8 else 0.3
    return 0.5 + right * far, 0.5 + down * (far if right else 0.33) + (0.06 if not down else 0.0)


def paint(painter: QPainter, scene: Scene) -> None:
    """Wedges where cells are large enough, numbers where they are larger still."""
    q = scene.snapshot.q
    if q is None or scene.place.cell < SMALLEST:
        return
    if scene.screen is None:
        _paint_shapes(painter, scene, q)
    else:
        size, ratio = scene.screen
        places = (scene.tint(np.where(np.isnan(q), 0.0, q)) * 255).astype(np.intp)
        colours = np.where(np.isnan(q), np.uint32(0), argb(theme.value_table())[places])
        found = mosaic(scene.grid, scene.layer, scene.world.actions, scene.place, size, ratio, theme.colours.grid)
        found.paint(painter, colours.ravel(), ratio)
    if crowded(scene):
        _paint_numbers(painter, scene, q)


def _paint_shapes(painter: QPainter, scene: Scene, q: Floats) -> None:
    """One by one, for files that hold shapes."""
    table, place, side = theme.value_table(), scene.place, scene.place.cell
    ways, among = _ways(scene)
    shapes = [None if way is None else [QPointF(x * side, y * side) for x, y in wedge(way, among)] for way in ways]
    painter.setPen(QPen(theme.colour("grid"), 1))
    for state in scene.seen():
        corner = QPointF(*place.corner(*scene.grid.cell_of_state[state]))
        for action, shape in sorted(enumerate(shapes), key=lambda pair: pair[1] is None):
            if np.isnan(q[state, action]):
                continue
            painter.setBrush(QBrush(QColor(*table[int(scene.tint(q[state, action]) * 255)])))
            if shape is None:
                painter.drawEllipse(corner + QPointF(side / 2, side / 2), DISC * side, DISC * side)
            else:
                painter.drawPolygon(QPolygonF([corner + point for point in shape]))


def _paint_numbers(painter: QPainter, scene: Scene, q: Floats) -> None:
    """The value of each action in its wedge, the best one bold."""
    side, states = scene.place.cell, scene.seen()
    ways, among = _ways(scene)
    places = np.array([(0.5, 0.5) if way is None else text_at(way, among) for way in ways])
    values = q[states]
    best = values == np.fmax.reduce(values, axis=1, keepdims=True)
    cell, action = np.nonzero(~np.isnan(values))
    middles = scene.centres(states)[cell] + (places[action] - 0.5) * side
    width = side * (0.3 if among == 4 else 0.22)
    for value, bold, (x, y) in zip(values[cell, action].tolist(), best[cell, action].tolist(), middles.tolist(), strict=True):
        fitted(painter, short(value), x, y, width, bold)


def _ways(scene: Scene) -> tuple[list[str | None], int]:
    """The name of each action that goes somewhere, None for staying; among how many moves."""
    ways = [name if name in WAYS else None for name in scene.world.actions]
    return ways, 8 if any(name and " " in name for name in ways) else 4


OVERLAY = Overlay(
    "q",
    "Action values",
    "Q(s, a): the return expected after each move, as a wedge towards it; a disc is staying.",
    10,
    False,
    paint,
    scale=VALUES,
    place="cell",
    symbol="Q(s, a)",
)
