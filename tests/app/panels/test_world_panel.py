"""The world panel tells what a world is, and a changed rule makes a changed world."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.world import WorldPanel
from app.picture import Status
from core.worlds.grid import Cell, GridRules, GridWorld
from core.worlds.gym import GymWorld
from core.worlds.library import library_world, names
from core.worlds.screen import Screen
from core.worlds.table import TableWorld, Transition
from tests.games import PONG

WORLD = GridWorld(map=("S.#", "T.G"), title="Two rows", description="A small one.", discount=0.9, slip=0.1)


@pytest.fixture
def panel(qtbot: QtBot) -> WorldPanel:
    panel = WorldPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 900)
    panel.set_world(WORLD, WORLD)
    panel.show()
    QApplication.processEvents()
    return panel


@pytest.fixture
def edited(panel: WorldPanel) -> list[GridWorld]:
    edited: list[GridWorld] = []
    panel.edited.connect(edited.append)
    return edited


def line(panel: WorldPanel, name: str) -> QLineEdit:
    editor = panel.form.rows[name].field.editor
    assert isinstance(editor, QLineEdit)
    return editor


def retype(panel: WorldPanel, name: str, text: str) -> None:
    line(panel, name).selectAll()
    QTest.keyClick(line(panel, name), Qt.Key.Key_Delete)
    QTest.keyClicks(line(panel, name), text)


def test_a_grid_shows_its_words_and_its_rules(panel: WorldPanel) -> None:
    assert (panel.title.text(), panel.description.text()) == ("Two rows", "A small one.")
    assert panel.facts.text() == "2 × 3 cells, 5 states"
    assert panel.form.isVisible()
    assert {name: getattr(panel.form.value(), name) for name in GridRules.model_fields} == {
        name: getattr(WORLD, name) for name in GridRules.model_fields
    }


@pytest.mark.parametrize("name", names())
def test_every_world_of_the_library_is_told(panel: WorldPanel, name: str) -> None:
    world = library_world(name)
    panel.set_world(world, world)
    assert panel.title.text() == world.title and panel.description.text() == world.description
    assert panel.form.isVisible() == (world.kind == "grid")
    facts = panel.facts.text()
    if isinstance(world, GymWorld):
        assert facts.startswith(world.id) and all(action in facts for action in world.actions)
        assert all(quantity.name in facts and quantity.unit in facts for quantity in world.observation)
    else:
        assert f"{world.compile().states} states" in facts


def test_a_changed_rule_is_a_changed_world(qtbot: QtBot, panel: WorldPanel) -> None:
    with qtbot.waitSignal(panel.edited) as caught:
        retype(panel, "slip", "0.25")
    assert caught.args == [WORLD.model_copy(update={"slip": 0.25})]
    assert caught.args[0].compile().next_state.size == GridWorld(map=WORLD.map, slip=0.25).compile().next_state.size
    assert panel.world == WORLD


def test_several_keys_in_a_row_are_one_edit(qtbot: QtBot, panel: WorldPanel, edited: list[GridWorld]) -> None:
    with qtbot.waitSignal(panel.edited):
        retype(panel, "goal_reward", "12.5")
        retype(panel, "discount", "0.75")
    assert edited == [WORLD.model_copy(update={"goal_reward": 12.5, "discount": 0.75})]
    assert not panel.settle.isActive()


def test_a_tick_is_an_edit(qtbot: QtBot, panel: WorldPanel) -> None:
    box = panel.form.rows["traps_end"].field.editor
    assert isinstance(box, QCheckBox)
    with qtbot.waitSignal(panel.edited) as caught:
        box.click()
    assert caught.args == [WORLD.model_copy(update={"traps_end": False})]


def test_a_rule_at_fault_is_marked_and_changes_nothing(qtbot: QtBot, panel: WorldPanel, edited: list[GridWorld]) -> None:
    with qtbot.waitSignal(panel.settle.timeout):
        retype(panel, "slip", "0.7")
    assert edited == [] and panel.form.rows["slip"].error.isVisible()
    with qtbot.waitSignal(panel.edited):
        retype(panel, "slip", "0.2")
    assert edited == [WORLD.model_copy(update={"slip": 0.2})] and not panel.form.rows["slip"].error.isVisible()


def test_typing_a_rule_back_is_no_edit(qtbot: QtBot, panel: WorldPanel, edited: list[GridWorld]) -> None:
    with qtbot.waitSignal(panel.settle.timeout):
        retype(panel, "slip", "0.3")
        retype(panel, "slip", "0.1")
    assert edited == []


def test_the_edited_world_coming_back_leaves_the_cursor_alone(qtbot: QtBot, panel: WorldPanel) -> None:
    with qtbot.waitSignal(panel.edited) as caught:
        retype(panel, "slip", "0.20")
    panel.set_world(caught.args[0], WORLD)
    assert line(panel, "slip").text() == "0.20" and line(panel, "slip").cursorPosition() == 4


def test_undo_brings_the_old_rule_back_into_the_form(qtbot: QtBot, panel: WorldPanel, edited: list[GridWorld]) -> None:
    with qtbot.waitSignal(panel.edited) as caught:
        retype(panel, "slip", "0.2")
    panel.set_world(caught.args[0], WORLD)
    panel.set_world(WORLD, WORLD)
    assert line(panel, "slip").text() == "0.1" and not panel.settle.isActive()
    assert len(edited) == 1


def test_another_world_before_the_edit_settles_is_not_changed(panel: WorldPanel, edited: list[GridWorld]) -> None:
    other = GridWorld(map=("..",), slip=0.4)
    retype(panel, "slip", "0.2")
    panel.set_world(other, other)
    assert not panel.settle.isActive() and edited == [] and line(panel, "slip").text() == "0.4"
    retype(panel, "slip", "0.2")
    panel.set_world(library_world("gym:CartPole-v1"), library_world("gym:CartPole-v1"))
    assert not panel.settle.isActive() and edited == [] and not panel.form.isVisible()


def test_a_stroke_before_the_edit_settles_loses_neither(qtbot: QtBot, panel: WorldPanel, edited: list[GridWorld]) -> None:
    assert isinstance(panel.world, GridWorld)
    painted = panel.world.painted([(0, 0)], Cell.wall)
    with qtbot.waitSignal(panel.settle.timeout):
        retype(panel, "slip", "0.2")
        panel.set_world(painted, panel.original)
    assert [(world.map, world.slip) for world in edited] == [(painted.map, 0.2)]


def test_a_chain_tells_where_it_ends_and_how_long_that_takes(panel: WorldPanel) -> None:
    """The gambler's ruin from the middle of 19 states: each side half of the time, after 10 * 10 steps."""
    walk = library_world("mdp/random-walk-19")
    panel.set_world(walk, walk)
    assert panel.facts.text().splitlines() == [
        "21 states, 1 action, discount 1",
        "There is no choice: this is a Markov chain.",
        "Expected steps until it is caught: 100",
        "Probability of ending in: 'left end' 0.5, 'right end' 0.5",
    ]


