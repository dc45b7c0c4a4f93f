"""What would be drawn, shown before it is: ghosts of cells, of a clip in the hand, of fences."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.stage.ground import Look, draw_look
from app.stage.hit import Placement
from app.stage.marks import draw_fences
from app.stage.signs import SMALL, ground_of
from app.theme import theme
from core.worlds.clip import Clip, name
from core.worlds.grid import Cell, GridWorld
from core.worlds.grid_names import side_of
from core.worlds.shapes import Place, Region

MANY = 300
"""Cells from which they are tinted, not drawn one by one."""


@dataclass(frozen=True)
class Preview:
    """What to show.

    Attributes:
        cells: where the tool would draw.
        look: what it would draw there; None tints the cells.
        clip: a piece in the hand, and the cell of its top left.
        sides: fences with what they let pass; None shows that they would go.
    """

    cells: Sequence[Place] = ()
    look: Look | None = None
    clip: tuple[Clip, Place] | None = None
    sides: Sequence[tuple[str, str | None]] = ()

    def bounds(self) -> Region | None:
        """A region that holds all of it."""
        cells = list(self.cells)
        for side, _ in self.sides:
            row, column, _ = side_of(side, "")
            cells += [(row, column), (row + 1, column + 1)]
        if self.clip is not None:
            clip, (top, left) = self.clip
            cells += [(top, left), (top + clip.rows - 1, left + clip.columns - 1)]
        if not cells:
            return None
        rows, columns = [row for row, _ in cells], [column for _, column in cells]
        return Region.between((min(rows), min(columns)), (max(rows), max(columns)))


def paint_preview(painter: QPainter, preview: Preview, world: GridWorld, place: Placement) -> None:
    """Paint it over the grid, half transparent."""
    painter.save()
    painter.setOpacity(0.6)
    cells = [(row, column) for row, column in preview.cells if 0 <= row < world.rows and 0 <= column < world.columns]
    if len(cells) > MANY or preview.look is None:
        _tint(painter, cells, world, place)
    else:
        for row, column in cells:
            _ghost(painter, preview.look, world, QRectF(*place.corner(row, column), place.cell, place.cell))
    if preview.clip is not None:
        clip, (top, left) = preview.clip
        _piece(painter, clip, world, place.moved(left * place.cell, top * place.cell))
        frame(painter, Region(top, left, clip.rows, clip.columns), place)
    for side, passing in preview.sides:
        draw_fences(painter, {side: passing or "wall"}, place, theme.colour("accent" if passing else "trap"))
    painter.restore()


def frame(painter: QPainter, region: Region, place: Placement) -> None:
    """The dashed frame of a selected region."""
    box = QRectF(*place.corner(region.top, region.left), region.columns * place.cell, region.rows * place.cell)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("cell"), 3))
    painter.drawRect(box)
    painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
    painter.drawRect(box)


def _piece(painter: QPainter, clip: Clip, world: GridWorld, place: Placement) -> None:
    """The cells of a clip with what is said of them."""
    rewards, slips, winds, weights, fences = (clip.fields.get(field, {}) for field in ("rewards", "slips", "winds", "starts", "fences"))
    for row, line in enumerate(clip.map):
        for column, sign in enumerate(line):
            known = name((row, column))
            look = Look(Cell(sign), rewards.get(known), weights.get(known), slips.get(known), winds.get(known))
            _ghost(painter, look, world, QRectF(*place.corner(row, column), place.cell, place.cell))
    draw_fences(painter, fences, place)


def _ghost(painter: QPainter, look: Look, world: GridWorld, box: QRectF) -> None:
    painter.fillRect(box, theme.colour("cell"))
    colour: QColor | None = ground_of(look.cell, world, box.width() < SMALL)
    if colour is not None:
        painter.fillRect(box, colour)
    draw_look(painter, look, world, box)


def _tint(painter: QPainter, cells: Sequence[Place], world: GridWorld, place: Placement) -> None:
    if not cells:
        return
    picture = np.zeros((world.rows, world.columns, 4), np.uint8)
    where = np.array(cells)
    picture[where[:, 0], where[:, 1]] = np.array(theme.colour("accent", 110).getRgb(), np.uint8)
    image = QImage(picture.data, world.columns, world.rows, 4 * world.columns, QImage.Format.Format_RGBA8888)
    painter.drawImage(QRectF(place.left, place.top, place.cell * world.columns, place.cell * world.rows), image)
