"""The icons: line drawings in resources/icons, coloured for the theme in use."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme import ICONS, theme

SIZE = 48


def icon(name: str, colour: str = "text") -> QIcon:
    """The icon of that name in a colour of the theme, paler where disabled."""
    drawn = QIcon()
    modes = (QIcon.Mode.Normal, colour, 1.0), (QIcon.Mode.Selected, "accent_text", 1.0), (QIcon.Mode.Disabled, "muted", 0.45)
    for mode, tone, opacity in modes:
        drawn.addPixmap(QPixmap.fromImage(_image(name, theme.colour(tone).name(), opacity)), mode)
    return drawn


@cache
def _image(name: str, colour: str, opacity: float) -> QImage:
    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setOpacity(opacity)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, SIZE, SIZE))
    painter.end()
    return image
