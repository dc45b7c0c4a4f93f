"""Action values as a picture: every pair has a place of its own, and the mouse reads its number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.stage.heat_map import strips_of
from app.stage.table_view import ActionValueTable
from app.theme import theme
from core.learner import Counters, Snapshot
from core.worlds.library import open_world
from core.worlds.mdp import state_values


@given(st.integers(1, 20_000), st.integers(1, 12), st.integers(20, 2000), st.integers(10, 900))
def test_all_states_fit_or_are_left_out_evenly(states: int, actions: int, width: int, height: int) -> None:
    found = strips_of(states, actions, width, height, 36.0, 10.0)
    assert found.across * found.strips * found.every >= states
    assert found.cell * found.across <= width + 1e-6 or found.every > 1
    if found.every == 1:
        assert found.strips * (actions * found.height + 10.0) - 10.0 <= height + 1e-6


@pytest.fixture
def table(qtbot: QtBot) -> ActionValueTable:
    mdp = open_world("grid/lecture-3x4").compile()
    table = ActionValueTable()
    qtbot.addWidget(table)
    table.resize(700, 240)
    table.set_mdp(mdp)
    q = np.where(mdp.available, np.linspace(-1, 1, mdp.states)[:, None] + 0.1 * np.arange(mdp.actions), np.nan)
    table.set_snapshot(Snapshot(Counters(), values=state_values(q), q=q))
    table.show()
    QApplication.processEvents()
    return table


def test_a_click_shows_the_picture_and_another_the_table(table: ActionValueTable) -> None:
    QTest.mouseClick(table.as_picture, Qt.MouseButton.LeftButton)
    assert table.heat.isVisible() and not table.view.isVisible()
    QTest.mouseClick(table.as_table, Qt.MouseButton.LeftButton)
    assert table.view.isVisible() and not table.heat.isVisible()


def test_the_mouse_reads_the_number_of_a_cell(table: ActionValueTable, monkeypatch: pytest.MonkeyPatch) -> None:
    QTest.mouseClick(table.as_picture, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    heat, known = table.heat, table.values.snapshot
    assert known is not None and known.q is not None and table.values.mdp is not None
    for state, action in ((0, 0), (3, 2), (table.values.mdp.states - 1, 3)):
        assert heat.pair_at(heat.cell(state, action).center()) == (state, action)
    assert heat.pair_at(heat.rect().topLeft().toPointF()) is None
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _, text, __: said.append(text))
    QTest.mouseMove(heat, heat.cell(2, 3).center().toPoint() + QPoint(1, 1))
    QTest.mouseMove(heat, heat.cell(2, 3).center().toPoint())
    name = table.values.mdp.state_names[2]
    assert said and said[-1].startswith(f"{name}, ") and said[-1].endswith("(best)")
    assert f"{known.q[2, 3]:.2f}"[:4] in said[-1].replace("−", "-")


def test_colours_are_those_of_the_values_and_a_click_selects(table: ActionValueTable, qtbot: QtBot) -> None:
    QTest.mouseClick(table.as_picture, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    heat, known = table.heat, table.values.snapshot
    image = heat.grab().toImage()
    assert known is not None and known.q is not None
    for state, action in ((1, 0), (6, 3)):
        place = heat.cell(state, action).topLeft().toPoint() + QPoint(3, 3)
        shade = theme.value_table()[int((0.5 + 0.5 * known.q[state, action] / table.values.extent) * 255)]
        assert image.pixelColor(place).getRgb()[:3] == pytest.approx(tuple(shade[:3].tolist()), abs=3)
    with qtbot.waitSignal(table.state_selected):
        QTest.mouseClick(heat, Qt.MouseButton.LeftButton, pos=heat.cell(4, 1).center().toPoint())
    assert heat.selected == 4


def test_learners_of_state_values_have_no_picture(table: ActionValueTable) -> None:
    assert table.values.mdp is not None
    QTest.mouseClick(table.as_picture, Qt.MouseButton.LeftButton)
    table.set_snapshot(Snapshot(Counters(), values=np.zeros(table.values.mdp.states)))
    assert not table.as_picture.isVisible() and table.view.isVisible()


def test_a_world_of_many_states_is_painted(qtbot: QtBot) -> None:
    mdp = open_world("make:garnet?states=5000&actions=3&branching=2").compile()
    table = ActionValueTable()
    qtbot.addWidget(table)
    table.resize(400, 160)
    table.set_mdp(mdp)
    q = np.random.default_rng(0).normal(size=(mdp.states, mdp.actions))
    table.set_snapshot(Snapshot(Counters(), values=state_values(q), q=q))
    table.as_picture.setChecked(True)
    table.show()
    QApplication.processEvents()
    assert table.heat.grab().toImage().pixelColor(table.heat.room.center().toPoint()) != theme.colour("panel")
