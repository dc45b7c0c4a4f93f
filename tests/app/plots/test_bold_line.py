"""Bold lines look as Qt would paint them."""

import numpy as np
import pyqtgraph as pg
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.plots.bold_line import draw_bold

STREAM = np.random.default_rng(0)
LINES = {
    "restless": STREAM.uniform(0, 9000, 280),
    "calm": np.cumsum(STREAM.normal(size=280)),
    "level": np.full(280, 3.0),
    "with gaps": np.where(np.arange(280) % 50 == 0, np.nan, np.cumsum(STREAM.normal(size=280))),
}


def painted(name: str, bold: bool, dashed: bool = False) -> NDArray[np.float64]:
    """[height, width] how dark the line is, 0 to 1: ours where `bold`, else Qt's."""
    y = LINES[name]
    line = pg.arrayToQPath(np.arange(280.0), y, connect="finite")
    pen = pg.mkPen("k", width=2)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    image = QImage(400, 220, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    height = (np.nanmax(y) - np.nanmin(y)) or 1.0
    painter.translate(20, 200)
    painter.scale(360 / 280, -180 / height)
    painter.translate(0, -np.nanmin(y))
    before = painter.transform()
    if bold:
        draw_bold(painter, line, pen)
    else:
        painter.strokePath(line, pen)
    assert painter.transform() == before
    painter.end()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return 1 - rows[:, : grey.width()] / 255


@pytest.mark.parametrize("name", LINES)
def test_it_is_as_bold_as_qts_and_in_its_place(qapp: QApplication, name: str) -> None:
    ours, theirs = (painted(name, bold) for bold in (True, False))
    assert theirs.sum() > 100 and ours.sum() == pytest.approx(theirs.sum(), rel=0.15)
    close = theirs.copy()
    for axis in (0, 1):
        close = np.maximum.reduce([np.roll(close, shift, axis) for shift in (-1, 0, 1)])
    assert (ours[close < 0.05] < 0.05).all()


def test_dashes_stay_dashes(qapp: QApplication) -> None:
    ours, theirs = (painted("calm", bold, dashed=True) for bold in (True, False))
    assert (ours == theirs).all() and 0 < ours.sum() < painted("calm", True).sum()
