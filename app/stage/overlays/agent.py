"""Where the agent stands and what it holds (planners: which state was backed up last)."""

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from app.stage.lettering import written
from app.stage.overlays import Overlay, Scene
from app.theme import theme


def paint(painter: QPainter, scene: Scene) -> None:
    """A ring with a dot, readable on every colour, and the letters of the keys in its hands."""
    state, place = scene.snapshot.state, scene.place
    if state is None:
        return
    row, column = scene.grid.cell_of_state[state]
    x, y = place.corner(row, column)
    radius = max(2.0, min(place.cell * 0.11, 12.0))
    inset = max(radius * 1.7, place.cell * 0.16)
    middle = QPointF(x + inset, y + inset) if place.cell >= 34 else QPointF(*place.center(row, column))
    painter.setPen(QPen(theme.colour("panel"), max(1.5, radius * 0.35)))
    painter.setBrush(theme.colour("agent"))
    painter.drawEllipse(middle, radius, radius)
    held = scene.grid.held[scene.grid.layer_of_state[state]]
    if held and place.cell >= 34:
        painter.setPen(theme.colour("text"))
        written(painter, held, middle.x() + place.cell * 0.03 * (len(held) - 1), middle.y() + radius + place.cell * 0.09, place.cell * 0.15)


OVERLAY = Overlay("agent", "Agent", "Where the agent stands; with a planner, the state that was backed up last.", 40, True, paint)
