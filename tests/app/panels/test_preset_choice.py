"""Choosing a preset by keyboard and mouse: it fills form and limits, gives way to what is typed, and never takes it away."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app import text
from app.panels.agent import AgentPanel
from app.panels.presets import DEFAULTS, OWN
from core import presets
from core.errors import ConfigError
from core.presets import names, preset
from core.runs.spec import RunSpec
from core.worlds.library import library_world

GRID, CARTPOLE, LANDER = "grid/lecture-3x4", "gym:CartPole-v1", "gym:LunarLander-v3"


@pytest.fixture
def panel(qtbot: QtBot) -> AgentPanel:
    panel = AgentPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 900)
    panel.set_world(library_world(CARTPOLE), CARTPOLE)
    panel.choose("dqn")
    panel.show()
    QApplication.processEvents()
    return panel


def offered(panel: AgentPanel) -> list[str | None]:
    """The names in the list, None for headings."""
    combo = panel.presets.combo
    return [combo.itemData(row) for row in range(combo.count())]


def pick(panel: AgentPanel, name: str) -> None:
    """Click a line of the opened list."""
    combo = panel.presets.combo
    combo.showPopup()
    view = combo.view()
    index = combo.model().index(combo.findData(name), 0)
    view.scrollTo(index)
    place = view.visualRect(index).center()
    QTest.mouseMove(view.viewport(), place)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    QApplication.processEvents()


def line(panel: AgentPanel, name: str) -> QLineEdit:
    editor = panel.form.rows[name].field.editor
    assert isinstance(editor, QLineEdit)
    return editor


def retype(editor: QLineEdit, typed: str) -> None:
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    QTest.keyClicks(editor, typed)


def test_presets_for_the_open_world_come_first(panel: AgentPanel) -> None:
    suited = [name for name in names() if preset(name).algorithm == "dqn"]
    here, elsewhere = ([name for name in suited if (preset(name).world == CARTPOLE) is at_home] for at_home in (True, False))
    assert offered(panel) == [DEFAULTS, None, *here, None, *elsewhere]
    panel.set_world(library_world(LANDER), LANDER)
    assert offered(panel)[2] == "lecture-lunar-lander"


def said(panel: AgentPanel) -> str:
    """The note as a person reads it."""
    return re.sub("<[^>]*>", "", unescape(panel.presets.note.text()))


def follow_link(panel: AgentPanel) -> None:
    """Click the only link of the note, wherever it stands in it."""
    note = panel.presets.note
    pressed = Qt.MouseButton.LeftButton
    before = panel.presets.current
    for y in range(4, note.height(), 8):
        for x in range(4, note.width(), 8):
            QTest.mouseClick(note, pressed, pos=QPoint(x, y))
            if panel.presets.current != before:
                return


def test_a_world_begins_with_its_usual_preset_and_the_defaults_are_one_click_away(panel: AgentPanel) -> None:
    assert (panel.presets.current, panel.limit.text()) == ("cartpole", "50,000")
    assert panel.spec(library_world(CARTPOLE), CARTPOLE).settings() == preset("cartpole").settings()
    assert said(panel) == "Chosen for this world. Use the shipped defaults"
    follow_link(panel)
    assert (panel.presets.current, panel.limit.text(), panel.spec(library_world(CARTPOLE), CARTPOLE).config) == (DEFAULTS, "", {})
    assert said(panel) == "Use “CartPole: layer norm”, made for this world"
    panel.set_world(library_world(CARTPOLE), CARTPOLE)
    assert panel.presets.current == DEFAULTS
    follow_link(panel)
    assert (panel.presets.current, panel.limit.text()) == ("cartpole", "50,000")


def test_each_world_brings_its_own_and_what_was_picked_there_comes_back(panel: AgentPanel) -> None:
    panel.set_world(library_world(LANDER), LANDER)
    assert (panel.presets.current, panel.limit.text()) == ("lunar-lander", "100,000")
    pick(panel, "zoo-lunar-lander")
    panel.set_world(library_world(GRID), GRID)
    assert panel.presets.current == "zoo-lunar-lander" and "Meant for" in said(panel)
    pick(panel, DEFAULTS)
    panel.set_world(library_world(CARTPOLE), CARTPOLE)
    assert panel.presets.current == "cartpole"
    panel.set_world(library_world(GRID), GRID)
    assert (panel.presets.current, panel.limit.text()) == (DEFAULTS, "")
    panel.set_world(library_world(LANDER), LANDER)
    assert panel.presets.current == "zoo-lunar-lander"


def test_every_algorithm_has_its_own_and_a_copy_of_the_world_in_a_file_is_the_same_world(panel: AgentPanel) -> None:
    panel.choose("pqn")
    assert panel.presets.current == "cartpole-pqn"
    panel.choose("q-network")
    assert panel.presets.current == DEFAULTS
    panel.set_world(library_world(CARTPOLE), "/somewhere/copy.json")
    panel.choose("rainbow")
    assert panel.presets.current == "cartpole-rainbow"


def test_a_run_that_is_opened_keeps_its_settings_when_its_world_comes(panel: AgentPanel) -> None:
    panel.set_world(library_world(GRID), GRID)
    spec = RunSpec(world=library_world(CARTPOLE), world_name=CARTPOLE, algorithm="dqn", steps=77)
    panel.show_spec(spec)
    panel.set_world(spec.world, CARTPOLE)
    assert (panel.presets.current, panel.limit.text()) == (DEFAULTS, "77") and panel.spec(spec.world, CARTPOLE) == spec


def test_a_limit_that_was_typed_stays_when_a_world_brings_its_preset(panel: AgentPanel) -> None:
    retype(panel.limit, "123")
    panel.set_world(library_world(LANDER), LANDER)
    assert (panel.presets.current, panel.limit.text()) == ("lunar-lander", "123")


def test_choosing_one_fills_form_and_limit_in_one_step(qtbot: QtBot, panel: AgentPanel) -> None:
    retype(line(panel, "buffer_size"), "123")
    with qtbot.waitSignal(panel.changed):
        pick(panel, "zoo-mountain-car")
    spec = panel.spec(library_world(CARTPOLE), CARTPOLE)
    assert spec.settings() == preset("zoo-mountain-car").settings()
    assert (spec.steps, spec.episodes, panel.limit.text()) == (120_000, None, "120,000")
    assert panel.presets.combo.currentText() == "RL Zoo: Mountain car" and panel.presets.note.text().startswith("Meant for Mountain car.")
    pick(panel, "lecture-cartpole-adam")
    spec = panel.spec(library_world(CARTPOLE), CARTPOLE)
    assert (spec.settings(), spec.steps, spec.episodes) == (preset("lecture-cartpole-adam").settings(), None, 300)
    assert preset("lecture-cartpole-adam").deviates in panel.presets.note.text()
    assert preset("lecture-cartpole-adam").description in panel.presets.combo.toolTip()


def test_what_is_typed_afterwards_is_ones_own_and_says_what_it_was(panel: AgentPanel) -> None:
    pick(panel, "zoo-cartpole")
    retype(line(panel, "batch_size"), "65")
    assert (panel.presets.current, panel.presets.combo.currentText()) == (OWN, "Own settings")
    assert said(panel) == "Changed from “RL Zoo: CartPole”. Use “CartPole: layer norm”, made for this world"
    assert panel.limit.text() == "50,000"
    retype(line(panel, "batch_size"), "64")
    assert panel.presets.current == "zoo-cartpole"


def test_own_settings_are_kept_while_a_preset_is_looked_at(panel: AgentPanel) -> None:
    pick(panel, DEFAULTS)
    retype(line(panel, "discount"), "0.5")
    assert said(panel).startswith("Changed from “Shipped defaults”.")
    pick(panel, "zoo-cartpole")
    assert line(panel, "discount").text() == "0.99" and OWN in offered(panel)
    pick(panel, OWN)
    assert panel.spec(library_world(CARTPOLE), CARTPOLE).config == {"discount": 0.5}
    assert panel.limit.text() == "" and said(panel).startswith("Changed from “Shipped defaults”.")


def test_a_setting_at_fault_is_ones_own_too(panel: AgentPanel) -> None:
    pick(panel, "zoo-cartpole")
    retype(line(panel, "discount"), "2")
    assert panel.presets.current == OWN and panel.form.rows["discount"].error.isVisible()
    with pytest.raises(ConfigError):
        panel.spec(library_world(CARTPOLE), CARTPOLE)
    pick(panel, "zoo-cartpole")
    assert panel.presets.current == "zoo-cartpole" and not panel.form.rows["discount"].error.isVisible()


@pytest.mark.parametrize("how", ["list", "button"])
def test_back_to_the_defaults_takes_the_presets_limit_with_it(panel: AgentPanel, how: str) -> None:
    pick(panel, "lecture-cartpole-nadam")
    assert panel.episodes.text() == "600"
    if how == "list":
        pick(panel, DEFAULTS)
    else:
        QTest.mouseClick(panel.form.defaults, Qt.MouseButton.LeftButton)
    spec = panel.spec(library_world(CARTPOLE), CARTPOLE)
    assert (spec.config, spec.steps, spec.episodes, panel.presets.current) == ({}, None, None, DEFAULTS)


def test_a_limit_of_ones_own_stays(panel: AgentPanel) -> None:
    pick(panel, "lecture-cartpole-nadam")
    retype(panel.episodes, "20")
    assert panel.presets.current == "lecture-cartpole-nadam"
    pick(panel, DEFAULTS)
    assert panel.episodes.text() == "20"
    panel.choose("q-learning")
    assert panel.episodes.text() == "20"


def test_another_world_changes_no_setting(panel: AgentPanel) -> None:
    retype(line(panel, "discount"), "0.5")
    before = panel.spec(library_world(CARTPOLE), CARTPOLE)
    panel.set_world(library_world(LANDER), LANDER)
    after = panel.spec(library_world(CARTPOLE), CARTPOLE)
    assert (after, panel.presets.current) == (before, OWN)


def test_each_algorithm_keeps_its_preset_and_its_limit(panel: AgentPanel) -> None:
    panel.set_world(library_world(GRID), GRID)
    panel.choose("dqn")
    pick(panel, "lecture-cartpole-adam")
    panel.choose("q-learning")
    assert (panel.presets.current, panel.episodes.text()) == (DEFAULTS, "")
    panel.choose("dqn")
    assert (panel.presets.current, panel.episodes.text()) == ("lecture-cartpole-adam", "300")


def test_two_presets_of_equal_settings_keep_their_names(panel: AgentPanel) -> None:
    assert preset("zoo-acrobot").settings() == preset("zoo-lunar-lander").settings()
    for name in ("zoo-lunar-lander", "zoo-acrobot"):
        pick(panel, name)
        assert panel.presets.current == name


def test_where_there_are_none_the_list_is_hidden(panel: AgentPanel) -> None:
    panel.set_world(library_world(GRID), GRID)
    panel.choose("value-iteration")
    assert not panel.presets.isVisible()
    panel.choose("q-learning")
    assert panel.presets.isVisible()


def test_keys_choose_and_readers_of_the_screen_hear_of_it(panel: AgentPanel) -> None:
    combo = panel.presets.combo
    assert combo.accessibleName() == "Preset" and combo.focusPolicy() == Qt.FocusPolicy.StrongFocus
    QTest.keyClick(combo, Qt.Key.Key_Up)
    assert panel.presets.current == DEFAULTS and panel.form.value() == panel.algorithm.config()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert panel.presets.current == "cartpole" and panel.form.value() == preset("cartpole").settings()
    assert combo.accessibleDescription() == preset("cartpole").description


def test_an_episode_limit_is_read_as_people_write_it(panel: AgentPanel) -> None:
    assert panel.limit.placeholderText() == "50,000"
    retype(panel.episodes, "1,000")
    assert panel.spec(library_world(CARTPOLE), CARTPOLE).episodes == 1000 and panel.limit.placeholderText() == "no limit"
    retype(panel.episodes, "few")
    with pytest.raises(ConfigError, match="Episode limit: 'few' is not a number of episodes"):
        panel.spec(library_world(CARTPOLE), CARTPOLE)
    panel.set_world(library_world(GRID), GRID)
    panel.choose("value-iteration")
    assert not panel.episodes.isVisible() and panel.spec(library_world(GRID), GRID).episodes is None


def test_a_new_window_takes_over_what_was_chosen(qtbot: QtBot, panel: AgentPanel) -> None:
    retype(line(panel, "discount"), "0.5")
    pick(panel, "lecture-cartpole-adam")
    text.use("ko")
    try:
        other = AgentPanel()
        qtbot.addWidget(other)
        other.set_world(library_world(CARTPOLE), CARTPOLE)
        other.adopt(panel)
        assert other.presets.combo.currentText() == preset("lecture-cartpole-adam").title_ko
        assert preset("lecture-cartpole-adam").description_ko in other.presets.combo.toolTip()
        assert (other.episodes.text(), other.filled) == ("300", ("", "300")) and OWN in offered(other)
    finally:
        text.use("en")


def test_a_preset_for_any_world_may_set_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, panel: AgentPanel) -> None:
    many = {"title": "Many", "description": "Eight.", "algorithm": "dqn", "config": {"batch_size": 8}, "members": 8}
    (tmp_path / "many.json").write_text(json.dumps(many))
    pick(panel, DEFAULTS)
    monkeypatch.setattr(presets, "FOLDER", tmp_path)
    names.cache_clear()
    try:
        retype(panel.limit, "77")
        panel.set_world(library_world(CARTPOLE), CARTPOLE)
        assert offered(panel) == [DEFAULTS, None, "many"]
        pick(panel, "many")
        spec = panel.spec(library_world(CARTPOLE), CARTPOLE)
        assert (spec.members, spec.steps, spec.config, panel.presets.note.isVisible()) == (8, 77, {"batch_size": 8}, False)
    finally:
        names.cache_clear()
