"""What keys do on the grid beside moving the cursor: paint, fence, select, copy and paste."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from app.stage.brushes import shape_of
from app.stage.drawing import Drawing
from app.stage.grid_view import ARROWS, GridView
from app.stage.hand import Hand
from app.stage.tools import FILL, FREE, SELECT
from core.worlds.shapes import Place

WAYS = {Qt.Key.Key_Up: "up", Qt.Key.Key_Right: "right", Qt.Key.Key_Down: "down", Qt.Key.Key_Left: "left"}


class GridKeys:
    """Hands keys on to the stroke and the selection.

    Args:
        drawing: what they draw with.
        view: where the cursor is.
    """

    def __init__(self, drawing: Drawing, view: GridView) -> None:
        self.drawing, self.view = drawing, view
        self.held = False
        """Whether Enter has begun a line or rectangle that the next Enter ends."""
        view.keys = self.press
        view.stepped.connect(self.step)

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
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            selecting.delete()
            return True
        if key is Qt.Key.Key_Escape:
            self.held = False
            return self.drawing.cancel()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if at is not None:
                self._enter(Hand(at, pressed=True, ctrl=bool(keys & Qt.KeyboardModifier.ControlModifier)))
            return True
        return False

    def step(self, before: Place | None, at: Place, keys: Qt.KeyboardModifier) -> None:
        """The cursor has moved."""
        if keys & Qt.KeyboardModifier.ShiftModifier:
            self.drawing.selecting.start(before or at)
            self.drawing.selecting.extend(at)
        else:
            self.drawing.move(Hand(at, pressed=self.held))

    def _enter(self, hand: Hand) -> None:
        drawing = self.drawing
        shape = shape_of(drawing.tool, drawing.shape)
        if drawing.selecting.clip is None and drawing.tool is not SELECT and shape not in (FREE, FILL) and not self.held:
            self.held = True
            drawing.press(hand)
            return
        if not self.held:
            drawing.press(hand)
        self.held = False
        drawing.release(hand)