def test_a_chain_without_end_tells_how_it_shares_its_time(panel: WorldPanel) -> None:
    """Balance: what leaves 'sun', 0.1 of its share, is what comes back, 0.5 of that of 'rain'."""
    rows = (("sun", "sun", 0.9), ("sun", "rain", 0.1), ("rain", "sun", 0.5), ("rain", "rain", 0.5))
    steps = tuple(Transition(state=here, action="wait", next=there, probability=chance) for here, there, chance in rows)
    weather = TableWorld(states=("sun", "rain"), actions=("wait",), transitions=steps, discount=0.9)
    panel.set_world(weather, weather)
    assert panel.facts.text().splitlines()[1:] == [
        "There is no choice: this is a Markov chain.",
        "Share of time in the long run: 'sun' 0.8333, 'rain' 0.1667",
    ]


def test_where_there_is_a_choice_there_is_no_chain(panel: WorldPanel) -> None:
    choice = library_world("mdp/three-state")
    panel.set_world(choice, choice)
    assert panel.facts.text() == "3 states, 3 actions, discount 0.9"


def test_the_limits_of_an_environment_of_ones_own_are_changed_there(panel: WorldPanel, qtbot: QtBot) -> None:
    own = GymWorld(id="Corridor-v0", source="corridor.py", title="Corridor", step_seconds=3)
    changed: list[GymWorld] = []
    panel.edited.connect(changed.append)
    panel.set_world(own, own)
    assert panel.limits.isVisible() and not panel.form.isVisible()
    row = panel.limits.rows["step_seconds"]
    editor = row.field.editor
    assert isinstance(editor, QLineEdit) and editor.text() == "3"
    assert row.unit.isVisible() and row.unit.text() == "s" and "taken to hang" in row.label.toolTip()
    editor.selectAll()
    QTest.keyClicks(editor, "0.5")
    qtbot.waitUntil(lambda: bool(changed))
    assert changed == [own.model_copy(update={"step_seconds": 0.5})]
    panel.set_world(changed[0], own)
    assert dict(panel.limits.value())["step_seconds"] == 0.5
    for other in (WORLD, GymWorld(id="CartPole-v1")):
        panel.set_world(other, other)
        assert not panel.limits.isVisible()


def test_how_an_agent_meets_a_game_is_changed_there(panel: WorldPanel, qtbot: QtBot) -> None:
    pong = library_world(PONG)
    assert isinstance(pong, GymWorld)
    changed: list[GymWorld] = []
    panel.edited.connect(changed.append)
    panel.set_world(pong, pong)
    assert panel.game.isVisible() and not panel.form.isVisible() and not panel.limits.isVisible()
    assert panel.facts.text().splitlines()[1:3] == ["Observation: the newest 4 pictures, grey, 84 × 84", "15 steps a second in real time"]
    row = panel.game.rows["frame_skip"]
    assert (row.label.text(), row.unit.text()) == ("Frame skip", "frames") and "From 1 to 60" in row.label.toolTip()
    editor = row.field.editor
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    with qtbot.waitSignal(panel.settle.timeout):
        QTest.keyClicks(editor, "61")
    assert changed == [] and row.error.text() == "Must be from 1 to 60."
    editor.selectAll()
    with qtbot.waitSignal(panel.edited):
        QTest.keyClicks(editor, "2")
    assert changed == [pong.model_copy(update={"screen": Screen(frame_skip=2)})] and not row.error.isVisible()
    panel.set_world(changed[0], pong)
    assert "30 steps a second" in panel.facts.text() and row.back.isVisible()
    panel.set_world(pong, pong)
    assert editor.text() == "4" and not row.back.isVisible()


@pytest.mark.parametrize("world", [library_world(PONG), GymWorld(id="Corridor-v0", source="corridor.py")])
def test_how_an_environment_is_met_stays_while_a_run_goes_on(panel: WorldPanel, world: GymWorld) -> None:
    panel.set_world(world, world)
    form = panel.game if world.screen else panel.limits
    panel.follow(Status.running)
    assert not form.isEnabled() and panel.note.isVisible() and "press Reset" in panel.note.text()
    panel.follow(Status.idle)
    assert form.isEnabled() and "Reset" not in panel.note.text()
    panel.follow(Status.paused)
    panel.set_world(WORLD, WORLD)
    assert panel.form.isEnabled() and not panel.note.isVisible()
