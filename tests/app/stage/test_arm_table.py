"""A bandit shows what each arm is thought to be worth, its pulls and its true mean; by hand, and clicked in the real studio."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.picture import Status
from app.stage.arm_table import MEAN, PULLS, VALUE, ArmTable, is_bandit
from app.studio import Studio
from app.theme import theme
from core.learner import Counters, Snapshot
from core.worlds.library import library_world, names
from core.worlds.table import TableWorld, Transition
from tests.app.hands import Hands

TWO = TableWorld(states=("arms", "end"), actions=("left", "right"), discount=1.0, transitions=(
    Transition(state="arms", action="left", next="end", reward=1.0, probability=0.25),
    Transition(state="arms", action="left", next="end", reward=-1.0, probability=0.75),
    Transition(state="arms", action="right", next="end", reward=2.0),
))  # fmt: skip


def snapshot(left: float, right: float, symbol: str = "Q") -> Snapshot:
    q = np.array([[left, right], [np.nan, np.nan]])
    return Snapshot(Counters(), values=np.zeros(2), q=q, tries=np.array([1234, 5]), symbol=symbol)


@pytest.fixture
def table(qtbot: QtBot) -> ArmTable:
    table = ArmTable()
    qtbot.addWidget(table)
    table.resize(640, 240)
    table.set_mdp(TWO.compile())
    table.show()
    QApplication.processEvents()
    return table


def texts(table: ArmTable, row: int) -> list[str]:
    return [table.arms.index(row, column).data() for column in range(table.arms.columnCount())]


def heads(table: ArmTable) -> list[str]:
    return [table.arms.headerData(column, Qt.Orientation.Horizontal) for column in range(table.arms.columnCount())]


def test_arms_with_their_numbers(table: ArmTable) -> None:
    assert [texts(table, row) for row in range(2)] == [["left", "", "", "−0.5"], ["right", "", "", "2"]]
    table.set_snapshot(snapshot(-0.25, 1.5))
    assert [texts(table, row) for row in range(2)] == [["left", "−0.25", "1,234", "−0.5"], ["right", "1.5", "5", "2"]]
    assert heads(table) == ["Arm", "Value Q(a)", "Pulls", "True mean"]
    assert [table.arms.best(row) for row in range(2)] == [False, True]
    table.set_snapshot(snapshot(0.0, 0.0))
    assert not table.arms.best(0) and not table.arms.best(1)
    table.set_snapshot(None)
    assert texts(table, 1) == ["right", "", "", "2"]


def test_preferences_are_named_so(table: ArmTable) -> None:
    table.set_snapshot(snapshot(0.3, -0.3, "H"))
    assert heads(table)[VALUE] == "Preference H(a)"
    assert "Only differences count" in table.arms.headerData(VALUE, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)


def test_a_bar_goes_from_zero_to_the_estimate_and_a_line_marks_the_truth(table: ArmTable) -> None:
    table.set_snapshot(snapshot(-0.25, 1.5))
    QApplication.processEvents()
    image = table.viewport().grab().toImage()

    def across(row: int, colour: str) -> list[int]:
        rect = table.visualRect(table.arms.index(row, VALUE))
        number = table.fontMetrics().horizontalAdvance("−00.0000") + 16
        found = range(rect.left() + 8, rect.right() - number)
        return [x for x in found if image.pixelColor(x, rect.center().y()).name() == getattr(theme.colours, colour)]

    left, right = across(0, "muted"), across(1, "accent")
    assert left and right and max(left) <= min(right) and len(right) == pytest.approx(6 * len(left), rel=0.15)
    assert across(1, "text") and min(across(1, "text")) > max(right) and max(across(0, "text")) < min(left) + 2


def test_only_bandits_are_bandits() -> None:
    tables = [name for name in names() if name.startswith("mdp/")]
    assert [name for name in tables if is_bandit(library_world(name).compile())] == ["mdp/ten-armed-testbed"]


def test_a_bandit_learner_fills_the_stage(studio: Studio, hands: Hands) -> None:
    hands.library("mdp/ten-armed-testbed")
    stage = studio.window.stage
    assert stage.designer.shown == ["arms"] and studio.window.below.isTabVisible(1)
    for name, symbol in (("q-learning", "Value Q(a)"), ("gradient-bandit", "Preference H(a)"), ("thompson-sampling", "Value Q(a)")):
        hands.learner(name, limit=500)
        hands.press("train")
        hands.until(Status.finished)
        assert sum(int(texts(stage.designer.views["arms"].table, row)[PULLS].replace(",", "")) for row in range(10)) == 500
        assert heads(stage.designer.views["arms"].table)[VALUE] == symbol and texts(stage.designer.views["arms"].table, 2)[MEAN] == "1.5"
    hands.press("reset")
    assert texts(stage.designer.views["arms"].table, 0)[VALUE] == ""


def test_what_the_stage_shows_is_not_shown_again_below(studio: Studio, hands: Hands) -> None:
    below = studio.window.below
    assert below.isTabVisible(1)
    hands.library("mdp/gambler-100")
    assert studio.window.stage.designer.shown == ["values"] and not below.isTabVisible(1)
    hands.library("grid/lecture-3x4")
    assert below.isTabVisible(1)
