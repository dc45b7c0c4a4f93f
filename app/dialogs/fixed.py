"""Letters of equal width, as large as all others."""

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication


def fixed_font() -> QFont:
    """For code and hashes."""
    font, usual = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), QApplication.font()
    if usual.pixelSize() > 0:
        font.setPixelSize(usual.pixelSize())
    else:
        font.setPointSizeF(usual.pointSizeF())
    return font
