"""The grid itself: walls, lines and signs that can be told apart without colour. Painted once, kept until it changes."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap

from app.stage.hit import Placement
from app.stage.overlays.numbers import fitted
from app.theme import theme
from core.worlds.grid import Cell, GridWorld

LARGE = 34
"""Pixels of a cell from which rewards are written."""


def ground(world: GridWorld, place: Placement, width: int, height: int, ratio: float) -> QPixmap:
    """A transparent picture of everything that does not depend on what was learnt."""
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    first_row, end_row, first_column, end_column = place.visible(width, height)
    walls = QPainterPath()
    for row in range(first_row, end_row):
        for column in range(first_column, end_column):
            sign = world.map[row][column]
            if sign != Cell.floor or f"{row},{column}" in world.rewards:
                box = QRectF(*place.corner(row, column), place.cell, place.cell)
                if sign == Cell.wall:
                    walls.addRect(box)
                else:
                    cell_sign(painter, Cell(sign), world, box, world.reward(row, column))
    painter.fillPath(walls, theme.colour("wall"))
    if place.cell >= 5:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.colour("grid"), 1))
        right, bottom = place.left + place.columns * place.cell, place.top + place.rows * place.cell
        lines = [QLineF(place.left + c * place.cell, place.top, place.left + c * place.cell, bottom) for c in range(place.columns + 1)]
        lines += [QLineF(place.left, place.top + r * place.cell, right, place.top + r * place.cell) for r in range(place.rows + 1)]
        painter.drawLines(lines)
    painter.end()
    return pixmap


def cell_sign(painter: QPainter, cell: Cell, world: GridWorld, box: QRectF, reward: float | None = None) -> None:
    """Draw what a cell is into `box`: flag, hatching, ring; with its reward, or that of its kind, where there is room."""
    painter.save()
    side = box.width()
    ends = cell is Cell.goal or (cell is Cell.trap and world.traps_end)
    if cell is Cell.wall:
        painter.fillRect(box, theme.colour("wall"))
    elif cell in (Cell.goal, Cell.trap):
        colour = theme.colour("goal" if cell is Cell.goal else "trap")
        if ends:
            painter.fillRect(box, theme.colour("goal" if cell is Cell.goal else "trap", 46))
        if cell is Cell.trap:
            painter.fillRect(box, QBrush(theme.colour("trap", 120), Qt.BrushStyle.BDiagPattern))
        if reward is None:
            reward = world.goal_reward if cell is Cell.goal else world.trap_reward
        if side >= LARGE:
            flag = _flag if cell is Cell.goal else _cross
            flag(painter, QRectF(box.right() - side * 0.32, box.top() + side * 0.08, side * 0.24, side * 0.24), theme.colour(cell.name))
            if ends:
                fitted(painter, _signed(reward), box.center().x(), box.center().y() + side * 0.06, side * 0.7, bold=True)
            else:
                _corner_reward(painter, reward, box)
        elif side >= 8:
            (_flag if cell is Cell.goal else _cross)(painter, box.adjusted(side * 0.22, side * 0.18, -side * 0.22, -side * 0.18), colour)
        else:
            painter.fillRect(box, colour)
    elif cell is Cell.start:
        painter.setPen(QPen(theme.colour("start"), max(1.0, side / 60)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = max(1.5, side * 0.05)
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), side * 0.08, side * 0.08)
        if side >= LARGE:
            fitted(painter, "S", box.right() - side * 0.16, box.top() + side * 0.17, side * 0.5, bold=True)
    if reward and cell in (Cell.floor, Cell.start) and side >= LARGE:
        _corner_reward(painter, reward, box)
    painter.restore()


def _signed(reward: float) -> str:
    return f"{reward:+g}".replace("-", "−")


def _corner_reward(painter: QPainter, reward: float, box: QRectF) -> None:
    """Small at the right, beside what is written in the middle."""
    fitted(painter, _signed(reward), box.right() - box.width() * 0.2, box.top() + box.width() * 0.42, box.width() * 0.3)


def _flag(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, max(1.2, box.width() / 9), c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(box.topLeft() + QPointF(box.width() * 0.15, 0), box.bottomLeft() + QPointF(box.width() * 0.15, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    path = QPainterPath(box.topLeft() + QPointF(box.width() * 0.15, 0))
    path.lineTo(box.right(), box.top() + box.height() * 0.28)
    path.lineTo(box.left() + box.width() * 0.15, box.top() + box.height() * 0.56)
    painter.drawPath(path)


def _cross(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, max(1.4, box.width() / 6), c=Qt.PenCapStyle.RoundCap))
    inner = box.adjusted(box.width() * 0.1, box.height() * 0.1, -box.width() * 0.1, -box.height() * 0.1)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())
