"""How plots are drawn is remembered: in another window, and over a restart."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.plot_board import PlotBoard
from app.preferences import Preferences
from app.studio import Studio
from core.runs.statistics import Statistic
from tests.app.hands import Hands


@pytest.fixture
def boards(qtbot: QtBot) -> list[PlotBoard]:
    made = [PlotBoard(), PlotBoard()]
    for board in made:
        qtbot.addWidget(board)
        board.resize(900, 260)
        board.show_for("tabular")
        board.show()
    QApplication.processEvents()
    return made


def view(board: PlotBoard, name: str):  # type: ignore[no-untyped-def]
    return next(each for each in board.shown() if each.plot.name == name)


def test_what_was_chosen_comes_back_on_another_board(qtbot: QtBot, boards: list[PlotBoard]) -> None:
    first, second = boards
    first.choose(("return", "td-error"))
    shown = view(first, "return")
    with qtbot.waitSignal(first.chosen):
        shown.use(axis=shown.plot.x[1], smoothing=10, log_x=True, log_y=True, statistic=Statistic.iqm)
    with qtbot.waitSignal(first.chosen):
        shown.toggle("faint")
    second.recall(first.choices)
    again = view(second, "return")
    assert [each.plot.name for each in second.shown()] == ["return", "td-error"]
    assert (again.axis, again.look, again.hidden) == (shown.axis, shown.look, shown.hidden)
    assert again._canvas.look == shown._canvas.look or again.waiting
    again.set_history({"episodes": {"episode": np.arange(9), "step": 5 * np.arange(9), "return": np.arange(9.0)}})
    assert again._canvas.look.log_x and again._canvas.axes["bottom"].logMode


def test_views_that_are_made_later_are_drawn_as_chosen(boards: list[PlotBoard]) -> None:
    first, second = boards
    first.choose(("epsilon",))
    view(first, "epsilon").use(log_y=True)
    first.choose(("return",))
    second.recall(first.choices)
    assert second.choices == first.choices
    second.choose(("epsilon",))
    assert view(second, "epsilon").log_y


def test_nothing_is_kept_of_what_nobody_chose(boards: list[PlotBoard]) -> None:
    assert boards[0].choices == {"plots": {}, "drawn": {}}


@pytest.mark.parametrize(
    "kept",
    [
        {"plots": 3, "drawn": "x"},
        {"plots": {"tabular": 7, "deep": ["no such plot"]}, "drawn": {"return": 5, "no such plot": {}}},
        {"drawn": {"return": {"axis": "moon", "smoothing": "much", "log_x": 3, "statistic": "guess", "hidden": "main"}}},
        {"drawn": {"return": {"smoothing": -4, "hidden": ["run 3", 8]}}},
    ],
)
def test_what_cannot_be_read_is_as_at_first(boards: list[PlotBoard], kept: dict[str, object]) -> None:
    first, second = boards
    first.recall(kept)
    assert [each.plot.name for each in first.shown()] == [each.plot.name for each in second.shown()]
    ours, usual = view(first, "return"), view(second, "return")
    assert (ours.axis, ours.look, ours.hidden) == (usual.axis, usual.look, usual.hidden)


def test_a_restart_remembers(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning")
    studio.window.plots.choose(("return", "visit-spread"))
    studio.window.plots.shown()[0].use(smoothing=1000)
    studio.preferences._settings.sync()
    kept = Preferences(Path(studio.preferences._settings.fileName())).plots
    assert kept["plots"]["tabular"] == ["return", "visit-spread"] and kept["drawn"]["return"] == {"smoothing": 1000}
    studio.rebuild()
    assert studio.window.plots.shown()[0].smoothing == 1000


@pytest.mark.parametrize("text", ["", "[1, 2]", "{", "3"])
def test_damaged_choices_are_none(tmp_path: Path, text: str) -> None:
    kept = Preferences(tmp_path / "studio.ini")
    kept._settings.setValue("plots", text)
    assert kept.plots == {}
