"""The library shows every world by its title, finds it by name, and opens it at a click."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

import app.panels.library
from app import text
from app.panels.library import LibraryPanel, description_of, title_of
from app.theme import theme
from core.worlds.grid import GridWorld
from core.worlds.gym import GymWorld
from core.worlds.library import library_world, names

NAMES = names()


@pytest.fixture
def panel(qtbot: QtBot) -> LibraryPanel:
    panel = LibraryPanel()
    qtbot.addWidget(panel)
    panel.resize(260, 700)
    panel.show()
    QApplication.processEvents()
    return panel


@pytest.fixture
def chosen(panel: LibraryPanel) -> list[str]:
    chosen: list[str] = []
    panel.chosen.connect(chosen.append)
    return chosen


@pytest.fixture
def korean() -> Iterator[None]:
    text.use("ko")
    yield
    text.use("en")


def click(panel: LibraryPanel, item: QTreeWidgetItem) -> None:
    panel.tree.scrollToItem(item)
    QTest.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=panel.tree.visualItemRect(item).center())


def shown(panel: LibraryPanel) -> list[str]:
    return [name for name in NAMES if not panel.item(name).isHidden()]


@pytest.mark.parametrize("name", NAMES)
def test_a_click_chooses_a_world(panel: LibraryPanel, chosen: list[str], name: str) -> None:
    item = panel.item(name)
    assert item.text(0) == library_world(name).title and not item.icon(0).isNull()
    assert name in item.toolTip(0) and library_world(name).description in item.toolTip(0)
    click(panel, item)
    assert chosen == [name]


def test_groups_stand_in_order_and_choose_nothing(panel: LibraryPanel, chosen: list[str]) -> None:
    groups = [panel.tree.topLevelItem(row) for row in range(panel.tree.topLevelItemCount())]
    assert [group.text(0) for group in groups] == ["Grid worlds", "Decision processes", "Environments"]
    assert sum(group.childCount() for group in groups) == len(NAMES)
    for group in groups:
        click(panel, group)
    assert chosen == []


def test_a_world_is_found_by_its_title_or_its_name(panel: LibraryPanel, chosen: list[str]) -> None:
    QTest.keyClicks(panel.filter, "cartPOLE")
    assert shown(panel) == ["gym:CartPole-v1"]
    panel.filter.clear()
    assert shown(panel) == list(NAMES)
    QTest.keyClicks(panel.filter, "lake-4x4")
    assert shown(panel) == ["grid/frozen-lake-4x4"]
    panel.filter.setText("no such world")
    assert shown(panel) == []
    assert chosen == []


def test_the_open_world_is_marked(panel: LibraryPanel, chosen: list[str]) -> None:
    panel.mark("mdp/three-state")
    assert panel.tree.selectedItems() == [panel.item("mdp/three-state")]
    panel.mark("a file of my own.json")
    assert panel.tree.selectedItems() == [] and not panel.tree.currentIndex().isValid()
    assert chosen == []


def test_keys_choose_a_world(panel: LibraryPanel, chosen: list[str]) -> None:
    panel.mark(NAMES[0])
    panel.tree.setFocus()
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert chosen == [NAMES[1]]


def test_a_world_that_cannot_run_here_says_why_and_is_not_chosen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = GymWorld(id="CartPole-v1", title="Broken", package="no_such_package_at_all")
    monkeypatch.setattr(app.panels.library, "library_world", lambda name: broken if name == "gym:CartPole-v1" else library_world(name))
    panel = LibraryPanel()
    qtbot.addWidget(panel)
    panel.resize(260, 700)
    panel.show()
    chosen: list[str] = []
    panel.chosen.connect(chosen.append)
    item = panel.item("gym:CartPole-v1")
    assert item.isDisabled() and "no_such_package_at_all" in item.toolTip(0)
    click(panel, item)
    panel._choose(item)
    assert chosen == []


def test_icons_follow_the_theme(panel: LibraryPanel) -> None:
    item = panel.item(NAMES[0])
    light = item.icon(0).pixmap(32).toImage()
    theme.use("dark")
    try:
        assert item.icon(0).pixmap(32).toImage() != light
    finally:
        theme.use("light")


def test_titles_speak_the_language_in_use(korean: None) -> None:
    world = GridWorld(map=("..",), title="Cliff", title_ko="절벽", description="Steep.", description_ko="가파르다.")
    assert (title_of(world), description_of(world)) == ("절벽", "가파르다.")
    plain = GridWorld(map=("..",), title="Cliff", description="Steep.")
    assert (title_of(plain), description_of(plain)) == ("Cliff", "Steep.")
    text.use("en")
    assert (title_of(world), description_of(world)) == ("Cliff", "Steep.")
    assert title_of(GridWorld(map=("..",))) == "Untitled"
