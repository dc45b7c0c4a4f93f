"""A widget that shows part of a drawing, tells what is where on the screen, and hands mouse and keys on."""

from PySide6.QtCore import QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from app.stage.graph.crowd import Box
from app.stage.graph.drawing import Drawing, Part
from app.stage.graph.paint import point
from app.stage.graph.viewport import Viewport
from app.theme import theme

READABLE = 6.0
"""Pixels of a letter from which texts are drawn."""
RIM = 0.72
"""Share of a circle's radius from which an arrow begins, and the state is not moved."""
REACH = 7.0
"""Pixels around thin things that still count as on them."""


class Port(QWidget):
    """The widget. A key that `keyed` leaves ignored goes on to its parent."""

    pressed = Signal(QMouseEvent)
    dragged = Signal(QMouseEvent)
    released = Signal(QMouseEvent)
    opened = Signal(QMouseEvent)
    """Double-clicked."""
    keyed = Signal(QKeyEvent)

    def __init__(self) -> None:
        super().__init__()
        self.viewport = Viewport()
        self.drawing: Drawing | None = None
        self.setMouseTracking(True)

    @property
    def zoom(self) -> float:
        return self.viewport.zoom

    def to_screen(self, at: complex) -> QPointF:
        return point(self.viewport.pixel(at))

    def to_scene(self, at: QPointF) -> complex:
        return self.viewport.scene(complex(at.x(), at.y()))

    def screen_box(self, box: Box) -> QRect:
        corner, other = self.to_screen(complex(box[0], box[1])), self.to_screen(complex(box[2], box[3]))
        return QRectF(corner, other).toRect()

    def place_of(self, at: complex) -> tuple[float, float]:
        """A point of the scene in states from one to the next."""
        assert self.drawing is not None
        spacing = self.drawing.sizes.spacing
        return round(at.real / spacing, 3), round(at.imag / spacing, 3)

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.dragged.emit(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released.emit(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        self.keyed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)
