"""Strokes: what the hand does with the tool in use becomes edits of the open world, one step of the history for each stroke."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from app.document import OpenWorld
from app.sentences import told as sentence
from app.stage.brushes import cell_of_tool, cells_of, fence, painted, shape_of, side_of_cell, sides_of, told
from app.stage.ground import Look
from app.stage.hand import Hand
from app.stage.preview import Preview
from app.stage.selecting import Selecting
from app.stage.tools import BOX, ERASE, FENCE, FILL, FREE, OUTLINE, PORTAL, REWARD, SELECT, SHAPES, SLIP, START, TOOLS, WIND, Options
from core.errors import WorldError
from core.worlds.grid import Cell, GridWorld
from core.worlds.shapes import Place, Region, line

ALONG = {"up": ("up", "down"), "down": ("up", "down"), "left": ("left", "right"), "right": ("left", "right")}
"""Sides in line with each: a stroke of fences keeps its direction."""


class Drawing(QObject):
    """The tool in use and the stroke that is being drawn.

    Args:
        document: the open world, which is edited.

    Attributes:
        selecting: the region that is selected, and what is done with it.
    """

    changed = Signal()
    """Another tool, shape or choice is in use."""
    previewed = Signal(object)
    """Preview or None: what would be drawn."""
    said = Signal(str)

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.selecting = Selecting(document)
        self.selecting.said.connect(self.said)
        self.tool = TOOLS[0]
        self.shape = SHAPES[0]
        self.options = Options()
        self.stroke = 0
        self._first: Hand | None = None
        self._last: Hand | None = None
        self._area: tuple[GridWorld, list[Place]] | None = None

    @property
    def world(self) -> GridWorld:
        """The open world, while it is a grid."""
        assert isinstance(self.document.world, GridWorld)
        return self.document.world

    def press(self, hand: Hand) -> None:
        """A stroke begins."""
        if self.selecting.clip is not None or (self.tool is SELECT and not hand.erase):
            self.selecting.press(hand)
        elif hand.inside:
            self._first = self._last = hand
            if self._drawn_on_release:
                self._preview(hand)
            else:
                self._draw([hand.cell], hand)

    def move(self, hand: Hand) -> None:
        """The hand moves on, with or without a button."""
        if self.selecting.clip is not None or (self.tool is SELECT and self._first is None):
            self.selecting.move(hand)
        elif self._first is None or self._drawn_on_release:
            self._preview(hand)
        elif self._last is not None and (hand.cell != self._last.cell or self.tool is FENCE):
            cells = list(line(self._last.cell, hand.cell))[1:] if hand.cell != self._last.cell else [hand.cell]
            self._last = hand
            if shape_of(self.tool, self.shape) is FREE:
                self._draw(cells, hand)
            self._preview(hand)

    def release(self, hand: Hand) -> None:
        """The stroke is over."""
        first, self._first, self._last = self._first, None, None
        if first is None:
            self.selecting.release(hand)
            return
        shape = shape_of(self.tool, self.shape)
        if shape not in (FREE, FILL):
            if self.tool is FENCE:
                self._fence(sides_of(Region.between(first.cell, hand.cell)), first)
            else:
                self._paint(cells_of(shape, self.world, first.cell, hand.cell), first)
        self.stroke += 1
        self._preview(hand)

    def leave(self) -> None:
        """The hand is beside the grid."""
        if self._first is None:
            self.previewed.emit(None)

    def cancel(self) -> bool:
        """Give up what is being drawn or held; whether there was something."""
        drawing, self._first, self._last = self._first is not None, None, None
        if drawing:
            self.previewed.emit(None)
            return True
        return self.selecting.cancel()

    def fence_at(self, cell: Place, way: str) -> None:
        """A fence at one side of a cell, or none where it is there already."""
        side = side_of_cell(self.world, cell, way)
        if side is not None:
            there = side in self.world.fences
            self._fence([side], Hand(cell, way, erase=there))
            self.stroke += 1

    @property
    def _drawn_on_release(self) -> bool:
        return self._first is not None and shape_of(self.tool, self.shape) not in (FREE, FILL)

    def _draw(self, cells: Sequence[Place], hand: Hand) -> None:
        first = self._first
        assert first is not None
        if self.tool is FENCE:
            if hand.way in ALONG[first.way]:
                sides = [side_of_cell(self.world, cell, hand.way) for cell in cells]
                self._fence([side for side in sides if side is not None], hand)
            return
        if shape_of(self.tool, self.shape) is FILL:
            cells = cells_of(FILL, self.world, hand.cell, hand.cell)
        elif self.tool is START and not (first.ctrl or first.erase):
            cells = cells[-1:]
        elif self.tool is PORTAL and hand is not first and not first.erase:
            return
        self._paint(cells, first)

    def _paint(self, cells: Sequence[Place], first: Hand) -> None:
        tool = ERASE if self.tool is SELECT else self.tool
        self._apply(lambda: painted(self.world, tool, cells, self.options, first.erase, first.ctrl), told(tool, self.options, first.erase))

    def _fence(self, sides: Sequence[str], hand: Hand) -> None:
        erase = self._first.erase if self._first is not None else hand.erase
        self._apply(lambda: fence(self.world, sides, self.options, hand.way, erase), told(FENCE, self.options, erase))

    def _apply(self, make: Callable[[], GridWorld], text: str) -> None:
        try:
            self.document.apply(make(), text, self.stroke)
        except WorldError as error:
            self.said.emit(sentence(error.sentence))

    def _preview(self, hand: Hand) -> None:
        """Show what a press here, or letting go, would draw."""
        if self.tool is SELECT or not (hand.inside or self._first):
            self.previewed.emit(None)
            return
        first = self._first or hand
        shape = shape_of(self.tool, self.shape)
        if self.tool is FENCE:
            passing = None if first.erase else "wall" if self.options.passing == "wall" else hand.way
            if shape in (OUTLINE, BOX) and self._first is not None:
                sides = sides_of(Region.between(first.cell, hand.cell))
            else:
                side = side_of_cell(self.world, hand.cell, hand.way)
                sides = [side] if side is not None else []
            self.previewed.emit(Preview(sides=[(side, passing) for side in sides]))
            return
        cells = self._filled(hand.cell) if shape is FILL else cells_of(shape, self.world, first.cell, hand.cell)
        self.previewed.emit(Preview(cells, None if first.erase else self._look()))

    def _look(self) -> Look | None:
        if self.tool in (REWARD, SLIP, WIND):
            way, strength = self.options.wind
            return Look(
                Cell.floor,
                reward=self.options.reward if self.tool is REWARD else None,
                slip=self.options.slip if self.tool is SLIP else None,
                wind=f"{way} {strength}" if self.tool is WIND else None,
            )
        cell = cell_of_tool(self.tool, self.options, self.world)
        return None if cell is None else Look(cell)

    def _filled(self, cell: Place) -> list[Place]:
        """The area of a cell, found once for all its cells."""
        if self._area is None or self._area[0] is not self.world or cell not in self._area[1]:
            self._area = self.world, cells_of(FILL, self.world, cell, cell)
        return self._area[1]
