"""Numbers on the stage: short, and as large as fits."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from app.theme import theme


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
    font = QFont(painter.font())
    font.setPixelSize(max(7, int(min(width / (0.62 * max(4, len(text))), 22 * theme.scale))))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    painter.drawText(QRectF(x - width, y - width, 2 * width, 2 * width), Qt.AlignmentFlag.AlignCenter, text)
