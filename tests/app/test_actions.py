"""The table of actions is sound: names and keys are unique, icons are there, menus hold what the table says."""

from collections import Counter

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenuBar, QWidget
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, Actions, ActionSpec
from app.icons import icon
from app.theme import ICONS, theme

MENUS = list(dict.fromkeys(spec.menu for spec in ACTIONS))


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def actions(parent: QWidget, done: list[str]) -> Actions:
    return Actions(parent, {spec.name: (lambda name=spec.name: done.append(name)) for spec in ACTIONS})


@pytest.mark.parametrize("field", ["name", "text", "shortcut", "tip"])
def test_what_tells_actions_apart_is_unique(field: str) -> None:
    counts = Counter(getattr(spec, field) for spec in ACTIONS if getattr(spec, field))
    assert [value for value, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("spec", [spec for spec in ACTIONS if spec.shortcut], ids=lambda spec: spec.name)
def test_a_shortcut_is_read_as_it_is_written(qapp: QApplication, spec: ActionSpec) -> None:
    keys = QKeySequence(spec.shortcut)
    assert keys.count() == 1 and keys.toString(QKeySequence.SequenceFormat.PortableText) == spec.shortcut


def test_every_icon_is_a_drawing_that_follows_the_theme(qapp: QApplication) -> None:
    drawn = {file.stem for file in ICONS.glob("*.svg")}
    code = "".join(file.read_text(encoding="utf-8") for file in (ICONS.parents[1] / "app").rglob("*.py"))
    assert drawn == {name for name in drawn if f'"{name}"' in code}
    assert {spec.icon for spec in ACTIONS if spec.icon} <= drawn
    for name in drawn - {"none"}:
        drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
        assert "currentColor" in drawing
        image = icon(name).pixmap(48).toImage()
        drawn = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        assert theme.colours.text in {colour.name() for colour in drawn if colour.alpha() == 255}, name


def test_a_handler_that_is_missing_is_named(parent: QWidget) -> None:
    with pytest.raises(KeyError, match="redo"):
        Actions(parent, {spec.name: print for spec in ACTIONS if spec.name != "redo"})


def test_each_action_calls_its_own_handler(actions: Actions, done: list[str]) -> None:
    for spec in ACTIONS:
        actions[spec.name].trigger()
    assert done == [spec.name for spec in ACTIONS]


def test_text_tip_and_keys_are_shown(actions: Actions) -> None:
    for spec in ACTIONS:
        action = actions[spec.name]
        assert action.text() == spec.text and action.statusTip() == spec.tip and spec.tip in action.toolTip()
        assert action.isCheckable() == spec.checkable and action.icon().isNull() == (not spec.icon)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        assert (f"({keys})" in action.toolTip()) == bool(spec.shortcut)


@pytest.mark.parametrize("title", MENUS)
def test_every_menu_holds_its_actions_in_order(actions: Actions, parent: QWidget, title: str) -> None:
    bar, extra = QMenuBar(parent), QAction("More", parent)
    for _ in range(2):
        actions.fill(bar, {title: [extra]})
        assert [action.text() for action in bar.actions()] == MENUS
        menu = bar.actions()[MENUS.index(title)].menu()
        assert menu is not None
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        expected = [spec.text for spec in ACTIONS if spec.menu == title]
        assert expected and texts == [*expected, "More"]
        assert sum(action.isSeparator() for action in menu.actions()) == 1 + sum(s.separated for s in ACTIONS if s.menu == title)
