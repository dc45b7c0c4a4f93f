"""What is wrong with a world is said while it is drawn, shown and mended by clicks, and only errors keep a run from starting."""

from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import checking, text
from app.panels.problems import Problems
from app.picture import Status
from app.studio import Studio
from core.worlds.grid import GridWorld
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World
from tests.app.hands import Hands

LEFT = Qt.MouseButton.LeftButton
HALF = TableWorld(
    states=("a", "b"),
    actions=("go",),
    transitions=(
        Transition(state="a", action="go", next="a", probability=0.25),
        Transition(state="a", action="go", next="b", probability=0.25, reward=1),
    ),
)


def click(qtbot: QtBot, widget: QWidget) -> None:
    assert widget.isVisible() and widget.isEnabled()
    qtbot.mouseClick(widget, LEFT, pos=QPoint(8, widget.height() // 2))


def opened(qtbot: QtBot, studio: Studio, world: World) -> Problems:
    """The problems of a world, once it is looked through."""
    problems = studio.window.problems
    with qtbot.waitSignal(problems.checking.done):
        studio.document.open(world, "world")
    return problems


def test_a_goal_that_is_walled_in_is_said_shown_and_let_out(qtbot: QtBot, studio: Studio, hands: Hands) -> None:
    problems = opened(qtbot, studio, GridWorld(map=("S..G",)))
    assert not problems.button.isVisible()
    with qtbot.waitSignal(problems.checking.done):
        studio.document.apply(GridWorld(map=("S.#G",)), "wall")
    assert problems.button.text() == "▲ 1 problem"
    click(qtbot, problems.button)
    (entry,) = problems.list.entries
    assert entry.accessibleName() == "The goal in row 0, column 3 cannot be reached from where episodes start"
    click(qtbot, entry)
    assert studio.document.selection == {"0,3"}
    with qtbot.waitSignal(problems.checking.done):
        studio.document.stack.undo()
    assert not problems.button.isVisible()
    assert problems.list.entries == []
    qtbot.keyClick(problems.list, Qt.Key.Key_Escape)
    assert not problems.list.isVisible()


def test_a_click_mends_and_undo_takes_it_back(qtbot: QtBot, studio: Studio) -> None:
    world = GridWorld(map=("S1G",))
    problems = opened(qtbot, studio, world)
    click(qtbot, problems.button)
    mend = problems.list.entries[0].mend
    assert mend.text() == "Take it away"
    with qtbot.waitSignal(problems.checking.done):
        click(qtbot, mend)
    assert studio.document.world == GridWorld(map=("S.G",))
    assert studio.document.stack.undoText() == "Take it away"
    studio.document.stack.undo()
    assert studio.document.world == world


def test_what_is_said_of_another_world_mends_nothing(qtbot: QtBot, studio: Studio) -> None:
    problems = opened(qtbot, studio, GridWorld(map=("S1G",)))
    click(qtbot, problems.button)
    entry = problems.list.entries[0]
    edited = GridWorld(map=("S1G", "..."))
    studio.document.apply(edited, "grow")
    assert not entry.mend.isEnabled()
    entry.mended.emit(entry.problem)
    assert studio.document.world is edited


def test_errors_keep_a_run_from_starting_and_are_mended_in_the_list(qtbot: QtBot, studio: Studio, hands: Hands) -> None:
    problems = opened(qtbot, studio, HALF)
    assert problems.button.text() == "✕ 1 problem"
    hands.learner("q-learning", limit=50)
    hands.press("train")
    assert studio.runs.conductor.status is Status.idle
    assert problems.list.isVisible()
    assert studio.window.status.currentMessage() == "probabilities of state 'a', action 'go' add up to 0.5"
    qtbot.waitUntil(lambda: problems.checking.current and not problems.checking.busy)
    click(qtbot, problems.list.entries[0].mend)
    hands.press("train")
    hands.until(Status.finished)


def test_warnings_do_not_keep_a_run_from_starting(qtbot: QtBot, studio: Studio, hands: Hands) -> None:
    opened(qtbot, studio, GridWorld(map=("S#G",)))
    hands.learner("q-learning", limit=50)
    hands.press("train")
    hands.until(Status.finished)


def test_a_large_world_is_looked_through_when_asked(qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LARGEST", 3)
    problems = studio.window.problems
    with qtbot.waitSignal(problems.checking.skipped):
        studio.document.open(GridWorld(map=("S1.G",)), "large")
    assert problems.button.text() == "Not checked"
    with qtbot.waitSignal(problems.checking.done):
        click(qtbot, problems.button)
    assert [entry.problem.kind for entry in problems.list.entries] == ["portal"]


def test_problems_are_said_in_korean(qtbot: QtBot, studio: Studio) -> None:
    text.use("ko")
    studio.rebuild()
    problems = opened(qtbot, studio, GridWorld(map=("S1G",)))
    click(qtbot, problems.button)
    assert problems.list.entries[0].accessibleName() == "포털 1: 한쪽 끝뿐이어서 아무 데로도 이어지지 않습니다"
    assert problems.list.entries[0].mend.text() == "치우기"


def test_the_list_opens_from_the_menu_even_where_nothing_is_wrong(qtbot: QtBot, studio: Studio) -> None:
    problems = opened(qtbot, studio, GridWorld(map=("S..G",)))
    grid = studio.window.stage.designer.views["grid"].view
    grid.setFocus()
    studio.window.actions_["problems"].trigger()
    assert problems.list.isVisible() and problems.list.entries == [] and studio.window.focusWidget() is problems.list
    assert problems.list.area.viewport().height() >= problems.list.area.widget().findChild(QLabel).sizeHint().height()
    qtbot.keyClick(problems.list, Qt.Key.Key_Escape)
    assert not problems.list.isVisible() and studio.window.focusWidget() is grid


def test_a_large_world_that_is_asked_about_during_another_search_is_looked_through_after_it(
    qtbot: QtBot, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = studio.window.problems.checking
    qtbot.waitUntil(lambda: searched.current and not searched.busy)
    monkeypatch.setattr(checking, "LARGEST", 3)
    go = Event()
    slow = checking.problems
    monkeypatch.setattr(checking, "problems", lambda world: (go.wait(60), slow(world))[1])
    searched.check()
    studio.document.open(GridWorld(map=("S1.G",)), "large")
    searched.check()
    with qtbot.waitSignal(searched.done):
        go.set()
    assert [problem.kind for problem in searched.found] == ["portal"]
