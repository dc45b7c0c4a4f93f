"""What the keys do to a graph; Tab is seen to by the canvas.

With the tool for arrows, Enter begins one at the state or action that is selected, and ends it at the state that arrow keys went to.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.stage.graph.canvas import GraphCanvas
from app.stage.graph.drawing import Outcome, Pair, Part
from app.stage.graph.editing import Editing
from app.stage.graph.mouse import connect

WAYS = {Qt.Key.Key_Up: -1j, Qt.Key.Key_Right: 1 + 0j, Qt.Key.Key_Down: 1j, Qt.Key.Key_Left: -1 + 0j}
STEP = 0.25
"""How far Alt and an arrow key move a state, in states from one to the next."""


class Keys(QObject):
    """Turns keys into selections and edits.

    Attributes:
        arrows: whether Enter draws arrows.
        source: where the arrow that is being drawn begins.
    """

    asked = Signal(object)
    """The text of a part is to be edited."""
    arrows_toggled = Signal()

    def __init__(self, canvas: GraphCanvas, editing: Editing) -> None:
        super().__init__()
        self.canvas, self.editing = canvas, editing
        self.arrows = False
        self.source: Part | None = None
        canvas.keyed.connect(self._key)

    def _key(self, event: QKeyEvent) -> None:
        canvas, drawing, key = self.canvas, self.canvas.drawing, Qt.Key(event.key())
        if drawing is None:
            event.ignore()
        elif key in WAYS:
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._nudge(WAYS[key])
            else:
                self._go(WAYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            part = next(iter(canvas.chosen), None) or canvas.current
            if part is not None and self.arrows and len(part) != 3 and key != Qt.Key.Key_F2:
                self._draw(part)
            elif part is not None:
                self.asked.emit(part)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            canvas.document.select(drawing.states)
        elif key == Qt.Key.Key_Escape and self.source is not None:
            self._let_go()
        elif key == Qt.Key.Key_Escape:
            canvas.chosen = set()
            canvas.document.select(())
            canvas.update()
        elif key == Qt.Key.Key_N and not event.modifiers():
            name = self.editing.add_state(self._free_place())
            if name is not None:
                canvas.go_to(name)
        elif key == Qt.Key.Key_A and not event.modifiers():
            self.arrows_toggled.emit()
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            canvas.space = True
            canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        elif key != Qt.Key.Key_Space:
            event.ignore()

    def delete(self) -> None:
        """Take away what is selected."""
        canvas = self.canvas
        pairs = [part for part in canvas.chosen if len(part) == 2]
        outcomes = [part for part in canvas.chosen if len(part) == 3]
        states = [state for state in (canvas.drawing.states if canvas.drawing else ()) if state in canvas.document.selection]
        self.editing.delete(states, pairs, outcomes)

    def _go(self, way: complex) -> None:
        """To the nearest state in a direction."""
        canvas, current = self.canvas, self._current
        assert canvas.drawing is not None
        states = canvas.drawing.states
        if current is None:
            canvas.go_to(next(iter(states)))
            return
        here = states[current].at
        steps = {name: (state.at - here) / way for name, state in states.items() if name != current}
        ahead = {name: step for name, step in steps.items() if step.real > 0.5 * abs(step.imag) and step.real > 1e-6}
        if ahead:
            canvas.go_to(min(ahead, key=lambda name: ahead[name].real + 2 * abs(ahead[name].imag)))
        self._show_wire()

    @property
    def _current(self) -> str | None:
        """The state that keys are at, or that of the action or outcome that is selected."""
        canvas = self.canvas
        state = canvas.current or next((part[0] for part in canvas.chosen), None)
        return state if canvas.drawing is not None and state in canvas.drawing.states else None

    def _turn(self, step: int) -> None:
        """Select the next of the actions of the state and their outcomes."""
        canvas, drawing, state = self.canvas, self.canvas.drawing, self._current
        assert drawing is not None
        parts: list[Pair | Outcome] = []
        for pair in (pair for pair in drawing.nodes if pair[0] == state):
            parts += [pair, *(outcome for outcome in drawing.arrows if outcome[:2] == pair)]
        if not parts:
            return
        at = next((parts.index(part) for part in canvas.chosen if part in parts), -1 if step > 0 else len(parts))
        part = parts[(at + step) % len(parts)]
        canvas.document.select(())
        canvas.chosen = {part}
        canvas.say(part)

    def _draw(self, part: Part) -> None:
        """Begin an arrow, or end it."""
        canvas, state = self.canvas, self._current
        if self.source is None:
            self.source = part
            if not isinstance(part, str) and state is not None:
                canvas.go_to(state)
            self._show_wire()
            return
        source, made = self.source, None
        self._let_go()
        if state is not None:
            made = connect(canvas, self.editing, source, state)
        if made is not None:
            self.asked.emit(made)

    def _let_go(self) -> None:
        self.source = self.canvas.wire = None
        self.canvas.update()

    def _show_wire(self) -> None:
        """From where the arrow begins to where it would end."""
        canvas, state, source = self.canvas, self._current, self.source
        if canvas.drawing is None or source is None or state is None:
            return
        begin = canvas.drawing.states.get(source) if isinstance(source, str) else canvas.drawing.nodes.get(source[:2])
        if begin is None:
            self._let_go()  # an edit has taken it away
            return
        end = canvas.drawing.states[state].at
        canvas.wire = begin.at, end if end != begin.at else end + canvas.drawing.sizes.radius
        canvas.update()

    def _nudge(self, way: complex) -> None:
        places = {state: place for state, place in self.canvas.places.items() if state in self.canvas.document.selection}
        if places:
            self.editing.move({state: (x + way.real * STEP, y + way.imag * STEP) for state, (x, y) in places.items()})

    def _free_place(self) -> tuple[float, float]:
        """Right of everything, in the line of the current state."""
        places = self.canvas.places
        across = max((x for x, _ in places.values()), default=-1.0) + 1
        return across, places[self.canvas.current][1] if self.canvas.current in places else 0.0
