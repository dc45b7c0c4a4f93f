"""Tests of text on the stage."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.stage.lettering import fitted, width_of, written
from app.theme import theme


def ink(text: str, x: float, y: float, size: float, bold: bool = False) -> np.ndarray:
    """[rows, columns] whether a pixel of a white picture is touched by a text."""
    picture = QImage(120, 60, QImage.Format.Format_Grayscale8)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    written(painter, text, x, y, size, bold)
    painter.end()
    return np.array(picture.constBits()).reshape(60, 120) < 200


@pytest.mark.parametrize(("text", "size"), [("0.00", 12), ("−0.50", 16), ("8", 30)])
def test_text_stands_about_its_place(qtbot: QtBot, text: str, size: int) -> None:
    rows, columns = np.nonzero(ink(text, 60, 30, size))
    assert abs((columns.min() + columns.max() + 1) / 2 - 60) < 0.1 * size
    assert abs((rows.min() + rows.max() + 1) / 2 - 30) < 0.15 * size
    assert columns.max() - columns.min() < width_of(text, size, bold=False) + 1


def test_text_follows_size_weight_and_pen(qtbot: QtBot) -> None:
    assert ink("0.53", 60, 30, 24).sum() > 2 * ink("0.53", 60, 30, 12).sum()
    assert ink("0.53", 60, 30, 24, bold=True).sum() > 1.1 * ink("0.53", 60, 30, 24).sum()
    for colour in ("#ff0000", "#0000ff"):
        picture = QImage(60, 60, QImage.Format.Format_RGB32)
        picture.fill(QColor("white"))
        painter = QPainter(picture)
        painter.setPen(QColor(colour))
        written(painter, "█", 30, 30, 40)
        painter.end()
        assert picture.pixelColor(30, 30) == QColor(colour)


def test_numbers_fit_their_room(qtbot: QtBot) -> None:
    picture = QImage(120, 60, QImage.Format.Format_Grayscale8)
    for room in (30.0, 45.0, 60.0):
        picture.fill(QColor("white"))
        painter = QPainter(picture)
        fitted(painter, "−12.3", 60, 30, room, bold=True)
        painter.end()
        columns = np.nonzero((np.array(picture.constBits()).reshape(60, 120) < 200).any(axis=0))[0]
        assert columns.min() > 60 - 0.6 * room and columns.max() < 60 + 0.6 * room


def test_it_looks_as_if_laid_out_for_the_place(qtbot: QtBot) -> None:
    """Against Qt's own way, which lays the text out each time."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(15)
    for place in (QPointF(60, 30), QPointF(60.31, 30.77), QPointF(59.5, 29.2)):
        for text in ("−0.53", "12.3", "1.2k"):
            pictures = [QImage(120, 60, QImage.Format.Format_Grayscale8) for _ in range(2)]
            for picture, kept in zip(pictures, (True, False), strict=True):
                picture.fill(QColor("white"))
                painter = QPainter(picture)
                painter.setPen(theme.colour("text"))
                painter.setFont(font)
                if kept:
                    written(painter, text, place.x(), place.y(), 15, bold=False)
                else:
                    painter.drawText(QRectF(place.x() - 50, place.y() - 50, 100, 100), Qt.AlignmentFlag.AlignCenter, text)
                painter.end()
            assert pictures[0] == pictures[1]
