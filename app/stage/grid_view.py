"""Paints a grid world and what is known of it, and says which cells the mouse and the keys touch."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.sentences import told
from app.stage.ground import cell_sign, ground
from app.stage.hit import Placement
from app.stage.legend import WIDTH, paint_legend
from app.stage.overlays import Scene, overlays
from app.stage.overlays.numbers import short
from app.text import tr
from app.theme import theme
from core.errors import WorldError
from core.learner import Snapshot
from core.worlds.grid import Cell, GridWorld
from core.worlds.grid_compiler import GridMDP
from core.worlds.shapes import line

MARGIN = 18
ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1)}


class GridView(QWidget):
    """The stage of a grid world.

    Signals:
        hovered: a line about the cell under the mouse.
        touched: (row, column, button) of every cell that a pressed mouse or Enter passes.
        released: the stroke is over.
    """

    hovered = Signal(str)
    touched = Signal(int, int, object)
    released = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.world = GridWorld(map=("S.G",))
        self.grid: GridMDP | None = None
        self.snapshot: Snapshot | None = None
        self.shown = {overlay.name for overlay in overlays() if overlay.shown}
        self.place = Placement(1, 1, 1, 0, 0)
        self.preview: Cell | None = None
        self.at: tuple[int, int] | None = None
        self._fitted = True
        self._ground: QPixmap | None = None
        self._last: tuple[int, int] | None = None
        self._panned: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Grid world"))
        self.setMinimumSize(QSize(240, 160))
        theme.changed.connect(self._themed)

    def set_world(self, world: GridWorld) -> None:
        """Show a world; what was known of another one is forgotten."""
        same_size = (world.rows, world.columns) == (self.world.rows, self.world.columns)
        self.world = world
        self.snapshot = None
        self.at, self._last = self._inside(self.at), self._inside(self._last)
        try:
            self.grid = world.compiled
        except WorldError as error:
            self.grid = None
            self.hovered.emit(told(error.sentence))
        if not same_size or self._fitted:
            self.fit()
        self._restyle()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it."""
        self.snapshot = snapshot
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
        self._restyle()

    def rect_of(self, row: int, column: int) -> QRectF:
        """Where a cell is, in pixels of this widget."""
        return QRectF(*self.place.corner(row, column), self.place.cell, self.place.cell)

    @property
    def span(self) -> float:
        """The largest size of any value on show; at least a little."""
        known = [] if self.snapshot is None else [self.snapshot.values, self.snapshot.q if "q" in self.shown else None]
        sizes = [float(np.nanmax(np.abs(values), initial=0.0)) for values in known if values is not None and not np.isnan(values).all()]
        return max([*sizes, 1e-9]) if any(sizes) else 1.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("stage"))
        place, width, height = self.place, self.width(), self.height()
        painter.fillRect(QRectF(place.left, place.top, place.cell * place.columns, place.cell * place.rows), theme.colour("cell"))
        span = self.span
        scene = None
        if self.snapshot is not None and self.grid is not None and self._matches(self.snapshot):
            scene = Scene(self.world, self.grid, self.snapshot, place, span, place.visible(width, height), frozenset(self.shown))
        layers = [overlay for overlay in overlays() if overlay.name in self.shown]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if scene:
            for overlay in layers:
                if overlay.order < 20:
                    overlay.paint(painter, scene)
        if self._ground is None:
            self._ground = ground(self.world, place, width, height, self.devicePixelRatioF())
        painter.drawPixmap(0, 0, self._ground)
        if scene:
            for overlay in layers:
                if overlay.order >= 20:
                    overlay.paint(painter, scene)
        self._paint_marker(painter)
        paint_legend(painter, width, height, span, "V(s)")
        painter.end()

    def _matches(self, snapshot: Snapshot) -> bool:
        assert self.grid is not None
        return snapshot.values is None or len(snapshot.values) == self.grid.mdp.states

    def _paint_marker(self, painter: QPainter) -> None:
        if self.at is None:
            return
        box = self.rect_of(*self.at)
        if self.preview is not None:
            painter.setOpacity(0.55)
            if self.preview is Cell.floor:
                painter.fillRect(box, theme.colour("cell"))
            cell_sign(painter, self.preview, self.world, box)
            painter.setOpacity(1.0)
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _inside(self, cell: tuple[int, int] | None) -> tuple[int, int] | None:
        return cell if cell is not None and cell[0] < self.world.rows and cell[1] < self.world.columns else None

    def _themed(self) -> None:
        if self._fitted:
            self.fit()  # the legend takes more room when text is larger
        self._restyle()

    def _restyle(self) -> None:
        self._ground = None
        self.update()

    def _describe(self, cell: tuple[int, int] | None) -> None:
        if cell is None:
            self.hovered.emit("")
            return
        row, column = cell
        kind = self.world.cell(row, column).family
        parts = [tr("row {row}, column {column}: {kind}", row=row, column=column, kind=tr(kind))]
        state = -1 if self.grid is None else int(self.grid.state_of_cell[row, column])
        known = self.snapshot
        if state >= 0 and known is not None and known.values is not None and self._matches(known):
            parts.append(f"V = {short(known.values[state])}")
            if known.q is not None and not np.isnan(known.q[state]).all():
                parts.append(
                    "Q: " + "  ".join(f"{tr(name)} {short(value)}" for name, value in zip(self.world.actions, known.q[state], strict=True))
                )
            if known.visits is not None:
                parts.append(tr("{visits} updates", visits=f"{known.visits[state]:,}"))
        self.hovered.emit("   ".join(parts))

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._panned = event.position()
            return
        cell = self.place.cell_at(event.position().x(), event.position().y())
        if cell is not None:
            self._last = cell
            self.touched.emit(*cell, event.button())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._panned is not None:
            moved = event.position() - self._panned
            self._panned, self._fitted = event.position(), False
            self.place = self.place.moved(moved.x(), moved.y())
            self._restyle()
            return
        cell = self.place.cell_at(event.position().x(), event.position().y())
        if cell != self.at:
            self.at = cell
            self._describe(cell)
            self.update()
        buttons = event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton)
        if cell is not None and self._last is not None and buttons and cell != self._last:
            button = Qt.MouseButton.LeftButton if buttons & Qt.MouseButton.LeftButton else Qt.MouseButton.RightButton
            for row, column in list(line(self._last, cell))[1:]:
                self.touched.emit(row, column, button)
            self._last = cell

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned = None
        if self._last is not None:
            self._last = None
            self.released.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self.at = None
        self.hovered.emit("")
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._fitted = False
        self.place = self.place.zoomed(1.0015 ** event.angleDelta().y(), event.position().x(), event.position().y())
        self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            row, column = self.at or (-ARROWS[key][0], -ARROWS[key][1])
            down, right = ARROWS[key]
            self.at = (min(max(row + down, 0), self.world.rows - 1), min(max(column + right, 0), self.world.columns - 1))
            self._describe(self.at)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.at is not None:
            self.touched.emit(*self.at, Qt.MouseButton.LeftButton)
            self.released.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitted:
            self.fit()
        self._restyle()
