"""V(s) as the colour of each cell: blue above zero, orange below, the stronger the further."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.stage.overlays import Overlay, Scene
from app.theme import theme


def paint(painter: QPainter, scene: Scene) -> None:
    """One image with one pixel a cell, scaled up: its cost does not grow with the drawing."""
    values = scene.snapshot.values
    if values is None:
        return
    active = ~scene.grid.mdp.absorbing & (scene.grid.layer_of_state == scene.layer)
    colours = theme.value_table()[(scene.tint(values[active]) * 255).astype(np.intp)]
    picture = np.zeros((scene.world.rows, scene.world.columns, 4), np.uint8)
    cells = scene.grid.cell_of_state[active]
    picture[cells[:, 0], cells[:, 1]] = colours
    image = QImage(picture.data, scene.world.columns, scene.world.rows, 4 * scene.world.columns, QImage.Format.Format_RGBA8888)
    place = scene.place
    painter.drawImage(QRectF(place.left, place.top, place.cell * place.columns, place.cell * place.rows), image)


OVERLAY = Overlay("values", "Value colours", "V(s): the return that the agent expects from each cell on.", 0, True, paint)
