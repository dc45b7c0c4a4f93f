"""The agent at play: the environment's own picture, with what the agent sees, expects and does beside it."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.frames import ViewerFrame
from app.sentences import told
from app.stage.hud import SMALLEST, Block, Hud, blocks, needed
from app.text import tr
from app.theme import theme
from core.worlds.gym import GymWorld

PANEL = 270
"""Pixels at a text scale of 1 that the heads-up display takes beside the picture."""
COLUMN = 220
"""Pixels at a text scale of 1 that a column takes below the picture."""
EDGE = 16
GUTTER = 24
READABLE = 100
"""Milliseconds between two sets of numbers: faster, nobody could read them."""


class EnvironmentView(QWidget):
    """Shows the newest `ViewerFrame`; counts the episodes that it has seen end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.world: GymWorld | None = None
        self.frame: ViewerFrame | None = None
        self.episodes = 0
        self.last_return: float | None = None
        self._image: QImage | None = None
        self._numbers = QTimer(self, singleShot=True, interval=READABLE)
        self._numbers.timeout.connect(lambda: self.update(self._rooms()[1].toAlignedRect()))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("The agent at play"))
        theme.changed.connect(self.update)

    def set_world(self, world: GymWorld | None) -> None:
        """Show another environment."""
        self.world = world
        self.clear()

    def show_frame(self, frame: ViewerFrame) -> None:
        """Show the newest step."""
        if frame is self.frame:
            return
        first = self.frame is None
        self.frame = frame
        self._image = None if frame.picture is None else image_of(frame.picture)
        if frame.ended:
            self.episodes += 1
            self.last_return = frame.episode_return
        if first:
            self.update()
            return
        self.update(self._rooms()[0].toAlignedRect())
        if not self._numbers.isActive():
            self._numbers.start()

    def clear(self) -> None:
        """Forget the run."""
        self.frame, self._image, self.episodes, self.last_return = None, None, 0, None
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 200)

    def sizeHint(self) -> QSize:
        return QSize(820, 460)

    def picture_rect(self) -> QRect:
        """Where the picture is drawn, in the widget's own pixels."""
        if self._image is None:
            return QRect()
        room, _ = self._rooms()
        size = QSize(self._image.width(), self._image.height()).scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(room.center().toPoint())
        return place

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour("stage"))
        if self.frame is None or self.world is None:
            self._paint_hint(painter)
            return
        place, panel = (room.toAlignedRect() for room in self._rooms())
        if event.region().intersects(place):
            if self._image is not None:
                self._paint_picture(painter, self._image, self.picture_rect())
            else:
                self._say(painter, QRectF(place), tr("This environment has no picture; the numbers tell what happens."))
        if event.region().intersects(panel):
            self._paint_panel(painter, self.frame, self.world)

    def _paint_hint(self, painter: QPainter) -> None:
        missing = self.world.missing() if self.world is not None else None
        hint = tr("Press Train: the agent learns as fast as it can, and its newest policy plays here.")
        self._say(painter, QRectF(self.rect()).adjusted(40, 20, -40, -20), told(missing) if missing else hint)

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

    def _paint_panel(self, painter: QPainter, frame: ViewerFrame, world: GymWorld) -> None:
        _, panel = self._rooms()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("panel"))
        painter.drawRoundedRect(panel, 8, 8)
        painter.save()
        painter.setClipRect(panel)
        room = panel.adjusted(14, 10, -14, -8)
        parts = blocks(frame, world, self.episodes + (not frame.ended), self.last_return)
        columns = self._columns(parts)
        shrink = min(1.0, max(SMALLEST, room.height() / max(needed(column) for column in columns)))
        hud = Hud(painter, QFont(self.font()), shrink)
        width = (room.width() - GUTTER * (len(columns) - 1)) / len(columns)
        for place, column in enumerate(columns):
            y = room.top()
            for part in column:
                if y + 2 * hud.line < room.bottom():
                    y = hud.paint(part, QRectF(room.left() + place * (width + GUTTER), y, width, room.bottom() - y))
        painter.restore()

    def _beside(self) -> bool:
        """Whether the panel stands beside the picture rather than below."""
        return self.width() >= 1.2 * self.height()

    def _columns(self, parts: Sequence[Block]) -> list[list[Block]]:
        """How the blocks stand in the panel."""
        across = 1 if self._beside() else int(self.width() / (COLUMN * theme.scale))
        if across >= 3:
            return [[part] for part in parts]
        return [list(parts[:2]), list(parts[2:])] if across == 2 else [list(parts)]

    def _rooms(self) -> tuple[QRectF, QRectF]:
        """Where the picture may be, and the panel."""
        whole = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        if self._beside():
            width = min(PANEL * theme.scale, 0.48 * whole.width())
            return whole.adjusted(0, 0, -width - EDGE, 0), QRectF(whole.right() - width, whole.top(), width, whole.height())
        height = min(0.5 * whole.height(), 230 * theme.scale)
        return whole.adjusted(0, 0, 0, -height - EDGE), QRectF(whole.left(), whole.bottom() - height, whole.width(), height)


def image_of(picture: np.ndarray) -> QImage:
    """An [H, W, 3] uint8 picture as an image of its own memory, in the format that is drawn fastest."""
    flat = np.ascontiguousarray(picture)
    height, width = flat.shape[:2]
    return QImage(flat.data, width, height, 3 * width, QImage.Format.Format_RGB888).convertToFormat(QImage.Format.Format_RGB32)
