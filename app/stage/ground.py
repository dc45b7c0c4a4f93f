"""The grid itself: cells, lines and what is said of them. Painted once and kept; an edit paints the cells that it changes."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap

from app.stage.hit import Placement
from app.stage.marks import draw_fences, draw_reward, draw_slip, draw_weight, draw_wind, reach
from app.stage.signs import SMALL, draw_sign, ground_of
from app.theme import theme
from core.worlds.clip import name
from core.worlds.clip import place as place_named
from core.worlds.grid import BY_CELL, WAYS, Cell, GridWorld
from core.worlds.grid_names import side_of
from core.worlds.shapes import Place, Region

LINED = 5
"""Pixels of a cell from which lines are drawn between cells."""
FEW, MANY = 8, 2000
"""Changed cells up to which they are painted one by one, and up to which the rectangle around them is."""
BARE = Cell.floor + Cell.wall
"""Signs of cells in which nothing is drawn on the ground."""
SHOWN_RULES = ("goal_reward", "trap_reward", "traps_end", "traps_lead_back")
"""Rules that show in cells."""


class Look(NamedTuple):
    """Everything that shows in a cell but its ground: equal looks are painted once."""

    cell: Cell
    reward: float | None = None
    weight: float | None = None
    slip: float | None = None
    wind: str | None = None


def look_of(world: GridWorld, row: int, column: int) -> Look:
    """How a cell looks; a reward is shown where it is the cell's own, and what a goal or a trap pays."""
    cell, known = world.cell(row, column), name((row, column))
    pays = cell in (Cell.goal, Cell.trap) or known in world.rewards
    weight = world.starts.get(known) if cell is Cell.start else None
    return Look(cell, world.reward(row, column) if pays else None, weight, world.slips.get(known), world.winds.get(known))


def draw_look(painter: QPainter, look: Look, world: GridWorld, box: QRectF) -> None:
    """Draw one cell into `box`, without its ground."""
    draw_sign(painter, look.cell, world, box)
    if look.slip is not None:
        draw_slip(painter, look.slip, box)
    if look.wind is not None:
        draw_wind(painter, look.wind, box)
    if look.weight is not None:
        draw_weight(painter, look.weight, box)
    if look.reward is not None:
        draw_reward(painter, look.cell, look.reward, world, box)


def changes(old: GridWorld, new: GridWorld) -> set[Place] | None:
    """The cells that look different; None where all of them may."""
    if (old.rows, old.columns) != (new.rows, new.columns) or any(getattr(old, rule) != getattr(new, rule) for rule in SHOWN_RULES):
        return None
    found = set()
    for row, (before, after) in enumerate(zip(old.map, new.map, strict=True)):
        if before is not after and before != after:
            found |= {(row, column) for column in range(len(after)) if before[column] != after[column]}
    for field in BY_CELL:
        before, after = getattr(old, field), getattr(new, field)
        if before is after:
            continue
        for known in {known for known, _ in before.items() ^ after.items()}:
            if field == "fences":
                row, column, side = side_of(known, "")
                down, right = WAYS[side]
                found |= {(row, column), (row + down, column + right)}
            else:
                found.add(place_named(known))
    return found


