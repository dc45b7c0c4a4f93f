"""The graph on the screen: paints it, says what lies under the mouse, and follows what is known and selected."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.document import OpenWorld
from app.stage.aside import NOTHING, Aside
from app.stage.graph import paint
from app.stage.graph.backup import Backups
from app.stage.graph.crowd import Box
from app.stage.graph.drawing import CAREFUL, DETAILED, OUTCOMES, Drawing, Outcome, Pair, Sizes
from app.stage.graph.field import Field
from app.stage.graph.painting import Painting
from app.stage.graph.panel import Panel
from app.stage.graph.routing import draw, moved
from app.stage.graph.token import Token
from app.stage.graph.viewport import Viewport
from app.stage.legend import WIDTH
from app.stage.overlays.policy import best_actions
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld

Part = str | Pair | Outcome
"""A state, an action in a state, or an outcome."""
Places = dict[str, tuple[float, float]]
MARGIN = 18
READABLE = 6.0
"""Pixels of a letter from which texts are drawn."""
RIM = 0.72
"""Share of a circle's radius from which an arrow begins, and the state is not moved."""
LINE = 100
"""Letters of the status line at most; the panel has all of it."""
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
        self.aside = NOTHING
        self.bold: frozenset[Pair] = frozenset()
        self.chosen: set[Pair | Outcome] = set()
        self.current: str | None = None
        self.under: Part | None = None
        self.pointed = QPointF()
        self.wire: tuple[complex, complex] | None = None
        self.box: tuple[complex, complex] | None = None
        self.held: Places = {}
        self.space = False
        self.viewport = Viewport()
        self.painting = Painting(self)
        self.token = Token()
        self.token.moved.connect(self.update)
        self.field = Field(self)
        self.field.refused.connect(self.said)
        self.panel = Panel(self)
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
        self.snapshot, self.bold, self.aside = None, frozenset(), NOTHING
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
            self.bold = bold
            self.painting.forget_bold()
        self.token.follow(self.snapshot, self.drawing, self.bold)
        if self.under is not None:
            self._describe()
        self.update()

    def set_aside(self, aside: Aside) -> None:
        """Mark the newest update, and the state that is pointed at."""
        self.aside = aside
        self.update()

    def lit(self) -> tuple[set[Pair], list[str], str | None]:
        """The action updated last with its state and those looked up, while eyes can follow; the state that is pointed at."""
        names = [] if self.drawing is None else list(self.drawing.states)
        told, pointed = self.aside.explanation, self.aside.pointed
        marked = names[pointed] if pointed is not None and pointed < len(names) else None
        if self.world is None or not self.aside.steady or told is None or told.state is None or told.state >= len(names):
            return set(), [], marked
        acting = told.action is not None and told.action < len(self.world.actions)
        pair = {(names[told.state], self.world.actions[told.action or 0])} if acting else set()
        return pair, [names[told.state], *(names[state] for state, _ in told.following if state < len(names))], marked

    def redraw(self) -> None:
        """Lay the drawing anew."""
        if self.world is None:
            return
        count = len(self.world.transitions)
        sizes = Sizes(theme.scale, simple=len(self.world.states) > DETAILED or count > OUTCOMES)
        self.drawing = draw(self.world, self.places, sizes, self._width, tr, careful=count <= CAREFUL)
        self.restyle()

    def hold(self, places: Places) -> None:
        """Show some states elsewhere, for as long as they are dragged."""
        self.held = places
        if self.world is not None and self.drawing is not None:
            if self.drawing.sizes.simple:
                self.drawing = draw(self.world, self.places | places, self.drawing.sizes, self._width, tr)
            else:
                self.drawing = moved(self.drawing, self.world, self.places | places, places.keys(), self._width, tr)
            self.restyle()

    def _width(self, text: str) -> float:
        return paint.text_width(text, Sizes(theme.scale).text)

    def restyle(self) -> None:
        """Paint all of it anew."""
        self.painting.forget()
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

    @property
    def zoom(self) -> float:
        return self.viewport.zoom

    def to_screen(self, at: complex) -> QPointF:
        return paint.point(self.viewport.pixel(at))

    def to_scene(self, at: QPointF) -> complex:
        return self.viewport.scene(complex(at.x(), at.y()))

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
        self.viewport.fitted = True
        if self.drawing is not None:
            right = self.width() - MARGIN - WIDTH * theme.scale
            self.viewport.fit(self.drawing.bounds, (MARGIN, MARGIN + self.painting.height_of_notes, right, self.height() - MARGIN))
            self.restyle()

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Larger by a factor, a point of the widget staying where it is."""
        self.viewport.zoom_by(factor, complex(at.x(), at.y()))
        self.painting.look_elsewhere()

    def pan_by(self, step: complex) -> None:
        """Moved by some pixels."""
        self.viewport.move(step)
        self.painting.look_elsewhere()

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
        self.pointed = at or self.pointed
        self._point_at(None if at is None else self.part_at(at))

    def _point_at(self, part: Part | None) -> None:
        if part != self.under:
            self.under = part
            self._describe()
            self.update()

    def _describe(self) -> None:
        """The backup of what is under the mouse, in the panel and as a line."""
        text = "" if self.under is None or self.drawing is None else self.tell(self.under)
        self.said.emit(_line(text))
        busy = [] if self.drawing is None else [self.to_screen(state.at) for state in self.drawing.states.values()]
        self.panel.show_text(text, self.pointed, busy)

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
        if self.viewport.fitted:
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.painting.paint(painter)
        painter.end()

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
        self.reveal(state)
        self.setAccessibleDescription(self.tell(state))
        self.update()

    def reveal(self, state: str) -> None:
        """Show a state where it is out of sight."""
        if self.drawing is not None and state in self.drawing.states:
            edge = self.drawing.sizes.radius * self.zoom + MARGIN
            step = self.viewport.into_view(self.drawing.states[state].at, edge, self.width(), self.height())
            if step:
                self.pan_by(step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self.viewport.fitted:
            self.fit()
        self.restyle()


def _line(text: str) -> str:
    """The first and the last line of a text as one, short enough for the status line."""
    lines = text.split("\n")
    line = lines[0] if len(lines) < 3 else f"{lines[0]}  {next((line for line in reversed(lines) if line.startswith('= ')), lines[-1])}"
    return line if len(line) <= LINE else line[: LINE - 1] + "…"
