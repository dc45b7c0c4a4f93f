"""The table of action values shows the numbers it is given, and the best action of each state."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.stage.table_view import ActionValueTable, readable_on
from app.theme import theme
from core.learner import Counters, Snapshot
from core.worlds.build import from_rows
from core.worlds.mdp import FiniteMDP, state_values

Q = np.array([[0.25, 0.75, np.nan], [-2.0, -3.0, -2.0], [np.nan, np.nan, np.nan]])


def world(names: list[str], actions: list[str], rows: list[tuple[int, int]]) -> FiniteMDP:
    """Every pair stays where it is, for nothing, and goes on."""
    state, action = zip(*rows, strict=True)
    return from_rows(names, actions, state=state, action=action, next_state=state, probability=np.ones(len(rows)),
                     reward=np.zeros(len(rows)), terminated=np.zeros(len(rows), bool), discount=0.9)  # fmt: skip


@pytest.fixture
def mdp() -> FiniteMDP:
    return world(["a", "b", "c"], ["left", "right", "wait"], [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)])


def snapshot(q: np.ndarray) -> Snapshot:
    return Snapshot(Counters(), values=state_values(q), q=q, visits=np.arange(len(q)) * 1000)


@pytest.fixture
def table(qtbot: QtBot, mdp: FiniteMDP) -> ActionValueTable:
    table = ActionValueTable()
    qtbot.addWidget(table)
    table.resize(640, 240)
    table.set_mdp(mdp)
    table.set_snapshot(snapshot(Q))
    table.show()
    QApplication.processEvents()
    return table


def texts(table: ActionValueTable, row: int) -> list[str]:
    model = table.view.model()
    return [model.index(row, column).data() for column in range(model.columnCount())]


def bold(table: ActionValueTable, row: int) -> list[int]:
    model = table.view.model()
    fonts = [model.index(row, column).data(Qt.ItemDataRole.FontRole) for column in range(model.columnCount())]
    return [column for column, font in enumerate(fonts) if font is not None and font.bold()]


def test_values_without_action_values(table: ActionValueTable) -> None:
    """What learners of state values know."""
    table.set_snapshot(Snapshot(Counters(), values=np.array([0.5, -1.0, 0.0]), visits=np.array([3, 4, 0])))
    assert [texts(table, row) for row in range(3)] == [
        ["a", "0.5", "", "", "", "", "3"],
        ["b", "−1", "", "", "", "", "4"],
        ["c", "0", "", "", "", "", "–"],
    ]
    assert [table.view.isColumnHidden(column) for column in range(7)] == [False, False, True, True, True, True, False]
    assert bold(table, 0) == []
    table.view.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert texts(table, 0)[0] == "b"
    table.set_snapshot(Snapshot(Counters(), values=np.zeros(2)))
    assert texts(table, 0)[1] == ""
    table.set_snapshot(snapshot(Q))
    assert not any(table.view.isColumnHidden(column) for column in range(7))


def test_without_a_choice_there_is_but_a_value(qtbot: QtBot, mdp: FiniteMDP) -> None:
    table = ActionValueTable()
    qtbot.addWidget(table)
    table.set_mdp(world(["a", "b"], ["go"], [(0, 0), (1, 0)]))
    assert [table.view.isColumnHidden(column) for column in range(5)] == [False, False, True, True, False]
    table.set_mdp(mdp)
    assert not any(table.view.isColumnHidden(column) for column in range(7))


def test_numbers_and_names(table: ActionValueTable) -> None:
    model = table.view.model()
    heads = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert heads == ["State", "V", "Best action", "left", "right", "wait", "Updates"]
    assert texts(table, 0) == ["a", "0.75", "right", "0.25", "0.75", "–", "0"]
    assert texts(table, 1) == ["b", "−2", "left, wait", "−2", "−3", "−2", "1,000"]
    assert texts(table, 2) == ["c", "0", "–", "–", "–", "–", "–"]
    assert "not available" in model.index(0, 5).data(Qt.ItemDataRole.ToolTipRole)


def test_every_best_action_is_bold(table: ActionValueTable) -> None:
    assert bold(table, 0) == [4]
    assert bold(table, 1) == [3, 5]
    assert bold(table, 2) == []


def test_the_best_action_has_the_colour_of_its_value(table: ActionValueTable) -> None:
    image = table.view.viewport().grab().toImage()

    def corner(row: int, column: int) -> str:
        rect = table.view.visualRect(table.view.model().index(row, column))
        return image.pixelColor(rect.left() + 6, rect.center().y()).name()

    colours = theme.value_table()
    assert corner(0, 4) == "#{:02x}{:02x}{:02x}".format(*colours[int((0.5 + 0.5 * 0.75 / 3) * 255)])
    assert corner(1, 3) == "#{:02x}{:02x}{:02x}".format(*colours[int((0.5 - 0.5 * 2 / 3) * 255)])
    assert corner(0, 1) == corner(0, 4)
    assert corner(0, 3) == corner(2, 1) == theme.colours.panel


def test_new_values_repaint_once_and_only_what_is_seen(qtbot: QtBot, table: ActionValueTable) -> None:
    with qtbot.waitSignal(table.values.dataChanged):
        table.set_snapshot(snapshot(-Q))
    assert bold(table, 0) == [3]
    table.set_snapshot(None)
    assert texts(table, 0) == ["a", "", "", "", "", "", ""]
    table.set_snapshot(snapshot(np.zeros((7, 2))))
    assert texts(table, 0)[1] == ""
    table.set_snapshot(snapshot(np.where(np.isnan(Q), np.nan, 0.0)))
    assert [texts(table, row)[2] for row in range(3)] == ["any", "any", "–"]


def test_sorting_by_a_column_keeps_rows_together(table: ActionValueTable) -> None:
    table.view.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert [texts(table, row)[0] for row in range(3)] == ["b", "c", "a"]
    assert bold(table, 0) == [3, 5]
    table.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert texts(table, 0)[:3] == ["a", "0.75", "right"]
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert [texts(table, row)[0] for row in range(3)] == ["c", "b", "a"]
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert [texts(table, row)[0] for row in range(3)] == ["a", "b", "c"]


def test_selecting_a_row_names_its_state(qtbot: QtBot, table: ActionValueTable) -> None:
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    place = table.view.visualRect(table.view.model().index(0, 0)).center()
    with qtbot.waitSignal(table.state_selected) as caught:
        QTest.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [2]
    table.select_state(0)
    assert table.view.currentIndex().row() == 2


def test_without_a_world_a_sentence(qtbot: QtBot) -> None:
    table = ActionValueTable()
    qtbot.addWidget(table)
    table.show()
    assert table.hint.isVisible()
    table.set_snapshot(snapshot(Q))
    table.set_mdp(None)
    assert table.hint.isVisible()


def test_ten_thousand_states_draw_only_what_is_seen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 10_000
    rows = [(state, action) for state in range(count) for action in range(2)]
    table = ActionValueTable()
    qtbot.addWidget(table)
    table.set_mdp(world([str(state) for state in range(count)], ["left", "right"], rows))
    table.resize(500, 300)
    table.show()
    QApplication.processEvents()
    painted: list[int] = []
    text = table.values.text
    monkeypatch.setattr(table.values, "text", lambda row, column: painted.append(row) or text(row, column))
    table.set_snapshot(snapshot(np.random.default_rng(0).normal(size=(count, 2))))
    QApplication.processEvents()
    table.view.viewport().repaint()
    assert 0 < len(painted) < 400


def test_text_stands_out_on_every_colour() -> None:
    for mode in ("light", "dark"):
        theme.use(mode)
        for colour in ActionValueTable().painter.colours:
            ink = readable_on(colour)
            light, dark = sorted((_luminance(*ink.getRgbF()[:3]), _luminance(*colour.getRgbF()[:3])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) > 3.9, colour.name()
    theme.use("light")


def _luminance(*channels: float) -> float:
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
