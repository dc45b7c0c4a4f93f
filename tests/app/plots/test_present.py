"""How something is spread just now: bars of the newest picture, other ones with each."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.plot_board import PlotBoard
from app.plots.plot_view import PlotView
from app.plots.present import COUNTS, PRIORITIES, channels_of, outline
from core.learner import Counters, Snapshot

NAN = np.nan
KNOWN = Snapshot(
    Counters(), visits=np.array([2, 0, 9, 4]), q=np.array([[1.0, 0.0], [NAN, NAN], [0.5, NAN], [0.0, 0.0]]),
    priorities=np.array([0.1, 0.1, 0.1, 10.0]),
)  # fmt: skip


@pytest.fixture
def board(qtbot: QtBot) -> PlotBoard:
    board = PlotBoard()
    qtbot.addWidget(board)
    board.resize(800, 260)
    board.show_for("tabular")
    board.choose(("visit-spread", "priority-spread", "return"))
    board.show()
    QApplication.processEvents()
    return board


def line(view: PlotView) -> tuple[list[float], list[float]]:
    x, y = view._canvas.layers[0].lines.main
    return x.tolist(), y.tolist()


def test_states_stand_in_the_order_of_their_visits_without_those_that_end() -> None:
    counts = channels_of(KNOWN)[COUNTS]
    assert counts["count"].tolist() == [9, 4, 2] and counts["state"].tolist() == [2, 3, 0]
    assert counts["from"].tolist() == [0.5, 1.5, 2.5] and counts["to"].tolist() == [1.5, 2.5, 3.5]
    assert channels_of(replace(KNOWN, q=None))[COUNTS]["count"].tolist() == [9, 4, 2, 0]


def test_bars_of_priorities_grow_by_the_same_factor_and_hold_all() -> None:
    bars = channels_of(KNOWN)[PRIORITIES]
    assert bars["share"].sum() == pytest.approx(100) and bars["share"][0] == 75 and bars["share"][-1] == 25
    factors = bars["to"] / bars["from"]
    assert np.allclose(factors, 100 ** (1 / 40)) and np.allclose(bars["to"][:-1], bars["from"][1:])


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(1e-4, 1e30)))
def test_no_priority_is_lost(values: np.ndarray) -> None:
    bars = channels_of(replace(KNOWN, priorities=values))[PRIORITIES]
    assert bars["share"].sum() == pytest.approx(100)
    assert bars["from"][0] <= values.min() and bars["to"][-1] >= values.max()


def test_nothing_known_has_no_bars() -> None:
    assert channels_of(None) == {} and channels_of(Snapshot(Counters())) == {}
    assert channels_of(Snapshot(Counters(), visits=np.zeros(3, np.int64), priorities=np.empty(0))) == {}


def test_an_outline_stands_on_the_ground_at_both_ends() -> None:
    columns = {"from": np.array([1.0, 2.0]), "to": np.array([2.0, 4.0]), "n": np.array([5.0, 3.0])}
    drawn = outline(columns, "x", "n")
    assert drawn["x"].tolist() == [1, 1, 2, 2, 4, 4] and drawn["n"].tolist() == [0, 5, 5, 3, 3, 0]


def test_each_picture_brings_other_bars(board: PlotBoard, tmp_path: Path) -> None:
    visits, priorities, returns = board.shown()
    assert visits.waiting and priorities.waiting
    board.set_history({}, KNOWN)
    assert line(visits) == ([0.5, 0.5, 1.5, 1.5, 2.5, 2.5, 3.5, 3.5], [0, 9, 9, 4, 4, 2, 2, 0])
    assert not priorities.waiting and returns.waiting
    board.set_history({}, replace(KNOWN, visits=np.array([1, 0, 1, 1])))
    assert line(visits)[1] == [0, 1, 1, 1, 1, 1, 1, 0]
    visits.save_table(tmp_path / "a.csv")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["state"] for row in rows] == ["0", "2", "3"] and rows[0]["count"] == "1.0"
    (_, places), (_, heights) = visits.table()
    assert places.tolist() == [0.5, 1.5, 2.5, 3.5] and heights.tolist() == [1, 1, 1, 0]
    board.clear()
    assert visits.waiting


def test_the_cursor_reads_the_bar_below_it(board: PlotBoard) -> None:
    board.set_history({}, KNOWN)
    visits = board.shown()[0]
    canvas = visits._canvas
    for place, said in ((1.2, ": 9"), (1.7, ": 4"), (3.2, ": 2")):
        canvas.scene().sigMouseMoved.emit(canvas.box.mapViewToScene(QPointF(place, 3)))
        assert visits._header.readout.endswith(said), place


def test_a_plot_chosen_while_nothing_moves_is_drawn_at_once(board: PlotBoard) -> None:
    board.choose(("return",))
    board.set_history({}, KNOWN)
    board.choose(("return", "visit-spread"))
    assert not board.shown()[1].waiting


def test_evenly_drawn_memories_say_so(board: PlotBoard) -> None:
    board.set_history({"updates": {"update": np.arange(2), "step": np.arange(2), "member": np.zeros(2, int)}}, Snapshot(Counters()))
    assert "draws evenly" in board.shown()[1]._waiting.text()
