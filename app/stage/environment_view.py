"""The agent at play: the environment's own picture, with what the agent sees, expects and does beside it."""

from itertools import islice

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.picture import Status
from app.sentences import told
from app.stage.environment.company import cells, paint_companion
from app.stage.environment.image import differing, image_of
from app.stage.environment.played import PlayedWidget
from app.stage.environment.steering import Steering, steering_of
from app.stage.hud import Block, Hud, blocks, heights, major
from app.stage.hud_layout import Layout, lay_out
from app.text import tr
from app.theme import theme
from app.viewing.frames import ViewerFrame
from core.worlds.gym import GymWorld
from core.worlds.rendering import Pixels, whole_pixels

EDGE = 16
"""Pixels around picture and numbers, where there is room for them."""
SHAPE = 1.5
"""Width over height of a picture that is not there yet."""
READABLE = 250
"""Milliseconds between two sets of numbers: faster, nobody could read them."""


class EnvironmentView(PlayedWidget):
    """Shows the newest `ViewerFrame`.

    `held` carries the action whose key is held, None for no key; `dragged` a handle and where in the picture it is dragged to.

    Attributes:
        asking: whether what is in the picture can be dragged.
        steering: whether the person plays by keys.
    """

    held = Signal(object)
    dragged = Signal(int, float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.world: GymWorld | None = None
        self.frame: ViewerFrame | None = None
        self.status = Status.idle
        self.asking = self.steering = False
        self._handle: int | None = None
        self._pressed: list[int] = []
        self._images: list[QImage | None] = []
        self._image: QImage | None = None
        self._pixels: Pixels | None = None
        self._numbers = QTimer(self, singleShot=True, interval=READABLE)
        self._numbers.timeout.connect(self._renew_numbers)
        self._said: tuple[Layout, tuple[Block, ...]] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The agent at play"))
        theme.changed.connect(self.refresh)

    def set_world(self, world: GymWorld | None) -> None:
        """Show another environment."""
        self.world = world
        self.clear()

    def tell(self, status: Status) -> None:
        """Say what goes on while there is nothing to see yet."""
        self.status = status
        if self.frame is None:
            self.refresh()

    def show_frame(self, frame: ViewerFrame) -> None:
        """Show the newest step."""
        if frame is self.frame:
            return
        before, self.frame, shown = self.frame, frame, self._pixels
        if before is None or before.picture is not frame.picture:
            self._pixels = None if frame.picture is None else whole_pixels(frame.picture)
            self._image = None if self._pixels is None else image_of(self._pixels)
        self._images = [None if one.picture is None else image_of(whole_pixels(one.picture)) for one in frame.company]
        if before is None or frame.steered != before.steered or frame.ended != before.ended or not frame.playing:
            self.refresh()
            return
        self.update(self._moved(shown))
        if not self._numbers.isActive():
            self._numbers.start()

    def clear(self) -> None:
        """Forget the run."""
        self.frame, self._pixels, self._image, self._images = None, None, None, []
        self.refresh()

    def refresh(self) -> None:
        """Draw everything anew."""
        self._said = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._said = None

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 200)

    def sizeHint(self) -> QSize:
        return QSize(820, 460)

    def picture_rect(self) -> QRect:
        """Where the picture is drawn, in the widget's own pixels."""
        if self._image is None:
            return QRect()
        room = self._layout.picture
        size = QSize(self._image.width(), self._image.height()).scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(room.center().toPoint())
        return place

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour("stage"))
        if self.frame is None or self.world is None:
            self._say(painter, QRectF(self.rect()).adjusted(40, 20, -40, -20), self.hint)
            return
        layout, parts = self._written
        place, panel = layout.picture.toAlignedRect(), layout.panel.toAlignedRect()
        if event.region().intersects(place):
            if self._images:
                for one, image, cell in zip(self.frame.company, self._images, cells(QRectF(place), len(self._images)), strict=True):
                    paint_companion(painter, one, image, cell, one.member == self.frame.member)
            elif self._image is not None:
                self._paint_picture(painter, self._image, self.picture_rect())
                self._paint_over(painter, self.frame, self.picture_rect())
            else:
                self._say(painter, QRectF(place), tr("This environment has no picture; the numbers tell what happens."))
                self._paint_over(painter, self.frame, place)
        if event.region().intersects(panel):
            self._paint_panel(painter, layout, parts)

    def keys(self) -> Steering:
        """Which key takes which action."""
        assert self.world is not None
        return steering_of(self.world, len(self.world.actions) if self.frame is None else len(self.frame.action_values))

    def steered_by(self) -> Steering | None:
        return self.keys() if self.steering and self.world is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.action_of(event)
        if action is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._pressed.append(action)
            self.held.emit(self.keys().held(self._pressed))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        action = self.action_of(event)
        if action is None:
            super().keyReleaseEvent(event)
        elif not event.isAutoRepeat() and action in self._pressed:
            self._pressed.remove(action)
            self._tell_held()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._pressed.clear()
        self._tell_held()
        super().focusOutEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        frame = self.frame
        if not self.asking or frame is None or frame.posed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        place = self.picture_rect()
        at = event.position()
        if place.contains(at.toPoint()):
            far = [(at - _point(place, handle.x, handle.y)).manhattanLength() for handle in frame.posed.handles]
            self._handle = far.index(min(far))
            self._drag(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._handle is not None:
            self._drag(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._handle = None

    def _drag(self, at: QPointF) -> None:
        place = self.picture_rect()
        x, y = ((at.x() - place.left()) / place.width(), (at.y() - place.top()) / place.height())
        assert self._handle is not None
        self.dragged.emit(self._handle, min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))

    def _tell_held(self) -> None:
        """One more key has been let go: one that is still held counts on, unless each key is a step."""
        if self.steering and self.world is not None and not self.keys().turns:
            self.held.emit(self.keys().held(self._pressed))

    def _paint_over(self, painter: QPainter, frame: ViewerFrame, place: QRect) -> None:
        """What can be dragged, or what the person is to do."""
        if self.asking and frame.posed is not None:
            for number, handle in enumerate(frame.posed.handles):
                painter.setPen(QPen(theme.colour("accent"), 2.5))
                painter.setBrush(theme.colour("accent", 150 if number == self._handle else 60))
                painter.drawEllipse(_point(place, handle.x, handle.y), 9 * theme.scale, 9 * theme.scale)
        if frame.steered and frame.waiting:
            self._pill(painter, tr("Press a key to begin"), place)

    def _pill(self, painter: QPainter, text: str, place: QRect) -> None:
        painter.setFont(self.font())
        size = painter.fontMetrics().size(Qt.TextFlag.TextSingleLine, text) + QSize(28, 12)
        room = QRect(0, 0, size.width(), size.height())
        room.moveCenter(place.center())
        room.moveTop(place.top() + 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(room, room.height() / 2, room.height() / 2)
        painter.setPen(theme.colour("accent_text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    @property
    def hint(self) -> str:
        """What is said where there is nothing to see yet."""
        missing = self.world.missing() if self.world is not None else None
        if missing:
            return told(missing)
        if self.status is Status.preparing:
            return tr("The run is being prepared; its first episode begins in a moment …")
        if self.status is Status.running:
            return tr("The agent learns; the first episode to watch begins in a moment …")
        return tr("Press Train: the agent learns as fast as it can, and its newest policy plays here.")

    def _say(self, painter: QPainter, room: QRectF, text: str) -> None:
        painter.setFont(self.font())
        painter.setPen(theme.colour("muted"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

    def _paint_picture(self, painter: QPainter, image: QImage, place: QRect) -> None:
        pixels = place.size() * self.devicePixelRatioF()
        if 2 * pixels.width() < image.width():
            # Beyond half size, drawing would leave out pixels; averaging does not.
            image = image.scaled(pixels, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        painter.drawImage(place, image)
        painter.setPen(theme.colour("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(place).adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_panel(self, painter: QPainter, layout: Layout, parts: tuple[Block, ...]) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("panel"))
        painter.drawRoundedRect(layout.panel, 8, 8)
        painter.save()
        painter.setClipRect(layout.panel)
        hud = Hud(painter, layout.shrink)
        rest = iter(parts if layout.whole else major(parts))
        for room, count in zip(layout.rooms, layout.columns, strict=True):
            y = room.top()
            for part in islice(rest, count):
                if y + 2 * hud.line < room.bottom():
                    y = hud.paint(part, QRectF(room.left(), y, room.width(), room.bottom() - y))
        painter.restore()

    def _moved(self, old: Pixels | None) -> QRect:
        """What of the picture has to be drawn anew: where it differs from the old one, if nothing is drawn over it."""
        assert self.frame is not None
        new = self._pixels
        if old is None or new is None or old.shape != new.shape or self._images or self.asking or self.frame.steered:
            return self._layout.picture.toAlignedRect()
        return QRect() if old is new else differing(old, new, self.picture_rect())

    def _renew_numbers(self) -> None:
        self._said = None
        self.update(self._layout.panel.toAlignedRect())

    @property
    def _layout(self) -> Layout:
        """Where the picture and the numbers are."""
        return self._written[0]

    @property
    def _written(self) -> tuple[Layout, tuple[Block, ...]]:
        """The layout with the numbers in it: those of the newest step when they were last renewed, as the picture is drawn more often."""
        if self._said is None:
            edge = min(EDGE, 0.03 * self.height())
            parts = self._blocks()
            shape = SHAPE if self._image is None else self._image.width() / self._image.height()
            place = edge, edge, self.width() - 2 * edge, self.height() - 2 * edge
            self._said = lay_out(place, shape, heights(parts), heights(major(parts)), theme.scale), parts
        return self._said

    def _blocks(self) -> tuple[Block, ...]:
        """What is said of the newest step."""
        if self.frame is None or self.world is None:
            return ()
        return blocks(self.frame, self.world, self.keys().signs if self.steering else ())


def _point(place: QRect, x: float, y: float) -> QPointF:
    """Shares of the picture as a point of the widget."""
    return QPointF(place.left() + x * place.width(), place.top() + y * place.height())
