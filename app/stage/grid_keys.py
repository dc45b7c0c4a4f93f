"""What keys do on the grid beside moving the cursor: paint, erase, fence, select, copy and paste.

Space or Enter is the left button of the mouse, Backspace the right one: held down, they draw along with the arrow keys. Where a shape
goes from corner to corner, pressing once begins it and pressing again ends it, too.
"""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.stage.brushes import shape_of
from app.stage.drawing import Drawing
from app.stage.grid_view import ARROWS, GridView
from app.stage.hand import Hand
from app.stage.tools import FILL, FREE, SELECT
from core.worlds.shapes import Place

WAYS = {Qt.Key.Key_Up: "up", Qt.Key.Key_Right: "right", Qt.Key.Key_Down: "down", Qt.Key.Key_Left: "left"}
STEPS = {step: WAYS[key] for key, step in ARROWS.items()}
DRAW = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
ERASE = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class GridKeys(QObject):
    """Hands keys on to the stroke and the selection.

    Args:
        drawing: what they draw with.
        view: where the cursor is.

    Attributes:
        held: the press that began the stroke under way; None where there is none.
    """

    def __init__(self, drawing: Drawing, view: GridView) -> None:
        super().__init__(view)
        self.drawing, self.view = drawing, view
        self.held: Hand | None = None
        self._down: Qt.Key | None = None
        self._way = "up"
        view.keys = self.press
        view.stepped.connect(self.step)
        view.installEventFilter(self)

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means; False where it means nothing here."""
        key, selecting, at = Qt.Key(event.key()), self.drawing.selecting, self.view.at
        keys = event.modifiers()
        for standard, action in (
            (QKeySequence.StandardKey.Copy, selecting.copy),
            (QKeySequence.StandardKey.Cut, selecting.cut),
            (QKeySequence.StandardKey.Paste, selecting.paste),
            (QKeySequence.StandardKey.SelectAll, selecting.all),
        ):
            if event.matches(standard):
                action()
                return True
        if key in ARROWS and keys & Qt.KeyboardModifier.AltModifier:
            if at is not None:
                self.drawing.fence_at(at, WAYS[key])
            return True
        if key in ARROWS and keys & Qt.KeyboardModifier.ControlModifier and selecting.region is not None:
            selecting.nudge(*ARROWS[key])
            return True
        if (
            key in ERASE
            and selecting.region is not None
            and self.held is None
            and (self.drawing.tool is SELECT or key is Qt.Key.Key_Delete)
        ):
            selecting.delete()
            return True
        if key is Qt.Key.Key_Escape:
            self.held = self._down = None
            return self.drawing.cancel()
        if key in DRAW or key in ERASE:
            if at is not None and not event.isAutoRepeat():
                ctrl = bool(keys & Qt.KeyboardModifier.ControlModifier)
                self._press(key, Hand(at, self._way, pressed=True, erase=key in ERASE, ctrl=ctrl))
            return True
        return False

    def step(self, before: Place | None, at: Place, keys: Qt.KeyboardModifier) -> None:
        """The cursor has moved."""
        if before is not None and before != at:
            self._way = STEPS[at[0] - before[0], at[1] - before[1]]
        if keys & Qt.KeyboardModifier.ShiftModifier and self.held is None:
            self.drawing.selecting.start(before or at)
            self.drawing.selecting.extend(at)
        else:
            self.drawing.move(self._hand(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyRelease:
            if Qt.Key(event.key()) is self._down and not event.isAutoRepeat():
                self._let_go()
        elif event.type() is QEvent.Type.FocusOut and self._down is not None:
            self._let_go()  # nobody will tell of it
        return False

    def _press(self, key: Qt.Key, hand: Hand) -> None:
        """Begin a stroke, or end the one that waits for its other corner."""
        if self.held is None:
            self.held, self._down = hand, key
            self.drawing.press(hand)
        elif self._down is None:
            self._end()

    def _let_go(self) -> None:
        """End the stroke, but for a shape whose other corner is still to come."""
        drawing, at, self._down = self.drawing, self.view.at, None
        shape = FREE if drawing.tool is SELECT else shape_of(drawing.tool, drawing.shape)
        if self.held is not None and (shape in (FREE, FILL) or at != self.held.cell):
            self._end()

    def _end(self) -> None:
        hand = self._hand(self.view.at or (self.held.cell if self.held is not None else (0, 0)))
        self.held = None
        self.drawing.release(hand)

    def _hand(self, at: Place) -> Hand:
        """Where the cursor is: facing the way it came, or, within a stroke, the way it faced as that began."""
        held = self.held
        return Hand(at, self._way) if held is None else Hand(at, held.way, pressed=True, erase=held.erase, ctrl=held.ctrl)
