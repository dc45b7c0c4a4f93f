"""The graph on the screen: paints it, says what lies under the mouse, and follows what is known and selected."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent

from app.document import OpenWorld
from app.stage.aside import NOTHING, Aside
from app.stage.graph import paint
from app.stage.graph.backup import Backups, line_of
from app.stage.graph.drawing import CAREFUL, DETAILED, OUTCOMES, Outcome, Pair, Part, Sizes
from app.stage.graph.field import Field
from app.stage.graph.moving import Moving, followed
from app.stage.graph.painting import Painting
from app.stage.graph.panel import Panel
from app.stage.graph.port import Port
from app.stage.graph.routing import draw
from app.stage.graph.shading import Shading
from app.stage.graph.token import Token
from app.stage.legend import WIDTH
from app.stage.overlays.policy import best_actions
from app.stage.shade import Shade
from app.text import tr
from app.theme import theme
from core.learner import Snapshot
from core.worlds.table import TableWorld

Places = dict[str, tuple[float, float]]
MARGIN = 18


class GraphCanvas(Port):
    """Shows one table.

    Attributes:
        moving: states that are being dragged, with the drawing as it is meanwhile.
        chosen: actions and outcomes that are selected; states are selected in the document.
        current: the state that keys act on.
        wire: an arrow being drawn, from a point to another.
        box: a box being drawn around what is to be selected.
    """

    said = Signal(str)
    menu_asked = Signal(QPointF, QPoint)
    """At a place of the canvas, and of the screen."""

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document
        self.world: TableWorld | None = None
        self.places: Places = {}
        self.snapshot: Snapshot | None = None
        self.aside = NOTHING
        self.bold: frozenset[Pair] = frozenset()
        self.chosen: set[Pair | Outcome] = set()
        self.current: str | None = None
        self.under: Part | None = None
        self.pointed = QPointF()
        self.wire: tuple[complex, complex] | None = None
        self.box: tuple[complex, complex] | None = None
        self.moving: Moving | None = None
        self.held: Places = {}
        self.space = False
        self.painting = Painting(self)
        self.token = Token()
        self.token.moved.connect(self.update)
        self.field = Field(self)
        self.field.refused.connect(self.said)
        self.panel = Panel(self)
        self.shading = Shading(self)
        self.shading.changed.connect(self.restyle)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Graph of states and actions"))
        self.setMinimumSize(QSize(240, 160))
        document.selected.connect(self._selected)
        theme.changed.connect(self._themed)

    # What is shown

    def set_world(self, world: TableWorld, places: Places, anew: bool) -> None:
        """Show a table; what was known of another one is forgotten. `anew`: it is another world, not the same after an edit."""
        before = None if anew or self.world is None else (self.world, self.places)
        self.world, self.places = world, places
        self.snapshot, self.bold, self.aside = None, frozenset(), NOTHING
        self.token.follow(None, None, self.bold)
        self.redraw(before)
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
        self.painting.forget_states()
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
        self.painting.forget_states()
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

    def redraw(self, before: tuple[TableWorld, Places] | None = None) -> None:
        """Lay the drawing anew: all of it, or what differs from the table that was drawn before and its places."""
        if self.world is None:
            return
        count, old, self.drawing = len(self.world.transitions), self.drawing, None
        sizes, careful = Sizes(theme.scale, simple=len(self.world.states) > DETAILED or count > OUTCOMES), count <= CAREFUL
        if before is not None and old is not None and old.sizes == sizes:
            self.drawing = followed(old, before, (self.world, self.places), self._width, tr, careful)
        if self.drawing is None:
            self.drawing = draw(self.world, self.places, sizes, self._width, tr, careful)
        self.moving, self.held = None, {}
        self.restyle()

    def hold(self, places: Places) -> None:
        """Show some states elsewhere, for as long as they are dragged."""
        if self.world is None or self.drawing is None or not places:
            return
        if self.moving is None or self.moving.states != places.keys():
            self.moving = Moving(self.drawing, self.world, self.places | self.held, frozenset(places), self._width, tr)
            self.restyle()
        self.held = places
        dirty = self.screen_box(self.moving.to(places))
        self.drawing = self.moving.drawing
        self.update(dirty.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))

    def _width(self, text: str) -> float:
        return paint.text_width(text, Sizes(theme.scale).text)

    def restyle(self) -> None:
        """Paint all of it anew."""
        self.painting.forget()
        self.update()

    @property
    def shade(self) -> Shade | None:
        """The numbers that colour the states."""
        return None if self.drawing is None else self.shading.shade(self.snapshot, self.aside, len(self.drawing.states))

    # Where it is

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
        self.said.emit(line_of(text))
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

    def say(self, part: Part) -> None:
        """Tell what is known of a part that keys have selected."""
        text = self.tell(part)
        self.said.emit(line_of(text))
        self.setAccessibleDescription(text)
        self.update()

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

    def leaveEvent(self, event: object) -> None:
        self.point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(1.0015 ** event.angleDelta().y(), event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = self.to_screen(self.drawing.states[self.current].at) if keyboard and self.drawing and self.current else QPointF(event.pos())
        self.menu_asked.emit(at, self.mapToGlobal(at.toPoint()))

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
