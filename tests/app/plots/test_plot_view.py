"""Every plot of the registry draws whatever a history may hold; the board shows what suits the run."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.plots.axis import GRID, PlotAxis
from app.plots.canvas import PlotBox
from app.plots.choose_button import ChooseButton
from app.plots.figure import PAPER
from app.plots.plot import LEARNING, PLANNING, Plot
from app.plots.plot_board import PlotBoard
from app.plots.plot_view import PlotView
from app.plots.present import COUNTS, PRIORITIES
from app.plots.registry import defaults, plots
from app.theme import theme
from core.history import Columns

History = Mapping[str, Columns]
UPDATES = ("loss", "q_mean", "td_error", "grad_norm", "epsilon", "step_size", "priority", "largest_priority")
PLOTS = list(plots().values())


def history(rows: int, members: int = 1, hole: Any = None) -> History:
    """Every channel with as many rows for each member; with a hole, every third number is that."""
    number, member = np.repeat(np.arange(rows), members), np.tile(np.arange(members), rows)
    rng = np.random.default_rng(rows)

    def noise(level: float) -> np.ndarray:
        y = level + rng.random(rows * members)
        if hole is not None:
            y[::3] = hole
        return y

    return {
        "episodes": {
            "episode": number,
            "member": member,
            "step": 20 * number,
            "return": noise(-5),
            "length": 10 + number % 7,
            "discounted": noise(-2),
        },
        "updates": {"update": number, "member": member, "step": 4 * number} | {name: noise(0.1) for name in UPDATES},
        "truth": {"measurement": number, "member": member, "step": 20 * number, "episode": number}
        | {name: noise(0.1) for name in ("gap", "rms_error", "rms_error_q", "regret")},
        "sweeps": {"sweep": number, "member": member, "backups": 12 * number, "residual": 0.9**number}
        | {name: noise(0.1) for name in ("error_bound", "policy_changes")},
        "visits": {"measurement": number, "member": member, "step": 20 * number, "episode": number}
        | {name: noise(1.0) for name in ("visited", "evenly")},
        PRIORITIES: {"from": 0.1 + np.arange(rows), "to": 1.1 + np.arange(rows), "share": noise(2.0)[:rows]},
        COUNTS: {"from": 0.5 + np.arange(rows), "to": 1.5 + np.arange(rows), "state": np.arange(rows), "count": noise(20.0)[:rows]},
        "pace": {"record": number, "units": 20 * number, "seconds": 0.05 * number, "rate": noise(100.0)},
    }


def shown(qtbot: QtBot, plot: Plot) -> PlotView:
    view = PlotView(plot)
    qtbot.addWidget(view)
    view.resize(360, 220)
    view.show()
    QApplication.processEvents()
    return view


def board_of(qtbot: QtBot, width: int = 1200) -> PlotBoard:
    """A board so many pixels wide, not shown yet."""
    board = PlotBoard()
    qtbot.addWidget(board)
    board.resize(width, 240)
    return board


def inked(view: PlotView) -> int:
    """Pixels of the colour of the curves, away from the header."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[42:, :, 2::-1].astype(int)
    wanted = np.array(QColor(theme.colours.series[0]).getRgb()[:3])
    return int((np.abs(pixels - wanted).sum(axis=2) < 60).sum())


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_a_plot_is_declared_for_students(plot: Plot) -> None:
    assert plot.title and plot.tooltip.endswith(".") and plot.waiting.endswith(".")
    assert plot.x and set(plot.families) <= set(plot.recorded) <= {*PLANNING, *LEARNING}


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_every_plot_draws_any_history(qtbot: QtBot, plot: Plot) -> None:
    view = shown(qtbot, plot)
    assert view.waiting
    for rows, members, hole in ((0, 1, None), (1, 1, None), (2, 1, None), (300, 1, None), (300, 2, None), (5000, 5, None), (200, 1, np.nan),
                                (200, 2, np.inf), (60, 1, 0.0), (1, 2, None)):  # fmt: skip
        given = history(rows, members, hole)
        view.set_history(given)
        assert view.waiting == (rows == 0)
        for axis in plot.x:
            view.use(axis=axis)
            view.use(log_y=not view.log_y)
            view.use(log_y=not view.log_y)
        assert (inked(view) > 0) == (rows > 0)
    view.clear()
    assert view.waiting
    view.set_history({})
    assert view.waiting


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_nothing_but_missing_numbers_keeps_waiting(qtbot: QtBot, plot: Plot) -> None:
    view = shown(qtbot, plot)
    given = {name: dict(columns) for name, columns in history(30).items()}
    given[plot.channel][plot.y.column] = np.full(30, np.nan)
    given = {name: columns for name, columns in given.items() if name != plot.elsewhere}
    view.set_history(given)
    assert view.waiting


def test_a_plot_without_its_columns_keeps_waiting(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["loss"])
    view.set_history({"updates": {"update": np.arange(3), "member": np.zeros(3, int), "q_mean": np.ones(3)}})
    assert view.waiting


