"""Shows a grid world and what is known of it, and says what mouse and keys do on it, in cells."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.stage.aside import NOTHING, Aside
from app.stage.describe import BETWEEN, cell_words, known_words
from app.stage.grid_legend import GridLegend
from app.stage.grid_painting import paint_grid
from app.stage.ground import Ground
from app.stage.hand import Hand
from app.stage.hit import Placement
from app.stage.legend import WIDTH
from app.stage.marks import reach
from app.stage.overlays import VALUES, overlays
from app.stage.preview import Preview
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.learner import Snapshot
from core.worlds.grid import GridWorld
from core.worlds.grid_compiler import GridMDP
from core.worlds.shapes import Place, Region

MARGIN = 18
ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1)}
BUTTONS = Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton


class GridView(QWidget):
    """The stage of a grid world.

    Signals:
        hovered: a line about the cell under the mouse.
        pressed, moved, released: what the hand does, as a `Hand`.
        left: the mouse is elsewhere.
        stepped: the cell before or None, the cell to which an arrow key has moved the cursor, and the modifiers that are held.

    Attributes:
        keys: asked first what a key does; False where it does nothing.
    """

    hovered = Signal(str)
    pressed = Signal(Hand)
    moved = Signal(Hand)
    released = Signal(Hand)
    left = Signal()
    stepped = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.world = GridWorld(map=("S.G",))
        self.snapshot: Snapshot | None = None
        self.shown = {overlay.name for overlay in overlays() if overlay.shown}
        self.layer: int | None = None
        """The set of keys whose states are shown; None for that of the agent."""
        self.aside = NOTHING
        self.legend = GridLegend(self, lambda: self.shown, lambda: self.span)
        self.place = Placement(1, 1, 1, 0, 0)
        self.preview: Preview | None = None
        self.region: Region | None = None
        self.marked: frozenset[Place] = frozenset()
        """Cells that are selected elsewhere."""
        self.at: Place | None = None
        self.keys: Callable[[QKeyEvent], bool] = lambda _event: False
        self.ground = Ground()
        self._fitted = True
        self._held = Qt.MouseButton.NoButton
        self._panned: QPointF | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Grid world"))
        self.setMinimumSize(QSize(120, 120))
        theme.changed.connect(self._themed)

    @property
    def grid(self) -> GridMDP | None:
        """The compiled world; None where it does not compile. Compiling a large one takes a while, so painting never asks."""
        try:
            return self.world.compiled
        except WorldError:
            return None

    def set_world(self, world: GridWorld) -> None:
        """Show a world; what was known of another one is forgotten."""
        if world is self.world:
            return
        same_size = (world.rows, world.columns) == (self.world.rows, self.world.columns)
        known, self.snapshot, self.world, self.aside = self.snapshot, None, world, NOTHING
        self.at = self.at if self.at is not None and self.at[0] < world.rows and self.at[1] < world.columns else None
        if not same_size:
            self.preview = None
            self.fit()
        dirty = self.ground.follow(world)
        if known is None and dirty is not None:
            self.update(dirty.toAlignedRect())
        else:
            self.update()
        if self.at is not None:
            self._describe()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it."""
        self.snapshot = snapshot
        self.update()

    def set_aside(self, aside: Aside) -> None:
        """Show what is told beside the snapshot."""
        self.aside = aside
        self.update()

    def set_layer(self, layer: int | None) -> None:
        """Show the states with other keys in hand; None for those of the agent."""
        self.layer = layer
        self.update()

    def set_preview(self, preview: Preview | None) -> None:
        """Show what would be drawn."""
        for shown in (self.preview, preview):
            if shown is not None and (region := shown.bounds()) is not None:
                self._update(region)
        self.preview = preview

    def set_region(self, region: Region | None) -> None:
        """Frame what is selected."""
        self.region = region
        self.update()

    def mark(self, cells: frozenset[Place]) -> None:
        """Mark cells that are selected in another view."""
        if cells != self.marked:
            self.marked = cells
            self.update()

    def show_overlay(self, name: str, shown: bool) -> None:
        """Switch a layer on or off."""
        (self.shown.add if shown else self.shown.discard)(name)
        self.update()

    def fit(self) -> None:
        """Show the whole grid."""
        self._fitted = True
        legend = WIDTH * theme.scale
        fitted = Placement.fit(self.world.rows, self.world.columns, self.width() - 2 * MARGIN - legend, self.height() - 2 * MARGIN,
                               largest=150 * theme.scale)  # fmt: skip
        self.place = fitted.moved(MARGIN, MARGIN)
        self.update()

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Larger by a factor, a point staying where it is."""
        self._fitted = False
        self.place = self.place.zoomed(factor, x, y)
        self.update()

    def rect_of(self, row: int, column: int) -> QRectF:
        """Where a cell is, in pixels of this widget."""
        return QRectF(*self.place.corner(row, column), self.place.cell, self.place.cell)

    def go_to(self, cell: Place) -> None:
        """Put the cursor on a cell, and show it where it is out of sight."""
        self.at = cell
        self.reveal(cell)
        self._describe()

    def reveal(self, cell: Place) -> None:
        """Show a cell where it is out of sight."""
        self.place = self.place.showing(*cell, self.width() - WIDTH * theme.scale, self.height()) if not self._fitted else self.place
        self.update()

    @property
    def span(self) -> float:
        """The largest size of any value on show, or what a person has fixed it to; at least a little."""
        if VALUES in self.legend.ranges:
            return self.legend.ranges[VALUES]
        known = [] if self.snapshot is None else [self.snapshot.values, self.snapshot.q if "q" in self.shown else None]
        sizes = [float(np.nanmax(np.abs(values), initial=0.0)) for values in known if values is not None and not np.isnan(values).all()]
        return max([*sizes, 1e-9]) if any(sizes) else 1.0

    def layer_shown(self, grid: GridMDP) -> int:
        """The layer on show: the one chosen, or the agent's."""
        if self.layer is not None and self.layer < len(grid.held):
            return self.layer
        state = None if self.snapshot is None else self.snapshot.state
        return 0 if state is None else int(grid.layer_of_state[state])

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_grid(self, event.rect())

    def known_grid(self) -> GridMDP | None:
        """The compiled world where something is known of its states."""
        known = self.snapshot
        grid = self.grid if known is not None else None
        return grid if grid is not None and known is not None and (known.values is None or len(known.values) == grid.mdp.states) else None

    def _update(self, region: Region) -> None:
        """Paint some cells and what reaches out of them."""
        margin = reach(self.place.cell) + 2
        size = self.place.cell
        box = QRectF(*self.place.corner(region.top, region.left), region.columns * size, region.rows * size)
        self.update(box.adjusted(-margin, -margin, margin, margin).toAlignedRect())

    def _themed(self) -> None:
        self.ground.forget()
        if self._fitted:
            self.fit()  # the legend takes more room when text is larger
        self.update()

    def _describe(self) -> None:
        if self.at is None:
            self.hovered.emit("")
            return
        words = cell_words(self.world, self.at)
        grid = self.known_grid()
        if grid is not None and self.snapshot is not None:
            words += known_words(self.world, grid, self.snapshot, self.at, self.layer_shown(grid))
        self.hovered.emit(BETWEEN.join(words))

    def _hand(self, event: QMouseEvent, buttons: Qt.MouseButton) -> Hand:
        x, y, keys = event.position().x(), event.position().y(), event.modifiers()
        cell, way = self.place.side_at(x, y)
        return Hand(
            cell, way, inside=self.place.cell_at(x, y) is not None, pressed=bool(buttons & BUTTONS),
            erase=bool(buttons & Qt.MouseButton.RightButton) and not buttons & Qt.MouseButton.LeftButton,
            shift=bool(keys & Qt.KeyboardModifier.ShiftModifier), ctrl=bool(keys & Qt.KeyboardModifier.ControlModifier),
        )  # fmt: skip

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._panned = event.position()
        elif (
            self.legend.holds(event.position())
            and not self._held
            and self.place.cell_at(event.position().x(), event.position().y()) is None
        ):
            self.legend.menu.popup(event.globalPosition().toPoint())
        elif event.button() & BUTTONS and not self._held:
            self._held = event.button()
            self.pressed.emit(self._hand(event, event.button()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned is not None:
            moved = event.position() - self._panned
            self._panned, self._fitted = event.position(), False
            self.place = self.place.moved(moved.x(), moved.y())
            self.update()
            return
        hand = self._hand(event, self._held)
        if not event.buttons() & BUTTONS and self._held:
            self._held = Qt.MouseButton.NoButton  # let go where no event told of it
            self.released.emit(hand)
        cell = hand.cell if hand.inside else None
        if cell != self.at:
            for changed in (self.at, cell):
                if changed is not None:
                    self._update(Region(*changed, 1, 1))
            self.at = cell
            self._describe()
        self.moved.emit(hand)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned = None
        if self._held and event.button() is self._held:
            hand = self._hand(event, self._held)
            self._held = Qt.MouseButton.NoButton
            self.released.emit(hand)

    def leaveEvent(self, event: QEvent) -> None:
        self.at = None
        self._describe()
        self.left.emit()
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1.0015 ** event.angleDelta().y(), event.position().x(), event.position().y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.keys(event):
            return
        if key in ARROWS:
            row, column = self.at or (-ARROWS[key][0], -ARROWS[key][1])
            down, right = ARROWS[key]
            before = self.at
            self.go_to((min(max(row + down, 0), self.world.rows - 1), min(max(column + right, 0), self.world.columns - 1)))
            self.stepped.emit(before, self.at, event.modifiers())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            middle = self.rect_of(*self.at).center() if self.at is not None else QRectF(self.rect()).center()
            self.zoom(1 / 1.25 if key is Qt.Key.Key_Minus else 1.25, middle.x(), middle.y())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitted:
            self.fit()
        self.update()
