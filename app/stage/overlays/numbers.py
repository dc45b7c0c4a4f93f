"""What colours the cells as a number in each that is large enough to read it: V(s), or another if that is on show."""

import numpy as np
from PySide6.QtGui import QPainter

from app.stage.lettering import fitted, short
from app.stage.overlays import Overlay, Scene

SMALLEST = 34
CROWDED = 84
CROWDED_EIGHT = 130
"""From these sizes on, the numbers of four or eight actions stand in the cell, and the largest of them is V(s)."""


def crowded(scene: Scene) -> bool:
    """Whether cells are large enough for the numbers of all their actions."""
    return scene.place.cell >= (CROWDED if len(scene.world.actions) < 8 else CROWDED_EIGHT)


def paint(painter: QPainter, scene: Scene) -> None:
    """Only cells in view, in the lower part of the cell, below the arrows."""
    shade, place = scene.shade, scene.place
    values = scene.snapshot.values if shade is None else shade.values
    if values is None or place.cell < SMALLEST or ("q" in scene.shown and crowded(scene)):
        return
    absorbing = scene.grid.mdp.absorbing
    for state in scene.seen():
        if not (absorbing[state] or np.isnan(values[state])):
            row, column = scene.grid.cell_of_state[state]
            x, y = place.center(row, column)
            text = short(values[state]) if shade is None else shade.text(values[state])
            fitted(painter, text, x, y + place.cell * 0.34, place.cell * 0.62)


OVERLAY = Overlay("numbers", "Numbers", "V(s) as a number; where other numbers colour the cells, those.", 20, True, paint)
