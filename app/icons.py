"""The icons: line drawings in resources/icons, coloured for the theme in use."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.theme import theme

FOLDER = Path(__file__).parents[1] / "resources" / "icons"
SIZE = 48


def icon(name: str, colour: str = "text") -> QIcon:
    """The icon of that name in a colour of the theme, paler where disabled."""
    drawn = QIcon()
    drawn.addPixmap(_pixmap(name, theme.colour(colour).name(), 1.0), QIcon.Mode.Normal)
    drawn.addPixmap(_pixmap(name, theme.colour("accent_text").name(), 1.0), QIcon.Mode.Selected)
    drawn.addPixmap(_pixmap(name, theme.colour("muted").name(), 0.45), QIcon.Mode.Disabled)
    return drawn


def _pixmap(name: str, colour: str, opacity: float) -> QPixmap:
    source = (FOLDER / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    pixmap = QPixmap(SIZE, SIZE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, SIZE, SIZE))
    painter.end()
    return pixmap
