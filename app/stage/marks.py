"""What is said of a single cell or side beyond its kind: rewards, slips, winds, start weights, fences."""

from collections.abc import Mapping

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.stage.hit import Placement
from app.stage.lettering import fitted, width_of, written
from app.stage.signs import LARGE
from app.theme import theme
from core.worlds.grid import WAYS, Cell, GridWorld
from core.worlds.grid_names import wind_of

MARKED = 14
"""Pixels of a cell from which it is marked that something is said of it."""
ARROWED = 6
"""Pixels of a cell from which fences have arrows."""


def signed(reward: float) -> str:
    """A reward with its sign, where it has one."""
    return f"{reward:+g}".replace("-", "−") if reward else "0"


def percent(slip: float) -> str:
    """A slip as it is written into a cell."""
    return f"{100 * slip:.3g} %"


def draw_reward(painter: QPainter, cell: Cell, reward: float, world: GridWorld, box: QRectF) -> None:
    """In the middle of what ends the episode, small at the right of other cells; a sign alone where there is little room."""
    side = box.width()
    ends = world.ends(cell)
    if side >= LARGE and ends:
        fitted(painter, signed(reward), box.center().x(), box.center().y() + side * 0.06, side * 0.7, bold=True)
    elif side >= LARGE:
        text = signed(reward)
        size = min(side * 0.19, side * 0.62 / len(text), 22 * theme.scale)
        width = width_of(text, size)
        x, y = box.right() - side * 0.06 - width / 2, box.top() + side * 0.47
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("cell", 215))  # colours of values may lie below
        ground = QRectF(x - width / 2, y - size / 2, width, size).adjusted(-0.2 * size, -0.08 * size, 0.2 * size, 0.08 * size)
        painter.drawRoundedRect(ground, 0.3 * size, 0.3 * size)
        painter.setPen(theme.colour("goal" if reward > 0 else "trap"))
        written(painter, text, x, y, size)
    elif side >= MARKED and not ends:
        painter.setPen(theme.colour("goal" if reward > 0 else "trap"))
        written(painter, "+" if reward > 0 else "−", box.right() - side * 0.22, box.top() + side * 0.24, side * 0.55)


def draw_weight(painter: QPainter, weight: float, box: QRectF) -> None:
    """How often a start is drawn, below its letter."""
    side = box.width()
    if side >= LARGE:
        painter.setPen(theme.colour("start"))
        written(painter, f"×{weight:g}", box.right() - side * 0.18, box.top() + side * 0.38, side * 0.14)


def draw_slip(painter: QPainter, slip: float, box: QRectF) -> None:
    """In percent at the left; a corner cut off where there is little room."""
    side = box.width()
    if side >= LARGE:
        painter.setPen(theme.colour("muted"))
        written(painter, percent(slip), box.left() + side * 0.24, box.top() + side * 0.47, min(side * 0.15, 15 * theme.scale), bold=False)
    if side >= MARKED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("muted"))
        size = max(3.0, side * 0.1)
        painter.drawPolygon(QPolygonF([box.bottomLeft(), box.bottomLeft() + QPointF(size, 0), box.bottomLeft() - QPointF(0, size)]))


def draw_wind(painter: QPainter, wind: str, box: QRectF) -> None:
    """An arrow at the top with its strength; an arrow alone where there is little room."""
    side = box.width()
    if side < MARKED:
        return
    way, strength = wind_of(wind)
    large = side >= LARGE
    length = side * (0.2 if large else 0.42)
    middle = (
        QPointF(box.left() + side * 0.38, box.top() + side * 0.14) if large else QPointF(box.left() + side * 0.28, box.top() + side * 0.3)
    )
    down, right = WAYS[way]
    along, across = QPointF(right, down) * length * 0.5, QPointF(-down, right) * length * 0.28
    tip = middle + along
    painter.setPen(QPen(theme.colour("start"), max(1.2, side / 45), c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(QLineF(middle - along, tip))
    painter.drawLine(QLineF(tip, tip - along * 0.7 + across))
    painter.drawLine(QLineF(tip, tip - along * 0.7 - across))
    if large:
        painter.setPen(theme.colour("start"))
        written(painter, str(strength), middle.x() + side * 0.2, middle.y(), side * 0.17)


def draw_fences(painter: QPainter, fences: Mapping[str, str], place: Placement, colour: QColor | None = None) -> None:
    """Thick lines that nobody crosses, and thinner ones with an arrow in the direction in which they may be crossed."""
    size = place.cell
    colour = colour or theme.colour("text")
    lines: dict[bool, list[QLineF]] = {True: [], False: []}
    arrows = []
    for name, passing in fences.items():
        cell, _, side = name.partition(" ")
        row, _, column = cell.partition(",")
        x, y = place.corner(int(row), int(column))
        line = QLineF(x + size, y, x + size, y + size) if side == "right" else QLineF(x, y + size, x + size, y + size)
        lines[passing == "wall"].append(line)
        if passing != "wall" and size >= ARROWED:
            arrows.append((passing, line.center()))
    for wall, drawn in lines.items():
        painter.setPen(
            QPen(colour, max(2.0 if size >= ARROWED else 1.0, min(size * (0.1 if wall else 0.04), 9.0)), c=Qt.PenCapStyle.FlatCap)
        )
        painter.drawLines(drawn)
    painter.setPen(QPen(theme.colour("cell"), 1))
    painter.setBrush(colour)
    length = max(4.0, min(size * 0.24, 20.0))
    for passing, middle in arrows:
        down, right = WAYS[passing]
        along, across = QPointF(right, down) * length, QPointF(-down, right) * length * 0.75
        tail = middle - along * 0.5
        painter.drawPolygon(QPolygonF([tail + along, tail + across, tail - across]))


def reach(size: float) -> float:
    """How many pixels a fence reaches into the cells beside it."""
    return max(6.0, min(size * 0.24, 20.0))
