"""Bold lines look as Qt would paint them."""

import numpy as np
import pyqtgraph as pg
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from pytestqt.qtbot import QtBot

from app.plots.bold_line import draw_bold

STREAM = np.random.default_rng(0)
LINES = {
    "restless": STREAM.uniform(0, 9000, 280),
    "calm": np.cumsum(STREAM.normal(size=280)),
    "level": np.full(280, 3.0),
    "with gaps": np.where(np.arange(280) % 50 == 0, np.nan, np.cumsum(STREAM.normal(size=280))),
}


class BoldLine(pg.PlotCurveItem):  # type: ignore[misc]
    """As pyqtgraph's, but drawn by us."""

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_bold(painter, self.getPath(), self.opts["pen"])


def painted(qtbot: QtBot, item: pg.PlotCurveItem, dashed: bool = False) -> NDArray[np.float64]:
    """[height, width] how dark the line is, 0 to 1."""
    view = pg.PlotWidget(background="w")
    qtbot.addWidget(view)
    view.resize(400, 220)
    view.hideAxis("left")
    view.hideAxis("bottom")
    pen = QPen(pg.mkPen("k", width=2))
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    item.setPen(pen)
    view.addItem(item)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return 1 - rows[:, : image.width()] / 255


@pytest.mark.parametrize("name", LINES)
def test_it_is_as_bold_as_qts_and_in_its_place(qtbot: QtBot, name: str) -> None:
    y = LINES[name]
    ours, theirs = (painted(qtbot, kind(np.arange(280.0), y, antialias=True, connect="finite")) for kind in (BoldLine, pg.PlotCurveItem))
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.15)
    close = theirs.copy()
    for axis in (0, 1):
        close = np.maximum.reduce([np.roll(close, shift, axis) for shift in (-1, 0, 1)])
    assert (ours[close < 0.05] == 0).all()


def test_dashes_stay_dashes(qtbot: QtBot) -> None:
    data = np.arange(280.0), LINES["calm"]
    ours, theirs = (painted(qtbot, kind(*data, antialias=True), dashed=True) for kind in (BoldLine, pg.PlotCurveItem))
    assert (ours == theirs).all() and 0 < ours.sum() < painted(qtbot, BoldLine(*data, antialias=True)).sum()
