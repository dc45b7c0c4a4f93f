"""What the mouse does to a graph: select, move, draw arrows, pan. One press is one gesture."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from app.stage.graph.canvas import GraphCanvas
from app.stage.graph.drawing import Outcome, Part
from app.stage.graph.editing import Editing
from core.worlds.alignment import snapped

FAR = 4.0
"""Pixels from which a press is a drag."""
SEVERAL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def connect(canvas: GraphCanvas, editing: Editing, source: Part, target: str) -> Outcome | None:
    """A new action from a state, or another outcome of an action; it is the one that is selected then."""
    made = editing.link(source, target) if isinstance(source, str) else editing.extend(source[:2], target)
    if made is not None:
        canvas.document.select(())
        canvas.chosen = {made}
    return made


@dataclass
class Gesture:
    """A press on its way: what was under it, and what it has become."""

    kind: str
    at: QPointF
    part: Part | None = None
    moved: bool = False


class Mouse(QObject):
    """Turns the mouse into selections and edits.

    Attributes:
        arrows: whether a press anywhere on a state begins an arrow.
        snaps: whether states move on a lattice.
    """

    asked = Signal(object)
    """The text of a part is to be edited."""

    def __init__(self, canvas: GraphCanvas, editing: Editing) -> None:
        super().__init__()
        self.canvas, self.editing = canvas, editing
        self.arrows = self.snaps = False
        self.gesture: Gesture | None = None
        canvas.pressed.connect(self._press)
        canvas.dragged.connect(self._drag)
        canvas.released.connect(self._release)
        canvas.opened.connect(self._open)

    def _press(self, event: QMouseEvent) -> None:
        at, canvas = event.position(), self.canvas
        if canvas.drawing is None:
            return
        if event.button() is Qt.MouseButton.MiddleButton or (event.button() is Qt.MouseButton.LeftButton and canvas.space):
            self.gesture = Gesture("pan", at)
            canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        part = canvas.part_at(at)
        if event.button() is Qt.MouseButton.RightButton:
            if part is not None and part not in canvas.chosen and part not in canvas.document.selection:
                self._choose(part, several=False)
            return
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if part is None:
            self.gesture = Gesture("box", at)
        elif isinstance(part, str):
            self.gesture = Gesture("wire" if self.arrows or canvas.on_rim(part, at) else "state", at, part)
        elif len(part) == 2:
            self.gesture = Gesture("wire", at, part)
        else:
            label = canvas.readable and canvas.drawing.label_at(canvas.to_scene(at)) == part
            self.gesture = Gesture("label" if label else "arrow", at, part)

    def _drag(self, event: QMouseEvent) -> None:
        at, canvas, gesture = event.position(), self.canvas, self.gesture
        drawing = canvas.drawing
        if gesture is None or drawing is None:
            canvas.point_at(at)
            self._show_cursor(at)
            return
        step = at - gesture.at
        if not gesture.moved and abs(complex(step.x(), step.y())) < FAR:
            return
        first, gesture.moved = not gesture.moved, True
        if gesture.kind == "pan":
            canvas.pan_by(complex(step.x(), step.y()))
            gesture.at = at
        elif gesture.kind == "box":
            canvas.box = canvas.to_scene(gesture.at), canvas.to_scene(at)
            canvas.update()
        elif gesture.kind == "state" and isinstance(gesture.part, str):
            if first and gesture.part not in canvas.document.selection:
                self._choose(gesture.part, several=bool(event.modifiers() & SEVERAL))
            self._move(complex(step.x(), step.y()))
        elif gesture.kind == "wire":
            source = drawing.states[gesture.part].at if isinstance(gesture.part, str) else drawing.nodes[gesture.part[:2]].at  # type: ignore[index]
            canvas.wire = source, canvas.to_scene(at)
            canvas.point_at(at)
            canvas.update()

    def _move(self, pixels: complex) -> None:
        canvas = self.canvas
        assert canvas.drawing is not None
        step = pixels / canvas.zoom / canvas.drawing.sizes.spacing
        places = {
            state: (canvas.places[state][0] + step.real, canvas.places[state][1] + step.imag)
            for state in canvas.places
            if state in canvas.document.selection
        }
        canvas.hold(snapped(places) if self.snaps else {state: (round(x, 3), round(y, 3)) for state, (x, y) in places.items()})

    def _release(self, event: QMouseEvent) -> None:
        gesture, self.gesture = self.gesture, None
        canvas, at = self.canvas, event.position()
        canvas.wire = canvas.box = None
        if gesture is None:
            return
        several = bool(event.modifiers() & SEVERAL)
        if gesture.kind == "pan":
            canvas.unsetCursor()
        elif gesture.kind == "box":
            self._box(gesture.at, at if gesture.moved else gesture.at, several)
        elif gesture.kind == "state" and gesture.moved:
            self.editing.move(canvas.held)
            if canvas.moving is not None:
                canvas.redraw()  # nothing has come of it
        elif gesture.kind == "wire" and gesture.moved:
            self._connect(gesture.part, at)
        elif gesture.part is not None:
            self._choose(gesture.part, several)
            if gesture.kind == "label" and not several:
                self.asked.emit(gesture.part)
        canvas.update()

    def _connect(self, source: Part | None, at: QPointF) -> None:
        """Finish an arrow: at a state, or in a new one."""
        canvas = self.canvas
        assert canvas.drawing is not None
        target = canvas.drawing.state_at(canvas.to_scene(at), 8)
        if target is None:
            name = self.editing.add_state(self._place(at), source if isinstance(source, str) else source[:2] if source else None)
            if name is not None:
                canvas.go_to(name)
            return
        made = connect(canvas, self.editing, source, target) if source is not None else None
        if made is not None:
            self.asked.emit(made)

    def _open(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        part = self.canvas.part_at(event.position())
        if part is not None:
            self.asked.emit(part)
            return
        name = self.editing.add_state(self._place(event.position()))
        if name is not None:
            self.canvas.go_to(name)

    def _place(self, at: QPointF) -> tuple[float, float]:
        place = self.canvas.place_of(self.canvas.to_scene(at))
        return snapped({"": place})[""] if self.snaps else place

    def _choose(self, part: Part, several: bool) -> None:
        canvas, document = self.canvas, self.canvas.document
        if isinstance(part, str):
            canvas.current = part
            document.select(document.selection ^ {part} if several else [part])
            if not several:
                canvas.chosen = set()
        else:
            chosen = canvas.chosen ^ {part} if several else {part}
            if not several:
                document.select(())
            canvas.chosen = chosen
        canvas.update()

    def _box(self, corner: QPointF, other: QPointF, several: bool) -> None:
        canvas = self.canvas
        assert canvas.drawing is not None
        one, two = canvas.to_scene(corner), canvas.to_scene(other)
        inside = [
            name for name, state in canvas.drawing.states.items()
            if min(one.real, two.real) <= state.at.real <= max(one.real, two.real)
            and min(one.imag, two.imag) <= state.at.imag <= max(one.imag, two.imag)
        ]  # fmt: skip
        if not several:
            canvas.chosen = set()
        canvas.document.select({*inside, *(canvas.document.selection if several else ())})

    def _show_cursor(self, at: QPointF) -> None:
        canvas, part = self.canvas, self.canvas.under
        if canvas.space:
            canvas.setCursor(Qt.CursorShape.OpenHandCursor)
        elif isinstance(part, str):
            canvas.setCursor(Qt.CursorShape.CrossCursor if self.arrows or canvas.on_rim(part, at) else Qt.CursorShape.SizeAllCursor)
        elif part is not None and len(part) == 2:
            canvas.setCursor(Qt.CursorShape.CrossCursor)
        elif part is not None:
            canvas.setCursor(
                Qt.CursorShape.IBeamCursor
                if canvas.drawing and canvas.drawing.label_at(canvas.to_scene(at))
                else Qt.CursorShape.PointingHandCursor
            )
        else:
            canvas.unsetCursor()
