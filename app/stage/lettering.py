"""Text on the stage: short, as large as fits, and laid out once: many numbers change with every picture, and most were seen before."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter, QStaticText

from app.theme import theme

SMALLEST = 7
"""Pixels of the smallest letters."""
KEPT, LINES = 4096, 512
"""Texts on the stage and lines beside it that stay laid out, those last drawn: up to 4 kB each."""


def short(value: float) -> str:
    """At most about five characters: 0.81, −12.3, 1.2k."""
    size = abs(value)
    if size >= 9999.5:
        text = f"{value / 1000:.0f}k"
    elif size >= 99.95:
        text = f"{value:.0f}"
    elif size >= 9.995:
        text = f"{value:.1f}"
    else:
        text = f"{value:.2f}"
    return text.replace("-", "−") if float(text.rstrip("k")) else "0.00"


def fitted(painter: QPainter, text: str, x: float, y: float, width: float, bold: bool = False) -> None:
    """Draw text centred on (x, y), no wider than `width` pixels."""
    painter.setPen(theme.colour("text"))
    written(painter, text, x, y, int(min(width / (0.62 * max(4, len(text))), 22 * theme.scale)), bold)


def written(painter: QPainter, text: str, x: float, y: float, size: float, bold: bool = True) -> None:
    """Write text centred on (x, y), `size` pixels high, with the pen in use."""
    font, laid_out, room = _laid_out(text, max(round(size), SMALLEST), bold)
    painter.setFont(font)
    painter.drawStaticText(QPointF(x + room.left(), y + room.top()), laid_out)


def lined(painter: QPainter, text: str, room: QRectF, points: float, bold: bool, right: bool = False) -> None:
    """Write text with the pen in use at the left or `right` of a room, halfway up, cut off where it is wider."""
    font, laid_out, size = _cut(text, points, bold, int(room.width()))
    x = room.right() - size.width() if right else room.left()
    painter.setFont(font)
    painter.drawStaticText(QPointF(x, room.center().y() - size.height() / 2), laid_out)


def width_of(text: str, size: float, bold: bool = True) -> float:
    """Pixels that such a text is wide."""
    return _laid_out(text, max(round(size), SMALLEST), bold)[2].width()


def forget() -> None:
    """Keep no text laid out."""
    _laid_out.cache_clear()
    _cut.cache_clear()


@lru_cache(maxsize=KEPT)
def _laid_out(text: str, pixels: int, bold: bool) -> tuple[QFont, QStaticText, QRectF]:
    """A text in its font, and where it lies about a point on which it is centred."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font, _prepared(text, font), QFontMetricsF(font).boundingRect(QRectF(), Qt.AlignmentFlag.AlignCenter, text)


@lru_cache(maxsize=LINES)
def _cut(text: str, points: float, bold: bool, width: int) -> tuple[QFont, QStaticText, QSizeF]:
    """A text no wider than so many pixels in its font, and its size."""
    font = QFont(QGuiApplication.font())
    font.setPointSizeF(points)
    font.setBold(bold)
    laid_out = _prepared(QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width), font)
    return font, laid_out, laid_out.size()


def _prepared(text: str, font: QFont) -> QStaticText:
    laid_out = QStaticText(text)
    laid_out.setTextFormat(Qt.TextFormat.PlainText)
    laid_out.prepare(font=font)
    return laid_out