class Ground:
    """A transparent picture of everything that does not depend on what was learnt, as large as the view."""

    def __init__(self) -> None:
        self.pixmap = QPixmap()
        self.world: GridWorld | None = None
        self.place = Placement(1, 1, 1, 0, 0)
        self.window = 0, 0, 0, 0
        self.sprites: dict[Look, QPixmap] = {}

    def forget(self) -> None:
        """Paint all of it the next time."""
        self.world = None

    def draw(self, painter: QPainter, world: GridWorld, place: Placement, width: int, height: int, ratio: float) -> None:
        """Draw the ground of a world, painted anew where place or size are others."""
        size = round(width * ratio), round(height * ratio)
        if self.world is not world or self.place != place or size != (self.pixmap.width(), self.pixmap.height()):
            self.world, self.place = world, place
            self.window = place.visible(width, height)
            self.sprites.clear()
            self.pixmap = QPixmap(*size)
            self.pixmap.setDevicePixelRatio(ratio)
            self.pixmap.fill(Qt.GlobalColor.transparent)
            onto = QPainter(self.pixmap)
            self._paint(onto, *self.window)
            onto.end()
        margin = reach(place.cell) + 1
        drawn = QRectF(*place.corner(0, 0), place.cell * place.columns, place.cell * place.rows).adjusted(-margin, -margin, margin, margin)
        painter.setClipRect(drawn.toAlignedRect())
        painter.drawPixmap(0, 0, self.pixmap)
        painter.setClipping(False)

    def follow(self, world: GridWorld) -> QRectF | None:
        """Paint what differs in an edited world; the pixels that changed, None where all of them may."""
        changed = None if self.world is None else changes(self.world, world)
        if changed is None or len(changed) > MANY:
            self.forget()
            return None
        self.world = world
        dirty = QRectF()
        painter = QPainter(self.pixmap)
        size = self.place.cell
        margin = reach(size) + 1
        around = int(-(-(margin + 2) // size))
        for region in map(_one, changed) if len(changed) <= FEW else [_all(changed)]:
            (row, column), (last_row, last_column) = region.corner, (region.top + region.rows - 1, region.left + region.columns - 1)
            cells = QRectF(*self.place.corner(row, column), size * region.columns, size * region.rows)
            box = QRectF(cells.adjusted(-margin, -margin, margin, margin).toAlignedRect())
            dirty = dirty.united(box)
            painter.setClipRect(box)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(box, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            first_row, end_row, first_column, end_column = self.window
            self._paint(painter, max(first_row, row - around), min(end_row, last_row + around + 1),
                        max(first_column, column - around), min(end_column, last_column + around + 1))  # fmt: skip
        painter.end()
        return dirty

    def _paint(self, painter: QPainter, first_row: int, end_row: int, first_column: int, end_column: int) -> None:
        """Paint a window of cells."""
        world = self.world
        assert world is not None
        rows, columns = range(first_row, end_row), range(first_column, end_column)
        if not rows or not columns:
            return
        self._paint_colours(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.place.cell >= SMALL:
            shown = {(row, column) for row in rows for column, sign in enumerate(world.map[row][first_column:end_column], first_column)
                     if sign not in BARE}  # fmt: skip
            for field in (world.rewards, world.slips, world.winds):
                shown.update(cell for cell in _within(field, rows, columns) if world.map[cell[0]][cell[1]] != Cell.wall)
            for row, column in shown:
                painter.drawPixmap(QPointF(*self.place.corner(row, column)), self._sprite(look_of(world, row, column)))
        self._paint_lines(painter, rows, columns)
        draw_fences(
            painter, _sides(world, range(max(0, rows.start - 1), rows.stop), range(max(0, columns.start - 1), columns.stop)), self.place
        )

    def _paint_colours(self, painter: QPainter) -> None:
        """The grounds of all cells in view as one picture with a pixel for each."""
        assert self.world is not None
        first_row, end_row, first_column, end_column = self.window
        table = np.zeros((256, 4), np.uint8)
        for cell in Cell:
            colour = ground_of(cell, self.world, self.place.cell < SMALL)
            if colour is not None:
                table[ord(cell)] = np.array(colour.getRgb(), np.uint8)
        rows, columns = end_row - first_row, end_column - first_column
        signs = np.frombuffer("".join(line[first_column:end_column] for line in self.world.map[first_row:end_row]).encode(), np.uint8)
        picture = np.ascontiguousarray(table[signs])
        image = QImage(picture.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(QRectF(*self.place.corner(first_row, first_column), self.place.cell * columns, self.place.cell * rows), image)

    def _sprite(self, look: Look) -> QPixmap:
        found = self.sprites.get(look)
        if found is None:
            assert self.world is not None
            ratio, size = self.pixmap.devicePixelRatio(), self.place.cell
            found = QPixmap(int(size * ratio) + 1, int(size * ratio) + 1)
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_look(painter, look, self.world, QRectF(0, 0, size, size))
            painter.end()
            self.sprites[look] = found
        return found

    def _paint_lines(self, painter: QPainter, rows: range, columns: range) -> None:
        place = self.place
        if place.cell < LINED:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.colour("grid"), 1))
        (left, top), (right, bottom) = place.corner(rows.start, columns.start), place.corner(rows.stop, columns.stop)
        lines = [QLineF(x, top, x, bottom) for x in (place.left + column * place.cell for column in range(columns.start, columns.stop + 1))]
        lines += [QLineF(left, y, right, y) for y in (place.top + row * place.cell for row in range(rows.start, rows.stop + 1))]
        painter.drawLines(lines)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _one(cell: Place) -> Region:
    return Region(*cell, 1, 1)


def _all(cells: Collection[Place]) -> Region:
    """The rectangle around cells."""
    rows, columns = [row for row, _ in cells], [column for _, column in cells]
    return Region.between((min(rows), min(columns)), (max(rows), max(columns)))


def _within(names: Collection[str], rows: range, columns: range) -> Iterable[Place]:
    """Those of the cells by name that lie in a window, looked for whichever way is shorter."""
    if len(names) <= len(rows) * len(columns):
        return [cell for cell in map(place_named, names) if cell[0] in rows and cell[1] in columns]
    return [(row, column) for row in rows for column in columns if f"{row},{column}" in names]


def _sides(world: GridWorld, rows: range, columns: range) -> Mapping[str, str]:
    """The fences at the right and lower sides of cells in a window, and maybe others."""
    if len(world.fences) <= 2 * len(rows) * len(columns):
        return world.fences
    names = (f"{row},{column} {side}" for row in rows for column in columns for side in ("right", "down"))
    return {side: world.fences[side] for side in names if side in world.fences}
