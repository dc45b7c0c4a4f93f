"""Members that differ: typed as values, tried with as many seeds as are asked for, told apart in the plots."""

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels.agent import AgentPanel
from app.panels.vary import labels_of, seeds_each
from app.plots.plot_board import PlotBoard
from core.errors import ConfigError
from core.history import EPISODES
from core.runs.spec import RunSpec
from core.worlds.library import library_world

CARTPOLE = library_world("gym:CartPole-v1")


@pytest.fixture
def panel(qtbot: QtBot) -> AgentPanel:
    panel = AgentPanel()
    qtbot.addWidget(panel)
    panel.resize(320, 900)
    panel.set_world(CARTPOLE, "gym:CartPole-v1")
    panel.choose("dqn")
    panel.show()
    panel.vary.open()
    QApplication.processEvents()
    return panel


def made(panel: AgentPanel) -> RunSpec:
    return panel.spec(CARTPOLE, "gym:CartPole-v1")


def test_every_value_is_tried_with_as_many_seeds_as_there_are_members(panel: AgentPanel) -> None:
    assert (made(panel).vary, made(panel).members, panel.vary.note.text()) == ({}, 1, "")
    panel.members.setValue(2)
    QTest.keyClicks(panel.vary.typed["learning_rate"], "0.001; 0.0003; 0.0001")
    spec = made(panel)
    assert (spec.members, spec.vary) == (6, {"learning_rate": (0.001, 0.001, 0.0003, 0.0003, 0.0001, 0.0001)})
    assert panel.vary.note.text() == "3 values × 2 seeds = 6 members"
    assert labels_of(spec) == ("α 0.001",) * 2 + ("α 0.0003",) * 2 + ("α 0.0001",) * 2
    assert panel.network.facts is not None and panel.network.facts.members == 6


def test_schedules_and_several_settings_may_differ_at_once(panel: AgentPanel) -> None:
    QTest.keyClicks(panel.vary.typed["epsilon"], "0.1; linear(1, 0.05, 500)")
    QTest.keyClicks(panel.vary.typed["discount"], "0.9;0.99")
    assert labels_of(made(panel)) == ("ε 0.1, γ 0.9", "ε linear(1, 0.05, 500), γ 0.99")


def test_what_is_at_fault_is_said_in_a_sentence(panel: AgentPanel) -> None:
    QTest.keyClicks(panel.vary.typed["discount"], "0.9; 0.99")
    QTest.keyClicks(panel.vary.typed["learning_rate"], "0.1; 0.2; 0.3")
    assert "every line needs as many values (Learning rate: 3, Discount: 2)" in panel.vary.note.text()
    with pytest.raises(ConfigError):
        made(panel)
    assert "as many values" in panel.error.text()
    panel.vary.typed["learning_rate"].setText("")
    panel.vary.typed["discount"].setText("0.9; 2")
    with pytest.raises(ConfigError, match="discount"):
        made(panel)


def test_a_run_is_shown_as_it_was_made(panel: AgentPanel) -> None:
    panel.members.setValue(3)
    QTest.keyClicks(panel.vary.typed["learning_rate"], "0.001; 0.01")
    spec = made(panel)
    other = AgentPanel()
    other.set_world(CARTPOLE, "gym:CartPole-v1")
    other.show_spec(spec)
    assert (other.members.value(), other.vary.typed["learning_rate"].text()) == (3, "0.001; 0.01")
    assert other.spec(CARTPOLE, "gym:CartPole-v1") == spec
    third = AgentPanel()
    third.set_world(CARTPOLE, "gym:CartPole-v1")
    third.adopt(other)
    assert third.spec(CARTPOLE, "gym:CartPole-v1") == spec
    other.deleteLater()
    third.deleteLater()


def test_members_alike_in_a_row_are_seeds_of_one_value() -> None:
    assert seeds_each([(1, 1, 2, 2), ("a", "a", "b", "b")], 4) == 2
    assert seeds_each([(1, 2, 1, 2)], 4) == 1
    assert seeds_each([(1, 1, 1)], 3) == 3
    assert seeds_each([], 5) == 5


def test_learners_whose_members_cannot_differ_have_no_lines(panel: AgentPanel) -> None:
    panel.choose("linear-q-learning")
    assert not panel.vary.isVisible() and made(panel).vary == {}
    panel.choose("dqn")
    assert panel.vary.isVisible()


def test_members_of_one_value_are_one_line_of_the_plots_with_its_name(qtbot: QtBot) -> None:
    board = PlotBoard()
    qtbot.addWidget(board)
    board.resize(900, 300)
    board.show()
    board.choose(["return"])
    (view,) = board.shown()
    board.name_members(("α 0.1", "α 0.1", "α 0.2", "α 0.2"))
    count, member = 40, np.tile(np.arange(4), 10)
    rows = {
        "episode": np.repeat(np.arange(10), 4),
        "member": member,
        "step": np.arange(count),
        "return": 10.0 * member,
        "length": np.ones(count),
    }
    board.set_history({EPISODES: rows})
    assert [(group.name, len(group.members)) for _, group in view.groups] == [("α 0.1", 2), ("α 0.2", 2)]
    assert [entry.text for entry in view.legend] == ["α 0.1", "α 0.2"]
    names = [name for name, _ in view.table()]
    assert "α 0.1" in names and "α 0.2" in names
    view.toggle("α 0.1")
    assert not view.groups[0][1].parts and view.groups[1][1].parts
    board.name_members(())
    board.set_history({EPISODES: rows})
    assert len(view.groups) == 1
