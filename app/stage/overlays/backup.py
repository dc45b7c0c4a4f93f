"""The newest update on the map: the state and its action outlined, lines to the states that were looked up with their probabilities."""

import math

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen, QPolygonF

from app.stage.overlays import Overlay, Scene
from app.theme import theme

READABLE = 26
"""Pixels of a cell from which probabilities are written."""


def paint(painter: QPainter, scene: Scene) -> None:
    """Only while eyes can follow; a state that is pointed at always."""
    told, states = scene.aside.explanation, scene.grid.mdp.states
    if scene.aside.steady and told is not None and told.state is not None and told.state < states:
        following = [(state, weight) for state, weight in told.following if state < states]
        _frame(painter, scene, told.state, dashed=False)
        _paint_action(painter, scene, told.state, told.action)
        for state, _weight in following:
            _paint_line(painter, scene, told.state, state)
        for state, weight in following:
            if scene.place.cell >= READABLE:
                _paint_weight(painter, scene, state, weight)
    pointed = scene.aside.pointed
    if pointed is not None and pointed < states:
        painter.fillRect(_box(scene, pointed), theme.colour("accent", 70))
        _frame(painter, scene, pointed, dashed=True)


def _box(scene: Scene, state: int) -> QRectF:
    row, column = scene.grid.cell_of_state[state].tolist()
    return QRectF(*scene.place.corner(row, column), scene.place.cell, scene.place.cell)


def _frame(painter: QPainter, scene: Scene, state: int, dashed: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("accent"), max(2.0, min(scene.place.cell * 0.05, 4.0)), s=_style(dashed), j=Qt.PenJoinStyle.MiterJoin))
    painter.drawRect(_box(scene, state).adjusted(1, 1, -1, -1))


def _style(dashed: bool) -> Qt.PenStyle:
    return Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine


def _paint_action(painter: QPainter, scene: Scene, state: int, action: int | None) -> None:
    """A wedge at the side towards which the action goes; a ring for staying."""
    if action is None:
        return
    down, right = scene.ways[action]
    box, side = _box(scene, state), scene.place.cell
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    if not down and not right:
        painter.setPen(QPen(theme.colour("accent"), max(1.5, side * 0.05)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box.center(), side * 0.2, side * 0.2)
        return
    way = QPointF(right, down) / math.hypot(down, right)
    tip = box.center() + QPointF(right, down) * side * 0.5
    size = max(3.0, min(side * 0.2, 16.0))
    across = QPointF(-way.y(), way.x()) * size * 0.8
    painter.drawPolygon(QPolygonF([tip, tip - way * size + across, tip - way * size - across]))


def _paint_line(painter: QPainter, scene: Scene, state: int, following: int) -> None:
    """From the middle of a cell to the middle of another; a ring around a state that follows itself."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("accent"), max(1.2, min(scene.place.cell * 0.03, 2.5)), c=Qt.PenCapStyle.RoundCap))
    start, end = (QPointF(x, y) for x, y in scene.centres(np.array([state, following])).tolist())
    if state == following:
        painter.drawEllipse(start, scene.place.cell * 0.12, scene.place.cell * 0.12)
        return
    painter.drawLine(QLineF(start, end))
    painter.setBrush(theme.colour("accent"))
    dot = max(2.0, min(scene.place.cell * 0.06, 5.0))
    painter.drawEllipse(end, dot, dot)


def _paint_weight(painter: QPainter, scene: Scene, state: int, weight: float) -> None:
    """The probability, on a ground of its own in the lower right of the cell."""
    if weight >= 1.0 - 1e-12:
        return
    font, side = QFont(painter.font()), scene.place.cell
    font.setPixelSize(round(max(8.0, min(side * 0.17, 14.0 * theme.scale))))
    font.setBold(True)
    painter.setFont(font)
    text = f"{weight:.2g}"
    width, height = painter.fontMetrics().horizontalAdvance(text) + 6, painter.fontMetrics().height()
    corner = _box(scene, state).bottomRight()
    ground = QRectF(corner.x() - width - 1, corner.y() - height - 1, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    painter.drawRoundedRect(ground, 3, 3)
    painter.setPen(theme.colour("accent_text"))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)


OVERLAY = Overlay(
    "backup",
    "Newest update",
    "The state and action updated last, outlined, and the states whose values it looked up, with their probabilities; while a run is slow "
    "enough to follow, or holds still.",
    35,
    True,
    paint,
)
