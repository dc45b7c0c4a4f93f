"""Qt's bindings leave the count of None alone: one release lost a reference per call that returns nothing, and aborted."""

import sys

import pytest
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

CALLS = 10_000
mortal = pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal")


@mortal
def test_a_widget_that_returns_nothing_takes_no_reference(qapp: QApplication) -> None:
    widget = QWidget()
    widget.update()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.update()
    assert sys.getrefcount(None) > before - 300


@mortal
def test_a_painter_that_returns_nothing_takes_no_reference(qapp: QApplication) -> None:
    pixmap = QPixmap(4, 4)
    painter = QPainter(pixmap)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        painter.save()
        painter.restore()
    painter.end()
    assert sys.getrefcount(None) > before - 300
