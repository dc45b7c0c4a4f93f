"""Members side by side: small pictures, each with how its episode goes."""

from math import ceil, sqrt

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from app.numbers import short
from app.text import tr
from app.theme import theme
from app.viewing.frames import Companion

GAP = 8


def cells(room: QRectF, count: int) -> list[QRectF]:
    """A place for each of `count` pictures, row by row."""
    columns = ceil(sqrt(count))
    rows = ceil(count / columns)
    width, height = (room.width() - GAP * (columns - 1)) / columns, (room.height() - GAP * (rows - 1)) / rows
    places = [divmod(number, columns) for number in range(count)]
    return [QRectF(room.left() + column * (width + GAP), room.top() + row * (height + GAP), width, height) for row, column in places]


def paint_companion(painter: QPainter, one: Companion, image: QImage | None, cell: QRectF, front: bool) -> None:
    """One picture with a line below it; the member whose numbers stand beside has a frame."""
    line = 1.5 * painter.fontMetrics().height()
    room = cell.adjusted(0, 0, 0, -line)
    if image is not None:
        size = QSize(image.width(), image.height()).scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(room.center())
        pixels = size * painter.device().devicePixelRatio()
        if 2 * pixels.width() < image.width():
            image = image.scaled(pixels, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        painter.drawImage(place, image)
        painter.setPen(QPen(theme.colour("accent"), 2) if front else theme.colour("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
    last = "" if one.last_return is None else "  " + tr("last {value}", value=short(one.last_return))
    text = f"{tr('Member')} {one.member + 1}:  {short(one.episode_return)}{last}"
    painter.setPen(theme.colour("text" if front else "muted"))
    under = QRectF(cell.left(), cell.bottom() - line, cell.width(), line)
    painter.drawText(
        under, Qt.AlignmentFlag.AlignCenter, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(cell.width()))
    )
