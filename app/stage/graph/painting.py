"""Paints a canvas: what does not change with every frame is kept as pictures, the rest goes on top."""

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QPainter, QPen, QPixmap, QTransform

from app.stage.graph import paint
from app.stage.graph.drawing import Drawing
from app.stage.legend import paint_shades
from app.text import tr
from app.theme import theme

if TYPE_CHECKING:
    from app.stage.graph.canvas import GraphCanvas

EDGE, NOTE = 18, 18
"""Pixels beside notes, and from one note to the next."""
COMFORTABLE, LEGIBLE, ROOM = 9.0, 6.0, 1.5
"""Pixels of a letter that reads well, that can be read at all, and how much larger than a label one in a circle may be."""
QUICK = 200
"""Arrows up to which all is painted anew for every step of the mouse."""
REST = 120
"""Milliseconds after which hands count as at rest."""
FINE = 1500
"""Straight lines up to which they are drawn smoothly."""


class Painting:
    """The lines as one picture, the labels as another; circles, marks and the agent in between and above.

    While states are dragged, the pictures, of which the circles are another one then, leave out what moves; that is painted over each.
    """

    def __init__(self, canvas: "GraphCanvas") -> None:
        self.canvas = canvas
        self.layers: dict[str, QPixmap] = {}
        self.painted = QTransform()
        self.settle = QTimer(canvas)
        self.settle.setSingleShot(True)
        self.settle.setInterval(REST)
        self.settle.timeout.connect(canvas.restyle)

    def forget(self) -> None:
        """Something has moved, or has other colours."""
        self.layers.clear()
        self.painted = self._view

    def forget_bold(self) -> None:
        """Other actions are bold."""
        for name in ("strong", "labels"):
            self.layers.pop(name, None)

    def forget_states(self) -> None:
        """Other values are known."""
        self.layers.pop("states", None)

    def look_elsewhere(self) -> None:
        """The view has moved: small drawings are painted anew, of large ones the pictures are moved until hands rest."""
        drawing = self.canvas.drawing
        if drawing is None or len(drawing.arrows) + len(drawing.lines) <= QUICK:
            self.canvas.restyle()
        else:
            self.settle.start()
            self.canvas.update()

    def paint(self, painter: QPainter) -> None:
        """Everything."""
        canvas, drawing = self.canvas, self.canvas.drawing
        painter.fillRect(canvas.rect(), theme.colour("stage"))
        if drawing is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        moving = canvas.moving
        live = frozenset() if moving is None or moving.coarse else moving.pairs
        still = None if moving is None else drawing.nodes.keys() - moving.pairs
        if drawing.sizes.simple:
            lines = [line for step, line in drawing.lines.items() if moving is None or step not in moving.steps]
            self._layer(painter, "lines", lambda on: paint.paint_straight(on, lines), smooth=len(lines) < FINE)
        else:
            self._layer(painter, "lines", lambda on: paint.paint_lines(on, drawing, only=still))
        if canvas.bold:
            strong, text = canvas.bold if still is None else canvas.bold & still, theme.colour("text")
            self._layer(painter, "strong", lambda on: paint.paint_lines(on, drawing, text, paint.BOLD, strong))
        painter.setTransform(self._view)
        if moving is not None and moving.coarse:
            paint.paint_straight(painter, moving.lines)
        if live:
            paint.paint_lines(painter, drawing, only=live)
            paint.paint_lines(painter, drawing, theme.colour("text"), paint.BOLD, canvas.bold & live)
        self._marks(painter, drawing)
        self._states(painter, drawing)
        self._rings(painter, drawing)
        painter.resetTransform()
        if canvas.readable and not drawing.sizes.simple:
            self._layer(painter, "labels", lambda on: paint.paint_labels(on, drawing, canvas.bold, still))
            if live:
                painter.setTransform(self._view)
                paint.paint_labels(painter, drawing, canvas.bold, live)
        painter.setTransform(self._view)
        canvas.token.paint(painter, drawing)
        painter.resetTransform()
        self._hints(painter, drawing)

    @property
    def _view(self) -> QTransform:
        view = self.canvas.viewport
        return QTransform(view.zoom, 0, 0, view.zoom, view.origin.real, view.origin.imag)

    def _picture(self, draw: Callable[[QPainter], None], smooth: bool = True) -> QPixmap:
        ratio = self.canvas.devicePixelRatioF()
        pixmap = QPixmap(round(self.canvas.width() * ratio), round(self.canvas.height() * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        painter.setTransform(self.painted, True)
        draw(painter)
        painter.end()
        return pixmap

    def _layer(self, painter: QPainter, name: str, draw: Callable[[QPainter], None], smooth: bool = True) -> None:
        """A picture where the view has got to since it was painted."""
        if name not in self.layers:
            self.layers[name] = self._picture(draw, smooth)
        painter.setTransform(self.painted.inverted()[0] * self._view)
        painter.drawPixmap(0, 0, self.layers[name])
        painter.resetTransform()

    def _states(self, painter: QPainter, drawing: Drawing) -> None:
        """The circles, with what is known of them."""
        canvas, moving = self.canvas, self.canvas.moving
        larger = _larger(drawing.sizes.text * canvas.zoom)

        def some(on: QPainter, only: Collection[str] | None) -> None:
            paint.paint_states(on, drawing, canvas.shade, larger > 0, larger, only)

        if moving is None:
            some(painter, None)
            return
        self._layer(painter, "states", lambda on: some(on, drawing.states.keys() - moving.states))
        painter.setTransform(self._view)
        some(painter, moving.states)

    def _marks(self, painter: QPainter, drawing: Drawing) -> None:
        """In the accent what is selected, under the mouse, or just being drawn."""
        canvas = self.canvas
        paint.paint_chosen(
            painter, drawing, canvas.chosen | canvas.lit()[0] | ({canvas.under} if isinstance(canvas.under, tuple) else set())
        )
        if canvas.wire is not None:
            paint.paint_wire(painter, drawing, *canvas.wire)

    def _rings(self, painter: QPainter, drawing: Drawing) -> None:
        """Around states that are selected, current, or under the mouse."""
        canvas, radius, accent, thin = self.canvas, drawing.sizes.radius, theme.colour("accent"), 1.0 / min(self.canvas.zoom, 1.0)
        for name in canvas.document.selection & drawing.states.keys():
            paint.paint_ring(painter, drawing.states[name], radius + 4 * thin, accent, 3.0 * thin)
        _, updated, pointed = canvas.lit()
        for place, name in enumerate(updated):
            paint.paint_ring(painter, drawing.states[name], radius + 3 * thin, accent, (3.0 if place == 0 else 1.6) * thin)
        if pointed is not None:
            paint.paint_ring(painter, drawing.states[pointed], radius + 7 * thin, accent, 4.0 * thin, dashed=True)
        if canvas.current in drawing.states and canvas.hasFocus():
            paint.paint_ring(painter, drawing.states[canvas.current], radius + 8 * thin, accent, 1.4 * thin, dashed=True)
        if isinstance(canvas.under, str) and canvas.under in drawing.states:
            paint.paint_ring(painter, drawing.states[canvas.under], radius + 1.5 * thin, accent, 2.0 * thin)

    def _hints(self, painter: QPainter, drawing: Drawing) -> None:
        """The box of a selection, the colours of values, and a line about what cannot be seen."""
        canvas = self.canvas
        if canvas.box is not None:
            painter.setPen(QPen(theme.colour("accent"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(theme.colour("accent", 28))
            painter.drawRect(QRectF(canvas.to_screen(canvas.box[0]), canvas.to_screen(canvas.box[1])).normalized())
        shade = canvas.shade
        if shade is not None and canvas.width() > 420 * theme.scale:
            paint_shades(painter, canvas.width(), canvas.height(), shade.symbol, shade.marks(), shade.signed, canvas.shading.note)
        painter.setFont(paint.font(11.5 * theme.scale))
        painter.setPen(theme.colour("muted"))
        for number, line in enumerate([*self._notes, canvas.shading.missing]):
            box = QRectF(EDGE, EDGE / 2 + number * NOTE * theme.scale, canvas.width() - 2 * EDGE, NOTE * theme.scale)
            ground = QRectF(box.topLeft(), QSizeF(painter.fontMetrics().horizontalAdvance(line), box.height()))
            painter.fillRect(ground.adjusted(-4, 0, 4, 0), theme.colour("stage", 215))
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)

    @property
    def height_of_notes(self) -> float:
        """Pixels at the top that are written on."""
        return NOTE * theme.scale * len(self._notes)

    @property
    def _notes(self) -> list[str]:
        """What cannot be seen."""
        world, drawing, notes = self.canvas.world, self.canvas.drawing, []
        if world is not None and not world.transitions:
            notes.append(tr("Double-click makes a state; drag from the rim of a circle to a state for an action."))
        elif world is not None and not world.start:
            notes.append(tr("Episodes start in any state that has actions."))
        if drawing is not None and drawing.sizes.simple:
            notes.append(tr("Too much for single arrows: lines show what leads where, the other views the actions."))
        return notes


def _larger(pixels: float) -> float:
    """How much larger than labels the names and values of states are written where all is small; 0 where none could be read."""
    larger = min(max(COMFORTABLE / pixels, 1.0), ROOM)
    return larger if larger * pixels >= LEGIBLE else 0.0