def test_an_unchanged_history_draws_nothing_anew(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = shown(qtbot, plots()["return"])
    given = history(100)
    view.set_history(given)
    monkeypatch.setattr(view, "_draw", lambda: pytest.fail("drawn anew"))
    view.set_history(given)


def test_a_hidden_plot_waits_until_it_is_shown(qtbot: QtBot) -> None:
    view = PlotView(plots()["return"])
    qtbot.addWidget(view)
    view.set_history(history(50))
    assert view.waiting
    view.show()
    assert not view.waiting


def test_zoom_stops_following_and_a_double_click_follows_again(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(100))
    canvas = view._canvas
    canvas.box.setXRange(20, 30, padding=0)
    canvas.box.sigRangeChangedManually.emit([True, True])
    view.set_history(history(400))
    assert canvas.box.viewRange()[0] == pytest.approx([20, 30])
    middle = canvas.mapFromScene(canvas.box.sceneBoundingRect().center())
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert canvas.following
    assert canvas.box.viewRange()[0][0] <= 0 and canvas.box.viewRange()[0][1] >= 399


def test_the_mouse_reads_numbers(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["length"])
    view.set_history(history(200))
    canvas = view._canvas
    place = canvas.mapFromScene(canvas.box.mapViewToScene(QPointF(100, 12)))
    QTest.mouseMove(canvas.viewport(), QPoint(5, 5))
    QTest.mouseMove(canvas.viewport(), place)
    canvas.scene().sigMouseMoved.emit(QPointF(canvas.mapToScene(place)))
    assert view._header.readout.startswith("Episode ") and "mean" in view._header.readout
    view._point(100.2)
    assert view._header.readout.startswith("Episode 100: 12 · mean ")
    view.set_history(history(200, members=3))
    view._point(50)
    assert "±" in view._header.readout
    view._point(None)
    assert view._header.readout == ""


def test_the_menu_offers_axes_smoothing_and_files(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(50))
    titles = [action.text() for action in view.menu().actions() if action.text()]
    assert titles == [
        "Reset view", "Horizontal axis", "Smoothing", "Lines", "Logarithmic horizontal axis", "Logarithmic vertical axis", "Show as table",
        "Save picture for paper…", "Save picture for projector…", "Save data…",
    ]  # fmt: skip


def test_files_hold_the_picture_and_all_numbers(qtbot: QtBot, tmp_path: Path) -> None:
    view = shown(qtbot, plots()["return"])
    given = history(50, members=2)
    view.set_history(given)
    view.save_picture(tmp_path / "plot.png", PAPER)
    assert QImage(str(tmp_path / "plot.png")).width() == round(90 / 25.4 * 300)
    view.save_table(tmp_path / "plot.csv")
    with (tmp_path / "plot.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 100
    assert [float(row["return"]) for row in rows] == given["episodes"]["return"].tolist()
    with pytest.raises(OSError, match="cannot be written"):
        view.save_picture(tmp_path / "no such folder" / "plot.png", PAPER)


@pytest.mark.parametrize("kind", (*PLANNING, *LEARNING))
def test_the_board_shows_what_suits_the_run(qtbot: QtBot, kind: str) -> None:
    board = board_of(qtbot)
    board.show_for(kind)
    board.show()
    board.set_history(history(120, members=2))
    QApplication.processEvents()
    assert [view.plot.name for view in board.shown()] == [plot.name for plot in defaults(kind)[:4]]
    assert len(board.shown()) >= (2 if kind == "play" else 3)
    assert not any(view.waiting for view in board.shown())
    board.clear()
    assert all(view.waiting for view in board.shown())


def test_a_choice_of_plots_is_kept_for_its_kind_of_run(qtbot: QtBot) -> None:
    board = board_of(qtbot)
    board.show()
    board.show_for("deep")
    with qtbot.waitSignal(board.chosen):
        board.choose(["loss"])
    board.show_for("planning")
    assert [view.plot.name for view in board.shown()] == ["residual", "error-bound", "policy-changes"]
    assert {action.text() for action in board.menu().actions() if action.isCheckable()} == {
        "Bellman residual",
        "Error bound",
        "Policy changes",
        "Rate",
    }
    board.show_for("deep")
    assert [view.plot.name for view in board.shown()] == ["loss"]
    loss = next(action for action in board.menu().actions() if action.text() == "Loss")
    loss.trigger()
    assert board.shown() == []
    usual = next(action for action in board.menu().actions() if action.text() == "Usual plots")
    usual.trigger()
    assert len(board.shown()) == 4
    other = next(action for action in board.menu().actions() if action.text() == "Episode length")
    assert not other.isEnabled()


def test_a_menu_that_is_closed_is_gone(qtbot: QtBot) -> None:
    board = board_of(qtbot)
    board.show()
    board.show_for("deep")
    view = board.shown()[0]
    for owner in (board, view):
        if owner is board:
            QTest.mouseClick(board.findChild(ChooseButton), Qt.MouseButton.LeftButton)
        else:
            QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5))))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        with qtbot.waitSignal(menu.destroyed):
            menu.close()


def test_a_narrow_board_leaves_plots_out(qtbot: QtBot) -> None:
    board = board_of(qtbot, 420)
    board.show_for("deep")
    board.show()
    board.set_history(history(50))
    assert len(board.shown()) == 2
    board.resize(1200, 240)
    assert len(board.shown()) == 4 and not any(view.waiting for view in board.shown())


def test_colours_and_text_size_follow_the_theme(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(300))
    try:
        for mode in ("dark", "light"):
            theme.use(mode, 1.6)
            QApplication.processEvents()
            assert view.grab().toImage().pixelColor(3, 100).name() == theme.colours.panel
            assert inked(view) > 0
    finally:
        theme.use("light")


def test_an_axis_outlives_the_box_it_belongs_to(qtbot: QtBot) -> None:
    """Qt asks for its size once more while a plot is taken down; an error there ends the program."""
    axis, box = PlotAxis("left"), PlotBox()
    axis.linkToView(box)
    axis.setGrid(GRID)
    assert axis.boundingRect().isValid()
    delete(box)
    assert isinstance(axis.boundingRect(), QRectF)
