"""V(s) as a number in each cell that is large enough to read it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from app.stage.overlays import Overlay, Scene
from app.theme import theme

SMALLEST = 34
CROWDED = 84
CROWDED_EIGHT = 130
"""From these sizes on, the numbers of four or eight actions stand in the cell, and the largest of them is V(s)."""


def short(value: float) -> str:
    """At most about five characters: 0.81, −12.3, 1.2k."""
    size = abs(value)
    if size >= 9999.5:
        text = f"{value / 1000:.0f}k"
    elif size >= 99.95:
        text = f"{value:.0f}"
    elif size >= 9.995:
        text = f"{value:.1f}"
    else:
        text = f"{value:.2f}"
    return text.replace("-", "−") if float(text.rstrip("k")) else "0.00"


def fitted(painter: QPainter, text: str, x: float, y: float, width: float, bold: bool = False) -> None:
    """Draw text centred on (x, y), no wider than `width` pixels."""
    font = QFont(painter.font())
    font.setPixelSize(max(7, int(min(width / (0.62 * max(4, len(text))), 22 * theme.scale))))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    painter.drawText(QRectF(x - width, y - width, 2 * width, 2 * width), Qt.AlignmentFlag.AlignCenter, text)


def crowded(scene: Scene) -> bool:
    """Whether cells are large enough for the numbers of all their actions."""
    return scene.place.cell >= (CROWDED if len(scene.world.actions) < 8 else CROWDED_EIGHT)


def paint(painter: QPainter, scene: Scene) -> None:
    """Only cells in view, in the lower part of the cell, below the arrows."""
    values, place = scene.snapshot.values, scene.place
    if values is None or place.cell < SMALLEST or ("q" in scene.shown and crowded(scene)):
        return
    absorbing = scene.grid.mdp.absorbing
    for state in scene.seen():
        if not absorbing[state]:
            row, column = scene.grid.cell_of_state[state]
            x, y = place.center(row, column)
            fitted(painter, short(values[state]), x, y + place.cell * 0.34, place.cell * 0.62)


OVERLAY = Overlay("numbers", "Numbers", "V(s) as a number.", 20, True, paint)
