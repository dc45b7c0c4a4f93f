"""What the keys do to a graph; Tab is seen to by the canvas."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.stage.graph.canvas import GraphCanvas
from app.stage.graph.editing import Editing

WAYS = {Qt.Key.Key_Up: -1j, Qt.Key.Key_Right: 1 + 0j, Qt.Key.Key_Down: 1j, Qt.Key.Key_Left: -1 + 0j}
STEP = 0.25
"""How far Alt and an arrow key move a state, in states from one to the next."""


class Keys(QObject):
    """Turns keys into selections and edits."""

    asked = Signal(object)
    """The text of a part is to be edited."""
    arrows_toggled = Signal()

    def __init__(self, canvas: GraphCanvas, editing: Editing) -> None:
        super().__init__()
        self.canvas, self.editing = canvas, editing
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
            if part is not None:
                self.asked.emit(part)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            canvas.document.select(drawing.states)
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
        canvas = self.canvas
        assert canvas.drawing is not None
        states = canvas.drawing.states
        if canvas.current not in states:
            canvas.go_to(next(iter(states)))
            return
        here = states[canvas.current].at
        steps = {name: (state.at - here) / way for name, state in states.items() if name != canvas.current}
        ahead = {name: step for name, step in steps.items() if step.real > 0.5 * abs(step.imag) and step.real > 1e-6}
        if ahead:
            canvas.go_to(min(ahead, key=lambda name: ahead[name].real + 2 * abs(ahead[name].imag)))

    def _nudge(self, way: complex) -> None:
        places = {state: place for state, place in self.canvas.places.items() if state in self.canvas.document.selection}
        if places:
            self.editing.move({state: (x + way.real * STEP, y + way.imag * STEP) for state, (x, y) in places.items()})

    def _free_place(self) -> tuple[float, float]:
        """Right of everything, in the line of the current state."""
        places = self.canvas.places
        across = max((x for x, _ in places.values()), default=-1.0) + 1
        return across, places[self.canvas.current][1] if self.canvas.current in places else 0.0
