"""Several views side by side: each has room for what it shows, and none is out of reach."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.studio import Studio
from app.theme import theme
from tests.app.hands import Hands

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize(("size", "scale"), [((1366, 768), 1.0), ((1920, 1080), 1.5)])
def test_three_views_stand_side_by_side_and_cells_can_be_read(
    studio: Studio, hands: Hands, qtbot: QtBot, size: tuple[int, int], scale: float
) -> None:
    theme.use("light", scale)
    studio.window.resize(*size)
    studio.window.reset_layout()
    designer = studio.window.stage.designer
    for name in ("graph", "transitions"):
        qtbot.mouseClick(designer.buttons[name], LEFT)
    qtbot.waitUntil(lambda: designer.views["transitions"].width() > 0 and designer.room.horizontalScrollBar().maximum() == 0)
    assert (studio.window.width(), studio.window.height()) == size
    editor = designer.views["grid"]
    assert editor.strip.picker.isVisible() and not editor.column.isVisible() and editor.view.place.cell >= 35 * scale
    button = editor.strip.buttons["rotate"]
    assert button.width() >= button.iconSize().width() and editor.rect().contains(button.mapTo(editor, button.rect().bottomRight()))
    picker = editor.strip.picker
    qtbot.waitUntil(lambda: picker.width() >= picker.sizeHint().width())
    menu = picker.menu()
    menu.popup(picker.mapToGlobal(QPoint(0, 0)))
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(editor.tools["Wind"]).center())
    assert editor.tool.title == picker.text() == "Wind" and editor.strip.way.isVisible()
    qtbot.mouseClick(designer.buttons["graph"], LEFT)
    qtbot.mouseClick(designer.buttons["transitions"], LEFT)
    qtbot.waitUntil(editor.column.isVisible)
    assert not picker.isVisible() and editor.strip.title.text() == "Wind"


def test_a_view_for_which_there_is_no_room_is_scrolled_to(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    theme.use("light", 1.5)
    studio.window.resize(1366, 768)
    studio.window.reset_layout()
    designer = studio.window.stage.designer
    for name in ("graph", "transitions"):
        qtbot.mouseClick(designer.buttons[name], LEFT)
    last = designer.views["transitions"]

    def right() -> int:
        return last.mapTo(designer.room.viewport(), last.rect().topRight()).x()

    qtbot.waitUntil(lambda: 0 < right() <= designer.room.viewport().width() and designer.room.horizontalScrollBar().value() > 0)
    assert studio.window.width() == 1366 and min(designer.views[name].width() for name in designer.shown) >= 350
