"""What is drawn of a run lies where its numbers are, and only the parts that are wanted."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.canvas import Canvas
from app.plots.layer import AREA, FAINT, MAIN, PARTS, Group
from app.plots.lines import Look
from tests.app.plots.test_curves import series


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(500, 300)
    for axis in canvas.axes.values():
        axis.setGrid(False)
    canvas.show()
    QApplication.processEvents()
    return canvas


def around(canvas: Canvas, x: float, y: float) -> set[str]:
    """The colours of the nine pixels at a place, in ranges of 0 to 4 and 0 to 10."""
    canvas.box.setRange(xRange=(0, 4), yRange=(0, 10), padding=0)
    QApplication.processEvents()
    place = canvas.mapFromScene(canvas.box.mapViewToScene(QPointF(x, y)))
    image = canvas.grab().toImage()
    return {image.pixelColor(place.x() + right, place.y() + down).name() for right in (-1, 0, 1) for down in (-1, 0, 1)}


def shows(canvas: Canvas, group: Group, x: float, y: float) -> bool:
    """Whether the bold line's colour is there, nearly: edges are blended."""
    ink = np.array(group.tone(MAIN).getRgb()[:3])
    return any(np.abs(np.array(QColor(name).getRgb()[:3]) - ink).sum() < 60 for name in around(canvas, x, y))


def test_a_line_and_its_dots_lie_where_the_numbers_are(canvas: Canvas) -> None:
    group = Group("run", 0, (), [series([2.0, 8.0, 5.0], [1, 2, 3])])
    canvas.show_groups([group], Look())
    ground = canvas.backgroundBrush().color().name()
    for x, y in ((1.5, 5.0), (2.0, 8.0), (2.5, 6.5), (3.0, 5.0)):
        assert shows(canvas, group, x, y)
    for x, y in ((1.7, 3.0), (2.7, 4.0), (0.5, 2.0), (3.5, 5.0)):
        assert around(canvas, x, y) == {ground}
    across, up = canvas.box.viewPixelSize()
    assert around(canvas, 2.0, 8.0 + 3 * up) != {ground} == around(canvas, 2.0 - 4 * across, 8.0 + 4 * up)
    canvas.show_groups([Group("run", 0, (), [series([5.0] * 100)])], Look())
    assert around(canvas, 2.0, 5.0 + 3 * up) == {ground}  # so many are not marked by dots


def test_the_band_lies_between_its_edges_behind_the_bold_line(canvas: Canvas) -> None:
    members = [series([height] * 50) for height in (4.8, 5.2)]
    group = Group("run", 0, (), members, (MAIN, AREA))
    canvas.show_groups([group], Look())
    ground = canvas.backgroundBrush().color().name()
    (above,), (below,), (beyond,) = (around(canvas, 2.0, y) for y in (5.7, 4.3, 9.0))
    assert above == below != beyond == ground and shows(canvas, group, 2.0, 5.0)
    canvas.show_groups([Group("run", 0, (), members, (MAIN,))], Look())
    assert around(canvas, 2.0, 5.7) == {ground}


@pytest.mark.parametrize("parts", [(), (MAIN,), (AREA,), (FAINT,), PARTS])
def test_nothing_is_drawn_but_the_parts_that_are_wanted(canvas: Canvas, parts: tuple[str, ...]) -> None:
    canvas.show_groups([Group("run", 0, (), [series([2.0, 8.0, 5.0], [1, 2, 3])], parts)], Look())
    drawn = around(canvas, 2.0, 8.0) != {canvas.backgroundBrush().color().name()}
    assert drawn == (MAIN in parts or FAINT in parts)


def test_a_run_that_is_taken_away_leaves_nothing(canvas: Canvas) -> None:
    one, other = (Group("run", number, (), [series(values, [1, 2])]) for number, values in enumerate([[2.0, 8.0], [8.0, 2.0]]))
    canvas.show_groups([one, other], Look())
    assert shows(canvas, other, 1.25, 6.5) and shows(canvas, one, 1.25, 3.5)
    canvas.show_groups([one], Look())
    assert around(canvas, 1.25, 6.5) == {canvas.backgroundBrush().color().name()}
    assert shows(canvas, one, 1.25, 3.5)
