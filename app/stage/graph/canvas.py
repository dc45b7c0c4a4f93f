"""The graph on the screen: paints it, says what lies under the mouse, and follows what is known and selected."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from app.document import OpenWorld
from app.stage.graph import paint
from app.stage.graph.backup import Backups
from app.stage.graph.crowd import Box
from app.stage.graph.curves import unit
from app.stage.graph.drawing import CAREFUL, DETAILED, OUTCOMES, Drawing, Outcome, Pair, Sizes
from app.stage.graph.field import Field
from app.stage.graph.routing import draw
from app.stage.graph.token import Token
from app.stage.legend import WIDTH, paint_legend
from app.stage.overlays.policy import best_actions
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld

Part = str | Pair | Outcome
"""A state, an action in a state, or an outcome."""
Places = dict[str, tuple[float, float]]
LARGEST, SMALLEST = 5.0, 0.02
MARGIN = 18
READABLE = 6.0
"""Pixels of a letter from which texts are drawn."""
RIM = 0.72
"""Share of a circle's radius from which an arrow begins, and the state is not moved."""
REACH = 7.0
"""Pixels around thin things that still count as on them."""


class GraphCanvas(QWidget):
    """Shows one table.

    Attributes:
        chosen: actions and outcomes that are selected; states are selected in the document.
        current: the state that keys act on.
        wire: an arrow being drawn, from a point to another.
        box: a box being drawn around what is to be selected.
    """

    said = Signal(str)
    pressed = Signal(QMouseEvent)
    dragged = Signal(QMouseEvent)
    released = Signal(QMouseEvent)
    opened = Signal(QMouseEvent)
    """Double-clicked."""
    keyed = Signal(QKeyEvent)
    menu_asked = Signal(QPointF, QPoint)
    """At a place of the canvas, and of the screen."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.world: TableWorld | None = None
        self.places: Places = {}
        self.drawing: Drawing | None = None
        self.snapshot: Snapshot | None = None
        self.bold: frozenset[Pair] = frozenset()
        self.chosen: set[Pair | Outcome] = set()
        self.current: str | None = None
        self.under: Part | None = None
        self.wire: tuple[complex, complex] | None = None
        self.box: tuple[complex, complex] | None = None
        self.held: Places = {}
        self.space = False
        self.zoom, self.origin = 1.0, 0j
        self.fitted = True
        self._lines: QPixmap | None = None
        self._labels: QPixmap | None = None
        self.token = Token()
        self.token.moved.connect(self.update)
        self.field = Field(self)
        self.field.refused.connect(self.said)
        self.panel = QLabel(self)
        self.panel.setTextFormat(Qt.TextFormat.PlainText)
        self.panel.setWordWrap(True)
        self.panel.setFrameShape(QFrame.Shape.StyledPanel)
        self.panel.setMargin(8)
        self.panel.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.panel.hide()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Graph of states and actions"))
        self.setMinimumSize(QSize(240, 160))
        document.selected.connect(self._selected)
        theme.changed.connect(self._themed)

    # What is shown

    def set_world(self, world: TableWorld, places: Places, anew: bool) -> None:
        """Show a table; what was known of another one is forgotten. `anew`: it is another world, not the same after an edit."""
        self.world, self.places, self.held = world, places, {}
        self.snapshot, self.bold = None, frozenset()
        self.token.follow(None, None, self.bold)
        self.redraw()
        assert self.drawing is not None
        self.chosen = (
            set() if anew else {part for part in self.chosen if part in (self.drawing.nodes if len(part) == 2 else self.drawing.arrows)}
        )
        self.current = self.current if self.current in self.drawing.states and not anew else None
        if anew or not self.field.isVisible():
            self.field.leave()
        self._point_at(None)
        if anew:
            self.fit()

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it."""
        if self.drawing is None or self.world is None:
            return
        states = len(self.drawing.states)
        fits = snapshot is not None and (snapshot.values is None or len(snapshot.values) == states)
        self.snapshot = snapshot if fits else None
        q = None if self.snapshot is None else self.snapshot.q
        bold: frozenset[Pair] = frozenset()
        if q is not None and q.shape == (states, len(self.world.actions)) and not self.drawing.sizes.simple:
            where = np.argwhere(best_actions(q)).tolist()
            bold = frozenset((self.world.states[state], self.world.actions[action]) for state, action in where)
        if bold != self.bold:
            self.bold, self._labels = bold, None
        self.token.follow(self.snapshot, self.drawing, self.bold)
        if self.under is not None:
            self._describe()
        self.update()

    def redraw(self, careful: bool = True) -> None:
        """Lay the drawing anew, with states that are held where they are held."""
        if self.world is None:
            return
        count = len(self.world.transitions)
        sizes = Sizes(theme.scale, simple=len(self.world.states) > DETAILED or count > OUTCOMES)
        self.drawing = draw(
            self.world,
            self.places | self.held,
            sizes,
            lambda text: paint.text_width(text, sizes.text),
            named=lambda action: tr(action),
            careful=careful and count <= CAREFUL,
        )
        self.restyle()

    def restyle(self) -> None:
        """Paint all of it anew."""
        self._lines = self._labels = None
        self.update()

    @property
    def values(self) -> Floats | None:
        return None if self.snapshot is None else self.snapshot.values

    @property
    def span(self) -> float:
        """The largest size of any value on show."""
        values = self.values
        largest = 0.0 if values is None else float(np.fmax.reduce(np.abs(values), initial=0.0))
        return largest or 1.0

    # Where it is

    def to_screen(self, at: complex) -> QPointF:
        moved = self.origin + at * self.zoom
        return QPointF(moved.real, moved.imag)

    def to_scene(self, at: QPointF) -> complex:
        return (complex(at.x(), at.y()) - self.origin) / self.zoom

    def place_of(self, at: complex) -> tuple[float, float]:
        """A point of the scene in states from one to the next."""
        assert self.drawing is not None
        spacing = self.drawing.sizes.spacing
        return round(at.real / spacing, 3), round(at.imag / spacing, 3)

    def screen_box(self, box: Box) -> QRect:
        corner, other = self.to_screen(complex(box[0], box[1])), self.to_screen(complex(box[2], box[3]))
        return QRectF(corner, other).toRect()

    def fit(self) -> None:
        """Show all of it, no larger than reads well."""
        self.fitted = True
        if self.drawing is None:
            return
        left, top, right, bottom = self.drawing.bounds
        width, height = max(self.width() - 2 * MARGIN - WIDTH * theme.scale, 40), max(self.height() - 2 * MARGIN, 40)
        self.zoom = max(min(width / (right - left), height / (bottom - top), 1.5), SMALLEST)
        self.origin = complex(MARGIN + width / 2, MARGIN + height / 2) - complex(left + right, top + bottom) / 2 * self.zoom
        self.restyle()

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Larger by a factor, a point of the widget staying where it is."""
        factor = min(max(self.zoom * factor, SMALLEST), LARGEST) / self.zoom
        point = complex(at.x(), at.y())
        self.origin = point + (self.origin - point) * factor
        self.zoom *= factor
        self.fitted = False
        self.restyle()

    def pan_by(self, step: complex) -> None:
        """Moved by some pixels."""
        self.origin += step
        self.fitted = False
        self.restyle()

    def part_at(self, at: QPointF) -> Part | None:
        """What lies under a point of the widget."""
        if self.drawing is None:
            return None
        point, reach = self.to_scene(at), REACH / self.zoom
        return (
            (self.drawing.label_at(point) if self.readable else None)
            or self.drawing.node_at(point, reach * 0.6)
            or self.drawing.state_at(point, min(reach, 8 * theme.scale))
            or self.drawing.arrow_at(point, reach)
        )

    def on_rim(self, state: str, at: QPointF) -> bool:
        """Whether a point lies so far from the middle of a state that an arrow begins there."""
        assert self.drawing is not None
        return abs(self.to_scene(at) - self.drawing.states[state].at) > RIM * self.drawing.sizes.radius

    @property
    def readable(self) -> bool:
        return self.drawing is not None and self.drawing.sizes.text * self.zoom >= READABLE

    # Pointing

    def point_at(self, at: QPointF | None) -> None:
        """The mouse is there; None where it has left."""
        self._point_at(None if at is None else self.part_at(at))

    def _point_at(self, part: Part | None) -> None:
        if part != self.under:
            self.under = part
            self._describe()
            self.update()

    def _describe(self) -> None:
        """The backup of what is under the mouse, in the panel and as a line."""
        text = "" if self.under is None else self.tell(self.under)
        self.panel.setVisible(bool(text))
        self.said.emit("   ".join(text.split("\n")))
        if text:
            self.panel.setStyleSheet(f"background: {theme.colours.panel}; border: 1px solid {theme.colours.border}; border-radius: 6px;")
            self.panel.setText(text)
            room = min(round(620 * theme.scale), self.width() - 2 * MARGIN)
            widest = max(self.panel.fontMetrics().horizontalAdvance(line) for line in text.split("\n")) + 30
            self.panel.setFixedWidth(min(room, widest))
            self.panel.adjustSize()
            self.panel.move(MARGIN // 2, self.height() - self.panel.height() - MARGIN // 2)

    def tell(self, part: Part) -> str:
        """What is known of a part."""
        if self.world is None or self.drawing is None:
            return ""
        backups = Backups(self.world, self.drawing, self.snapshot)
        if isinstance(part, str):
            return backups.state(part)
        if len(part) == 2:
            return backups.pair(part)
        return backups.outcome(self.drawing.arrows[part].row) + "\n" + backups.pair(part[:2])

    def _selected(self) -> None:
        if self.drawing is not None and self.current not in self.document.selection:
            known = [state for state in self.drawing.states if state in self.document.selection]
            self.current = known[0] if known else None
        if self.document.selection:
            self.chosen = set()
        if self.current is not None and self.isVisible() and self.current in (self.drawing.states if self.drawing else ()):
            self.setAccessibleDescription(self.tell(self.current))
        self.update()

    def _themed(self) -> None:
        self.redraw()
        if self.fitted:
            self.fit()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("stage"))
        drawing = self.drawing
        if drawing is None:
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._lines is None:
            self._lines = self._picture(lambda on: paint.paint_lines(on, drawing), smooth=len(drawing.lines) < 1500)
        painter.drawPixmap(0, 0, self._lines)
        painter.setTransform(self._view)
        self._paint_marks(painter, drawing)
        paint.paint_states(painter, drawing, self.values, self.span, self.readable)
        self._paint_rings(painter, drawing)
        painter.resetTransform()
        if self.readable and not drawing.sizes.simple:
            if self._labels is None:
                self._labels = self._picture(lambda on: paint.paint_labels(on, drawing, self.bold))
            painter.drawPixmap(0, 0, self._labels)
        painter.setTransform(self._view)
        self.token.paint(painter, drawing)
        painter.resetTransform()
        self._paint_hints(painter, drawing)
        painter.end()

    @property
    def _view(self) -> QTransform:
        return QTransform(self.zoom, 0, 0, self.zoom, self.origin.real, self.origin.imag)

    def _picture(self, draw_on, smooth: bool = True) -> QPixmap:  # type: ignore[no-untyped-def]
        """A transparent picture of what does not change with every frame."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        painter.setTransform(self._view, True)
        draw_on(painter)
        painter.end()
        return pixmap

    def _paint_marks(self, painter: QPainter, drawing: Drawing) -> None:
        """Greedy actions bold, what is selected in the accent, what is under the mouse a little stronger."""
        if self.bold:
            paint.paint_lines(painter, drawing, theme.colour("text"), paint.BOLD, self.bold)
        accent = theme.colour("accent")
        marked = {part for part in self.chosen if len(part) == 3}
        under = self.under if isinstance(self.under, tuple) else None
        if under is not None and len(under) == 3:
            marked.add(under)
        for outcome in marked & drawing.arrows.keys():
            arrow = drawing.arrows[outcome]
            painter.setPen(QPen(accent, 2.6 * theme.scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(paint.path(arrow.curve))
            paint.paint_heads(painter, [arrow], accent, drawing.sizes.head * 1.15)
        pairs = {part for part in self.chosen if len(part) == 2} | ({under} if under is not None and len(under) == 2 else set())
        if pairs:
            paint.paint_lines(painter, drawing, accent, 2.2, pairs & drawing.nodes.keys())
        if self.wire is not None:
            start, end = self.wire
            painter.setPen(QPen(accent, 2.4 * theme.scale, Qt.PenStyle.DashLine))
            painter.drawLine(paint.point(start), paint.point(end))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            paint.paint_head(painter, end, unit(end - start), drawing.sizes.head * 1.3)

    def _paint_rings(self, painter: QPainter, drawing: Drawing) -> None:
        radius, accent, thin = drawing.sizes.radius, theme.colour("accent"), 1.0 / min(self.zoom, 1.0)
        for name in self.document.selection:
            if name in drawing.states:
                paint.paint_ring(painter, drawing.states[name], radius + 4 * thin, accent, 3.0 * thin)
        if self.current in drawing.states and self.hasFocus():
            paint.paint_ring(painter, drawing.states[self.current], radius + 8 * thin, accent, 1.4 * thin, dashed=True)
        if isinstance(self.under, str) and self.under in drawing.states:
            paint.paint_ring(painter, drawing.states[self.under], radius + 1.5 * thin, accent, 2.0 * thin)

    def _paint_hints(self, painter: QPainter, drawing: Drawing) -> None:
        if self.box is not None:
            painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(theme.colour("accent", 28))
            painter.drawRect(QRectF(self.to_screen(self.box[0]), self.to_screen(self.box[1])).normalized())
        if self.values is not None and self.width() > 420 * theme.scale:
            paint_legend(painter, self.width(), self.height(), self.span, "V(s)")
        lines = []
        if not self.world or not self.world.transitions:
            lines = [tr("Double-click makes a state; drag from the rim of a circle to a state for an action.")]
        elif not self.world.start:
            lines = [tr("Episodes start in any state that has actions.")]
        if drawing.sizes.simple:
            lines.append(tr("Too much to read: zoom in for the names of states; actions are in the other views."))
        painter.setFont(paint.font(11.5 * theme.scale))
        painter.setPen(theme.colour("muted"))
        for number, line in enumerate(lines):
            box = QRectF(MARGIN, MARGIN / 2 + number * 18 * theme.scale, self.width() - 2 * MARGIN, 18 * theme.scale)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)

    # Mouse and keys are handed on

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released.emit(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(event)

    def leaveEvent(self, event: object) -> None:
        self.point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(1.0015 ** event.angleDelta().y(), event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = self.to_screen(self.drawing.states[self.current].at) if keyboard and self.drawing and self.current else QPointF(event.pos())
        self.menu_asked.emit(at, self.mapToGlobal(at.toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        self.keyed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space = False
            self.unsetCursor()
        super().keyReleaseEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from state to state, and on to the next part of the window behind the last."""
        states = list(self.drawing.states) if self.drawing is not None else []
        at = (states.index(self.current) if self.current in states else (-1 if forward else len(states))) + (1 if forward else -1)
        if not 0 <= at < len(states):
            return super().focusNextPrevChild(forward)
        self.go_to(states[at])
        return True

    def go_to(self, state: str) -> None:
        """Make a state the current one, select it alone and bring it into view."""
        self.current = state
        self.document.select([state])
        self._reveal(state)
        self.setAccessibleDescription(self.tell(state))
        self.update()

    def _reveal(self, state: str) -> None:
        if self.drawing is not None:
            at, edge = self.to_screen(self.drawing.states[state].at), self.drawing.sizes.radius * self.zoom + MARGIN
            across = max(edge - at.x(), 0.0) + min(self.width() - edge - at.x(), 0.0)
            down = max(edge - at.y(), 0.0) + min(self.height() - edge - at.y(), 0.0)
            if across or down:
                self.pan_by(complex(across, down))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.fitted:
            self.fit()
        self.restyle()
