"""Q(s, a) as four triangles in each cell, coloured like the values."""

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.stage.overlays import Overlay, Scene
from app.stage.overlays.numbers import CROWDED, fitted, short
from app.theme import theme

CORNERS = ((0, 1), (1, 3), (3, 2), (2, 0))
"""The corners (top left, top right, bottom left, bottom right) at each action's side: up, right, down, left."""
TEXT_AT = ((0.5, 0.17), (0.8, 0.56), (0.5, 0.83), (0.2, 0.56))
SMALLEST = 12


def paint(painter: QPainter, scene: Scene) -> None:
    """Triangles where cells are large enough, numbers where they are larger still."""
    q, place = scene.snapshot.q, scene.place
    if q is None or place.cell < SMALLEST:
        return
    table = theme.value_table()
    painter.setPen(QPen(theme.colour("grid"), 1))
    for state in scene.seen():
        if np.isnan(q[state]).all():
            continue
        row, column = scene.grid.cell_of_state[state]
        x, y = place.corner(row, column)
        side = place.cell
        corners = [QPointF(x, y), QPointF(x + side, y), QPointF(x, y + side), QPointF(x + side, y + side)]
        middle = QPointF(x + side / 2, y + side / 2)
        for action, (first, second) in enumerate(CORNERS):
            if not np.isnan(q[state, action]):
                painter.setBrush(QBrush(QColor(*table[int(scene.tint(q[state, action]) * 255)])))
                painter.drawPolygon(QPolygonF([corners[first], corners[second], middle]))
        if side >= CROWDED:
            best = np.nanmax(q[state])
            for action, (across, down) in enumerate(TEXT_AT):
                if not np.isnan(q[state, action]):
                    value = q[state, action]
                    fitted(painter, short(value), x + across * side, y + down * side, side * 0.3, bold=bool(value == best))


OVERLAY = Overlay("q", "Action values", "Q(s, a): the return expected after each of the four moves.", 10, False, paint)
