"""The selected region of a grid, and what is done with it: move, copy, cut, paste, delete, mirror, rotate."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.document import OpenWorld
from app.sentences import told
from app.stage.hand import Hand
from app.stage.preview import Preview
from app.text import tr
from core.errors import WorldError
from core.formats import cells
from core.worlds.clip import Clip, clipped
from core.worlds.grid import GridWorld
from core.worlds.grid_edits import cleared, everything, flipped, mirrored, moved, pasted, rotated
from core.worlds.shapes import Place, Region


class Selecting(QObject):
    """What is selected, what is copied, and what is in the hand.

    Attributes:
        region: the selected cells; None where nothing is selected.
        copied: what Copy and Cut have kept, or what was last pasted from elsewhere.
        written: its text on the clipboard of the system.
        clip: a piece in the hand, which a click puts down.
    """

    changed = Signal()
    """Another region is selected."""
    previewed = Signal(object)
    """Preview or None."""
    said = Signal(str)

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.region: Region | None = None
        self.copied: Clip | None = None
        self.written = ""
        self.clip: Clip | None = None
        self._anchor: Place | None = None
        self._held: Place | None = None
        self._cell: Place = (0, 0)

    @property
    def world(self) -> GridWorld:
        """The open world, while it is a grid."""
        assert isinstance(self.document.world, GridWorld)
        return self.document.world

    def select(self, region: Region | None) -> None:
        """Select a region, or nothing."""
        if region != self.region:
            self.region = region
            self.changed.emit()

    def follow(self, world: GridWorld) -> None:
        """Let go of cells that are no more."""
        region = self.region
        if region is not None and (region.top + region.rows > world.rows or region.left + region.columns > world.columns):
            self._anchor = None
            self.select(None)

    # The hand

    def press(self, hand: Hand) -> None:
        """Put down what is in the hand, take hold of the region, or begin another."""
        self._cell = hand.cell
        if self.clip is not None:
            if hand.erase:
                self.cancel()
            elif hand.inside:
                self.put_down(hand.cell)
        elif not hand.inside:
            self.select(None)
        elif hand.shift and self._anchor is not None:
            self.select(Region.between(self._anchor, hand.cell))
        elif self.region is not None and hand.cell in self.region:
            self._held = hand.cell
        else:
            self._begin(hand.cell)

    def move(self, hand: Hand) -> None:
        """Carry what is held, or widen the region."""
        self._cell = hand.cell
        if self.clip is not None:
            self._show(self.clip, hand.cell)
        elif self._held is not None and self.region is not None:
            self._show(clipped(self.world, self.region), self._target(hand.cell))
        elif hand.pressed and self._anchor is not None:
            self.select(Region.between(self._anchor, hand.cell))

    def release(self, hand: Hand) -> None:
        """Let go of what is held."""
        held, self._held = self._held, None
        if held is None or self.region is None:
            return
        self.previewed.emit(None)
        if hand.cell == held:
            self._begin(hand.cell)
        else:
            self._held = held
            self.shift(*self._target(hand.cell))
            self._held = None

    def extend(self, cell: Place) -> None:
        """Widen the region to a cell, by keys."""
        self._cell = cell
        if self._anchor is not None:
            self.select(Region.between(self._anchor, cell))

    def start(self, cell: Place) -> None:
        """Begin a region that `extend` widens, where none is."""
        if self._anchor is None or self.region is None:
            self._begin(cell)

    def cancel(self) -> bool:
        """Let go of what is in the hand, then of the region; whether there was something."""
        had = self.clip is not None or self.region is not None
        if self.clip is not None:
            self.clip = None
            self.previewed.emit(None)
        else:
            self._anchor = self._held = None
            self.select(None)
        return had

    # What is done with a region

    def all(self) -> None:
        """Select every cell."""
        self._anchor = 0, 0
        self.select(everything(self.world))

    def copy(self) -> None:
        """Keep a copy of the region, as text on the clipboard of the system, too."""
        if self.region is not None:
            self.copied = clipped(self.world, self.region)
            self.written = cells.written(self.copied)
            QGuiApplication.clipboard().setText(self.written)
            self.said.emit(tr("Copied {rows} × {columns} cells.", rows=self.region.rows, columns=self.region.columns))

    def cut(self) -> None:
        """Keep a copy and clear the region."""
        if self.region is not None:
            self.copy()
            self._edit(lambda region: cleared(self.world, region), tr("Cut {rows} × {columns} cells"))

    def delete(self) -> None:
        """Make floor of the region."""
        self._edit(lambda region: cleared(self.world, region), tr("Clear {rows} × {columns} cells"))

    def paste(self) -> None:
        """Take the copy in the hand, or the cells that another program has put on the clipboard; a click or Enter puts them down."""
        text = QGuiApplication.clipboard().text()
        if text and text != self.written:
            try:
                self.copied, self.written = cells.read(text), text
            except WorldError:
                self.said.emit(tr("There are no cells on the clipboard: copy a region, or rows of signs such as S.#G."))
                return
        if self.copied is not None:
            self.clip = self.copied
            self._show(self.clip, self.region.corner if self.region is not None else self._cell)
            self.said.emit(tr("Click where the copy shall lie; Esc lets go of it."))

    def put_down(self, cell: Place) -> None:
        """Paste what is in the hand, its top left at a cell."""
        clip = self.clip
        if clip is None:
            return
        self.clip = None
        self.previewed.emit(None)
        rows, columns = min(clip.rows, self.world.rows - cell[0]), min(clip.columns, self.world.columns - cell[1])
        if self._apply(lambda: pasted(self.world, clip, *cell), tr("Paste {rows} × {columns} cells", rows=rows, columns=columns)):
            self._anchor = cell
            self.select(Region(*cell, rows, columns))

    def shift(self, row: int, column: int) -> None:
        """Move the region; what comes to lie beyond the edge is cut off."""
        region = self.region
        if region is None:
            return
        top, left = max(row, 0), max(column, 0)
        bottom, right = min(row + region.rows, self.world.rows), min(column + region.columns, self.world.columns)
        inside, text = top < bottom and left < right, tr("Move {rows} × {columns} cells")
        if inside and self._edit(lambda region: moved(self.world, region, row, column), text):
            self._anchor = top, left
            self.select(Region(top, left, bottom - top, right - left))

    def nudge(self, down: int, right: int) -> None:
        """Move the region by one cell, as far as the edge."""
        region = self.region
        if region is not None:
            row = min(max(region.top + down, 0), self.world.rows - region.rows)
            column = min(max(region.left + right, 0), self.world.columns - region.columns)
            if (row, column) != region.corner:
                self.shift(row, column)

    def mirror(self) -> None:
        """Exchange left and right of the region, or of what is in the hand."""
        self._turn(Clip.mirrored, mirrored, tr("Mirror {rows} × {columns} cells"))

    def flip(self) -> None:
        """Exchange up and down."""
        self._turn(Clip.flipped, flipped, tr("Flip {rows} × {columns} cells"))

    def rotate(self) -> None:
        """Turn clockwise about the top left."""
        region = self.region
        if self._turn(Clip.rotated, rotated, tr("Rotate {rows} × {columns} cells")) and region is not None:
            self._anchor = region.corner
            self.select(Region(region.top, region.left, region.columns, region.rows))

    def _turn(self, of_clip: Callable[[Clip], Clip], of_world: Callable[[GridWorld, Region], GridWorld], text: str) -> bool:
        if self.clip is None:
            return self._edit(lambda region: of_world(self.world, region), text)
        self.clip = of_clip(self.clip)
        self._show(self.clip, self._cell)
        return False

    def _edit(self, make: Callable[[Region], GridWorld], text: str) -> bool:
        region = self.region
        return region is not None and self._apply(lambda: make(region), text.format(rows=region.rows, columns=region.columns))

    def _apply(self, make: Callable[[], GridWorld], text: str) -> bool:
        """Edit the open world; False where that cannot be."""
        try:
            self.document.apply(make(), text)
        except WorldError as error:
            self.said.emit(told(error.sentence))
            return False
        return True

    def _begin(self, cell: Place) -> None:
        self._anchor = cell
        self.select(Region(*cell, 1, 1))

    def _target(self, cell: Place) -> Place:
        """Where the top left of what is held lies with the hand at a cell."""
        assert self.region is not None and self._held is not None
        return self.region.top + cell[0] - self._held[0], self.region.left + cell[1] - self._held[1]

    def _show(self, clip: Clip, at: Place) -> None:
        self.previewed.emit(Preview(clip=(clip, at)))
