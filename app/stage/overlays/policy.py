"""The greedy policy as arrows, and discs for staying; where several actions are equally good, one for each."""

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.stage.overlays import Overlay, Scene
from app.theme import theme
from core.worlds.mdp import Floats

SMALLEST = 10
"""Pixels of a cell from which an arrow tells its way."""
FILLED = 22
"""Pixels of a cell from which arrow heads are filled; smaller arrows are drawn as one path of thin lines."""
TIE = 1e-9
"""Actions whose values differ by less than this share of the largest value count as equally good."""


def best_actions(q: Floats) -> NDArray[np.bool_]:
    """[S, A] which actions are greedy in q [S, A]; none in a terminal state or where nothing but 0 is known of all of them."""
    known = np.where(np.isnan(q), -np.inf, q)
    best = known.max(axis=1, keepdims=True)
    greedy = (known >= best - TIE * max(1.0, float(np.nanmax(np.abs(q), initial=0.0)))) & np.isfinite(known)
    greedy[(q == 0).all(axis=1)] = False
    return greedy


def paint(painter: QPainter, scene: Scene) -> None:
    """An arrow in the middle of the cell, or several from it outward; a little raised where a number stands below."""
    q, place = scene.snapshot.q, scene.place
    if q is None or place.cell < SMALLEST:
        return
    states = scene.seen()
    state_of, action_of = np.nonzero(best_actions(q)[states])
    cells = scene.grid.cell_of_state[states[state_of]]
    lift = -0.1 * place.cell if place.cell >= 34 else 0.0
    middle = np.stack([place.left + (cells[:, 1] + 0.5) * place.cell, place.top + (cells[:, 0] + 0.5) * place.cell + lift], axis=1)
    length = min(place.cell * (0.26 if place.cell >= 34 else 0.45), 30.0)
    head = max(2.5, length * 0.45)
    ways = scene.ways[action_of][:, ::-1]
    _paint_staying(painter, middle[~ways.any(axis=1)], length * 0.28)
    going = ways.any(axis=1)
    state_of, middle, ways = state_of[going], middle[going], ways[going]
    ways = ways / np.hypot(ways[:, 0], ways[:, 1])[:, None]
    across = ways[:, ::-1] * (1.0, -1.0)
    alone = np.bincount(state_of, minlength=len(states))[state_of] == 1
    middle = middle - ways * (0.5 * length * alone)[:, None]
    tips, necks = middle + ways * length, middle + ways * (length - head)
    left, right = necks + across * head * 0.6, necks - across * head * 0.6
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("text"), max(1.0, place.cell / 30)))
    shaft_end = necks if place.cell >= FILLED else tips
    segments = [middle, shaft_end] if place.cell >= FILLED else [middle, shaft_end, tips, left, tips, right]
    points = np.stack(segments, axis=1).reshape(-1, 2)
    if len(points):
        painter.drawPath(arrayToQPath(points[:, 0].copy(), points[:, 1].copy(), connect="pairs"))
    if place.cell >= FILLED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        for corners in np.stack([tips, left, right], axis=1).tolist():
            painter.drawConvexPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


def _paint_staying(painter: QPainter, middles: Floats, radius: float) -> None:
    """A disc where staying is best."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("text"))
    for x, y in middles.tolist():
        painter.drawEllipse(QPointF(x, y), max(1.5, radius), max(1.5, radius))


OVERLAY = Overlay(
    "policy",
    "Policy arrows",
    "The greedy policy: the best action known in each cell. Several arrows are equally good.",
    30,
    True,
    paint,
    scale="π(s)",
    place="arrow",
)
