"""The palette does what is typed and nothing else, a resize warns of what it cuts, a failure says its sentence."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app import text
from app.actions import ACTIONS, Actions
from app.dialogs.commands import CommandPalette
from app.dialogs.failure import show_failure
from app.dialogs.resize import LARGEST, ResizeDialog
from app.dialogs.shortcuts import ShortcutsDialog
from app.picture import Failure
from app.stage.tools import TOOLS
from core.worlds.grid import GridWorld


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def palette(qtbot: QtBot, parent: QWidget, done: list[str]) -> CommandPalette:
    actions = Actions(parent, {spec.name: (lambda name=spec.name: done.append(name)) for spec in ACTIONS})
    actions["stop"].setEnabled(False)
    palette = CommandPalette(parent, actions.by_name.values())
    palette.show()
    QApplication.processEvents()
    return palette


def listed(palette: CommandPalette) -> list[str]:
    return [item.text(0) for item in palette.items()]


def test_enabled_commands_are_listed_and_typing_narrows_them(palette: CommandPalette) -> None:
    assert listed(palette) == [spec.text.rstrip(" …") for spec in ACTIONS if spec.name != "stop"]
    assert {item.text(1) for item in palette.items()} >= {"F5", "F10", "Ctrl+K"}
    QTest.keyClicks(palette.line, "W sav")
    assert listed(palette) == ["Save world as"]


def test_enter_does_the_marked_command(palette: CommandPalette, done: list[str]) -> None:
    QTest.keyClicks(palette.line, "save")
    QTest.keyClick(palette.line, Qt.Key.Key_Down)
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == ["save_as"] and not palette.isVisible()


def test_enter_does_nothing_where_nothing_matches(palette: CommandPalette, done: list[str]) -> None:
    QTest.keyClicks(palette.line, "xyz")
    assert listed(palette) == []
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == [] and palette.isVisible()
    palette.line.clear()
    QTest.keyClicks(palette.line, "step")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert done == ["step"]


def test_a_click_does_a_command(palette: CommandPalette, done: list[str]) -> None:
    item = next(item for item in palette.items() if item.text(0) == "Save")
    palette.list.scrollToItem(item)
    place = palette.list.visualItemRect(item).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert item.text(0) == "Save" and done == ["save"]


def test_a_resize_warns_of_drawn_cells_that_it_would_cut(parent: QWidget) -> None:
    dialog = ResizeDialog(parent, GridWorld(map=("S..#", "....", "T..G")))
    assert (dialog.rows.value(), dialog.columns.value()) == (3, 4)
    assert dialog.lost() == 0 and dialog.warning.text() == ""
    dialog.columns.setValue(3)
    assert "2 drawn cells" in dialog.warning.text()
    dialog.rows.setValue(2)
    assert "3 drawn cells" in dialog.warning.text()
    dialog.rows.setValue(9)
    dialog.columns.setValue(12)
    assert dialog.warning.text() == ""


def test_a_grid_larger_than_can_be_drawn_is_not_cut_by_opening_the_dialog(parent: QWidget) -> None:
    dialog = ResizeDialog(parent, GridWorld(map=("." * (LARGEST + 50),)))
    assert (dialog.rows.value(), dialog.columns.value()) == (1, LARGEST + 50)
    assert (dialog.rows.maximum(), dialog.lost()) == (LARGEST, 0)


def test_every_shortcut_and_tool_is_listed(parent: QWidget) -> None:
    dialog = ShortcutsDialog(parent)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Erase what the tool draws" in words and dialog.height() < parent.screen().availableSize().height()
    for spec in ACTIONS:
        assert (spec.text.rstrip(" …") in words) == bool(spec.shortcut), spec.name
    for tool in TOOLS:
        assert tool.title in words and tool.key in words


def test_keys_are_named_in_the_language_of_the_window(parent: QWidget) -> None:
    text.use("ko")
    try:
        words = [label.text() for label in ShortcutsDialog(parent).findChildren(QLabel)]
    finally:
        text.use("en")
    assert "Space + 마우스" in words and not any("mouse" in word for word in words)


def test_a_mistake_is_one_sentence(parent: QWidget) -> None:
    box = show_failure(parent, Failure("The pen is dry. Fill it."))
    assert box.text() == "The pen is dry. Fill it."
    assert box.informativeText() == "" and box.detailedText() == ""
    assert "Copy report" not in [button.text() for button in box.buttons()]
    box.close()


def test_a_bug_has_a_report_to_copy_and_says_where_the_run_is(parent: QWidget) -> None:
    box = show_failure(parent, Failure("ZeroDivisionError.", "Traceback: ...", Path("kept here")))
    assert "a bug" in box.text() and "ZeroDivisionError." in box.informativeText() and "kept here" in box.informativeText()
    assert box.detailedText() == "Traceback: ..."
    copy = next(button for button in box.buttons() if button.text() == "Copy report")
    assert isinstance(copy, QPushButton)
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Traceback: ..."
    assert box.isVisible()
    box.close()
