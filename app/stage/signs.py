"""The sign of each kind of cell: shapes, hatching and letters that can be told apart without colour."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from app.stage.lettering import written
from app.theme import theme
from core.worlds.grid import Cell, GridWorld

LARGE = 34
"""Pixels of a cell from which numbers are written into it and signs stand in its corner."""
SMALL = 8
"""Pixels of a cell below which it only has a colour."""
COLOURS = {
    "wall": ("wall", 255), "goal": ("goal", 46), "trap": ("trap", 46), "end": ("muted", 60), "ice": ("start", 34),
    "sticky": ("warning", 34),
    "door": ("warning", 60), "key": ("warning", 24), "portal": ("agent", 30),
}  # fmt: skip
"""The ground of each family of cells: a colour of the theme and its opacity."""
TINY = COLOURS | {name: (colour, 255) for name, colour in (
    ("goal", "goal"), ("trap", "trap"), ("start", "start"), ("end", "muted"), ("key", "warning"), ("portal", "agent"))} | {
    "ice": ("start", 70), "sticky": ("warning", 90), "door": ("warning", 160),
}  # fmt: skip
"""The same where there is room for nothing else."""


def ground_of(cell: Cell, world: GridWorld, tiny: bool = False) -> QColor | None:
    """What a cell is filled with; None where nothing is."""
    known = (TINY if tiny else COLOURS).get(cell.family)
    if known is None or (cell is Cell.trap and not world.traps_end and not tiny):
        return None
    return theme.colour(*known)


def draw_sign(painter: QPainter, cell: Cell, world: GridWorld, box: QRectF) -> None:
    """Draw what a cell is into `box`, without its ground: in the corner where it is large, so that values can stand in it."""
    side = box.width()
    if cell in (Cell.floor, Cell.wall) or side < SMALL:
        return
    painter.save()
    if cell is Cell.trap:
        painter.fillRect(box, QBrush(theme.colour("trap", 120), Qt.BrushStyle.BDiagPattern))
    drawn = _SIGNS[cell.family]
    if cell.family in ("start", "end", "ice", "sticky"):
        drawn(painter, box)
    elif side >= LARGE:
        drawn(painter, QRectF(box.right() - side * 0.34, box.top() + side * 0.07, side * 0.27, side * 0.27))
    else:
        inset = side * (0.1 if letter_of(cell) and side >= 14 else 0.2)
        drawn(painter, box.adjusted(inset, inset, -inset, -inset))
    if letter := letter_of(cell):
        painter.setPen(theme.colour("text"))
        if side >= LARGE:
            written(painter, letter, box.right() - side * (0.17 if cell is Cell.start else 0.43), box.top() + side * 0.2, side * 0.24)
        elif side >= 14:
            written(painter, letter, box.center().x(), box.center().y(), side * 0.5)
    if cell is Cell.trap and world.traps_lead_back and not world.traps_end and side >= LARGE:
        painter.setPen(theme.colour("trap"))
        written(painter, "↩", box.right() - side * 0.43, box.top() + side * 0.2, side * 0.24)
    painter.restore()


def letter_of(cell: Cell) -> str:
    """The letter or digit that tells a key, door or portal from others; S for a start."""
    return "S" if cell is Cell.start else cell.value if cell.family in ("key", "door", "portal") else ""


def _flag(painter: QPainter, box: QRectF) -> None:
    colour = theme.colour("goal")
    pole = box.left() + box.width() * 0.15
    painter.setPen(QPen(colour, max(1.2, box.width() / 9), c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(pole, box.top()), QPointF(pole, box.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    path = QPainterPath(QPointF(pole, box.top()))
    path.lineTo(box.right(), box.top() + box.height() * 0.28)
    path.lineTo(pole, box.top() + box.height() * 0.56)
    painter.drawPath(path)


def _cross(painter: QPainter, box: QRectF) -> None:
    painter.setPen(QPen(theme.colour("trap"), max(1.4, box.width() / 6), c=Qt.PenCapStyle.RoundCap))
    inner = box.adjusted(box.width() * 0.1, box.height() * 0.1, -box.width() * 0.1, -box.height() * 0.1)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _ring(painter: QPainter, box: QRectF) -> None:
    """A start: a rounded frame at the edge of its cell."""
    side = box.width()
    inset = max(1.5, side * 0.05)
    painter.setPen(QPen(theme.colour("start"), max(1.0, side / 60)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), side * 0.08, side * 0.08)


def _squares(painter: QPainter, box: QRectF) -> None:
    """An end: one square within another."""
    side = box.width()
    painter.setPen(QPen(theme.colour("text"), max(1.0, side / 40)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset in (0.1, 0.18):
        painter.drawRect(box.adjusted(side * inset, side * inset, -side * inset, -side * inset))


def _glints(painter: QPainter, box: QRectF) -> None:
    """Ice: three short strokes, as on glass."""
    side = box.width()
    painter.setPen(QPen(theme.colour("start", 190), max(1.0, side / 30), c=Qt.PenCapStyle.RoundCap))
    for x, y, length in ((0.14, 0.42, 0.26), (0.2, 0.56, 0.36), (0.62, 0.92, 0.26)):
        start = QPointF(box.left() + x * side, box.top() + y * side)
        painter.drawLine(start, start + QPointF(length * side, -length * side))


def _dots(painter: QPainter, box: QRectF) -> None:
    """Sticky: drops all over."""
    side = box.width()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("warning", 170))
    radius = max(0.8, side * 0.035)
    for row, shift in ((0.16, 0.0), (0.39, 0.12), (0.62, 0.0), (0.85, 0.12)):
        for column in (0.14, 0.38, 0.62, 0.86):
            painter.drawEllipse(QPointF(box.left() + ((column + shift) % 1.0) * side, box.top() + row * side), radius, radius)


def _key(painter: QPainter, box: QRectF) -> None:
    side = box.width()
    painter.setPen(QPen(theme.colour("warning"), max(1.2, side / 8), c=Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = box.top() + side * 0.5
    painter.drawEllipse(QPointF(box.left() + side * 0.26, middle), side * 0.2, side * 0.2)
    painter.drawLine(QPointF(box.left() + side * 0.46, middle), QPointF(box.right(), middle))
    for x in (0.78, 0.98):
        painter.drawLine(QPointF(box.left() + side * x, middle), QPointF(box.left() + side * x, middle + side * 0.22))


def _door(painter: QPainter, box: QRectF) -> None:
    side = box.width()
    painter.setPen(QPen(theme.colour("warning"), max(1.2, side / 9)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(side * 0.16, 0, -side * 0.16, 0))
    painter.setBrush(theme.colour("warning"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QPointF(box.right() - side * 0.3, box.center().y()), max(1.0, side * 0.07), max(1.0, side * 0.07))


def _circles(painter: QPainter, box: QRectF) -> None:
    """A portal: one circle within another."""
    side = box.width()
    painter.setPen(QPen(theme.colour("agent"), max(1.2, side / 11)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for radius in (0.47, 0.26) if side < 12 else (0.47, 0.34):
        painter.drawEllipse(box.center(), side * radius, side * radius)


_SIGNS: dict[str, Callable[[QPainter, QRectF], None]] = {
    "goal": _flag, "trap": _cross, "start": _ring, "end": _squares, "ice": _glints, "sticky": _dots, "key": _key, "door": _door,
    "portal": _circles,
}  # fmt: skip
