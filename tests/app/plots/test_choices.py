"""What a person chooses in a plot: axes, statistics, lines, scales, files. Chosen in its menu, clicked in its legend."""

import csv
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QTableView
from pytestqt.qtbot import QtBot

from app.plots.as_table import PlotTable
from app.plots.curves import Curves, Series, bundle, stretches
from app.plots.figure import MM, PAPER, PROJECTOR
from app.plots.grouping import at
from app.plots.lines import Look, lines_of
from app.plots.overlay import Overlay
from app.plots.plot_view import PlotView
from app.plots.registry import plots
from core.history import Columns
from tests.app.plots.test_plot_view import history, shown

History = Mapping[str, Columns]


def choose(view: PlotView, *path: str) -> None:
    """Click through the view's menu."""
    menu: QMenu = view.menu()
    for title in path[:-1]:
        found = next(action.menu() for action in menu.actions() if action.text() == title)
        assert isinstance(found, QMenu)
        menu = found
    next(action for action in menu.actions() if action.text() == path[-1]).trigger()
    QApplication.processEvents()


def titles(view: PlotView, submenu: str) -> list[str]:
    menu = next(action.menu() for action in view.menu().actions() if action.text() == submenu)
    assert isinstance(menu, QMenu)
    return [action.text() for action in menu.actions()]


def click(view: PlotView, key: str) -> None:
    """Click an entry of the legend."""
    view.grab()
    QTest.mouseClick(view._header, Qt.MouseButton.LeftButton, pos=view._header.place_of(key).center().toPoint())
    QApplication.processEvents()


def test_rows_find_their_place_on_every_axis(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(100))
    assert titles(view, "Horizontal axis") == ["Episode", "Environment steps", "Update", "Time of work"]
    expected = {"Episode": 99, "Environment steps": 1980, "Update": 99, "Time of work": 99 * 0.05}
    for title, last in expected.items():
        choose(view, "Horizontal axis", title)
        (series,) = view._traces[0].members
        assert series.x[-1] == pytest.approx(last) and (np.diff(series.x) >= 0).all() and series.count == 100
    assert view._at(2.5).startswith("Time of work 2.5:")


def test_a_clock_is_read_by_the_work_done() -> None:
    clock = Curves("units", "seconds")
    clock.update({"units": np.array([10, 20]), "seconds": np.array([1.0, 3.0])})
    assert clock.at(7, np.array([0, 10, 15, 20, 50])).tolist() == [1.0, 1.0, 2.0, 3.0, 3.0]
    episodes = Curves("step", "episode")
    episodes.update({"episode": np.array([0, 1, 0]), "member": np.array([0, 0, 1]), "step": np.array([5, 9, 7])})
    assert episodes.at(0, np.array([5, 8, 9, 30])).tolist() == [0, 0, 1, 1] and episodes.at(1, np.array([8])).tolist() == [0]
    updates = Curves("step", "update")
    updates.update({"step": np.array([4, 8]), "update": np.array([4, 8])})
    assert updates.at(0, np.array([2, 5, 8, 9])).tolist() == [2, 5, 8, 8], "an update each step: those between are known, too"
    updates.update({"step": np.array([4, 8, 16]), "update": np.array([4, 8, 10])})
    assert updates.at(0, np.array([5, 15, 16])).tolist() == [4, 8, 10]


def test_members_come_together_as_chosen(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    given = history(50, members=5)
    view.set_history(given)
    assert titles(view, "Members together") == [
        "Mean and 95 % band",
        "Interquartile mean and 95 % band",
        "Median and 95 % band",
        "Each member",
    ]
    choose(view, "Smoothing", "None")
    by_member = given["episodes"]["return"].reshape(50, 5)
    for title, value in (
        ("Median and 95 % band", np.median(by_member[-1])),
        ("Interquartile mean and 95 % band", np.sort(by_member[-1])[1:4].mean()),
    ):
        choose(view, "Members together", title)
        _, (centre, low, high) = at(view.groups[0][1], 49, view.look)
        assert centre == pytest.approx(value) and low <= centre <= high
        assert "(" in view._at(49)
    choose(view, "Members together", "Each member")
    assert [group.name for _, group in view.groups] == [f"member {number}" for number in range(5)]
    assert len({(group.colour, group.dash) for _, group in view.groups}) == 5


def test_a_click_on_the_legend_hides_a_line_and_another_shows_it(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.resize(600, 240)
    view.set_history(history(60, members=3))
    for key in ("area", "faint", "main"):
        click(view, key)
        assert key not in view.groups[0][1].parts
        click(view, key)
        assert key in view.groups[0][1].parts
    choose(view, "Lines", "95 % band")
    assert "area" not in view.groups[0][1].parts
    view.compare([Overlay(4, "other", 0, history(80, members=2))])
    click(view, "run 4")
    assert [bool(group.parts) for _, group in view.groups] == [True, False]


def test_mean_q_stands_beside_what_was_seen(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["mean-q"])
    view.set_history(history(60))
    assert [group.name for _, group in view.groups] == ["expected", "seen"]
    assert view.groups[0][1].dash != view.groups[1][1].dash
    view._point(30)
    assert "seen" in view._readout.text() and view._readout.isVisible()
    view._point(None)
    assert not view._readout.isVisible()
    without = {name: columns for name, columns in history(60).items() if name != "episodes"}
    view.clear()
    view.set_history(without)
    assert len(view.groups) == 1


def test_step_sizes_of_tables_are_found_where_they_are_measured(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["step-size"])
    given = {name: dict(columns) for name, columns in history(20).items()}
    del given["updates"]["step_size"]
    given["visits"]["step_size"] = np.linspace(1, 0.1, 20)
    view.set_history(given)
    assert not view.waiting and view._traces[0].members[0].y[-1] == pytest.approx(0.1)


def test_a_logarithmic_axis_begins_with_the_first_place_above_zero(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(1000, members=2))
    choose(view, "Logarithmic horizontal axis")
    low, high = view._canvas.span
    assert 0.5 < low <= 1 and 999 <= high < 1500
    x, _ = view._canvas.layers[0].lines.main
    assert np.nanmin(x) == pytest.approx(0.0) and np.diff(np.unique(x)).max() < 0.5
    choose(view, "Logarithmic horizontal axis")
    assert view._canvas.span[0] <= 0


def test_a_logarithmic_stretch_keeps_its_peaks_everywhere() -> None:
    series = Series()
    y = np.zeros(100_000)
    y[[3, 40, 900, 60_000]] = 5.0
    series.append(np.arange(100_000), y)
    drawn = lines_of([series], 0, 100_000, 300, Look(log_x=True)).on(Look(log_x=True)).main
    assert sorted(set(np.round(10 ** drawn[0][drawn[1] == 5.0], -1)))[:2] == [0, 40] and (drawn[1] == 5.0).sum() >= 4
    parts = stretches(1, 1000, True)
    assert parts[0][0] == 1 and parts[-1][1] == 1000 and all(one[1] == other[0] for one, other in pairwise(parts))
    assert len(bundle([series, series], 1, 100_000, 100, 1, log=True).x) < 400


def test_changes_are_marked_where_they_were_made(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(100))
    view.annotate([(400, "Step size 0.2"), (1000, "Exploration 0.1")])
    assert [notch.value() for notch in view._canvas._notches] == [20, 50]
    view._point(20)
    assert view._readout.text() == "Step size 0.2" and view._readout.isVisible()
    view._point(35)
    assert not view._readout.isVisible()
    choose(view, "Horizontal axis", "Environment steps")
    assert [notch.value() for notch in view._canvas._notches] == [400, 1000]
    view.clear()
    assert not view._canvas._notches


def test_pictures_have_the_size_they_are_named_for(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(50, members=3))
    for kind, size in (("Save picture for paper…", PAPER), ("Save picture for projector…", PROJECTOR)):
        for suffix in ("png", "svg", "pdf"):
            chosen = f"{suffix.upper()} (*.{suffix})"
            monkeypatch.setattr(
                QFileDialog, "getSaveFileName", lambda *_, suffix=suffix, chosen=chosen: (str(tmp_path / f"a.{suffix}"), chosen)
            )
            choose(view, kind)
        image = QImage(str(tmp_path / "a.png"))
        assert image.width() == round(size.width * size.dpi / 720) and image.height() == round(size.height * size.dpi / 720)
        assert image.pixelColor(2, 2).name() == "#ffffff"
        drawing = QSvgRenderer(str(tmp_path / "a.svg"))
        assert drawing.isValid() and drawing.viewBoxF().width() == pytest.approx(size.width)
        assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert PAPER.width / MM == pytest.approx(90) and PAPER.text == 80
    assert PROJECTOR.width / PROJECTOR.height == pytest.approx(16 / 9)
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, __, text: said.append(text))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "a"), "SVG (*.svg)"))
    choose(view, "Save picture for paper…")
    assert said and "a.svg" in said[0]


def test_the_numbers_of_several_runs_say_whose_they_are(qtbot: QtBot, tmp_path: Path) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(5))
    view.compare([Overlay(1, "other", 0, history(3))])
    view.save_table(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8") as file:
        assert [row["run"] for row in csv.DictReader(file)] == ["this run"] * 5 + ["other"] * 3


def test_a_name_with_a_dot_keeps_all_of_it(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(5))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "epsilon 0.1"), ""))
    choose(view, "Save data…")
    choose(view, "Save picture for paper…")
    assert {path.name for path in tmp_path.iterdir()} == {"epsilon 0.1.csv", "epsilon 0.1.png"}


def test_a_table_stands_behind_the_picture(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["length"])
    given = history(30, members=3)
    view.set_history(given)
    choose(view, "Smoothing", "None")
    choose(view, "Show as table")
    dialog = view.findChild(PlotTable)
    assert dialog is not None and dialog.isVisible()
    table = dialog.findChild(QTableView)
    assert table is not None and table.accessibleName() == "Episode length"
    model = table.model()
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    assert titles == ["Episode", "mean of 3 members", "mean of 3 members, from", "mean of 3 members, to"]
    assert model.rowCount() == 30
    assert [model.index(29, column).data() for column in range(2)] == ["29", str(10 + 29 % 7)]
    dialog.close()


def test_overlays_are_drawn_even_where_there_is_no_run(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.compare([Overlay(1, "other", 3, history(40))])
    assert not view.waiting and [group.name for _, group in view.groups] == ["other"]
    view.compare([])
    assert view.waiting


def test_the_cursor_says_what_each_line_has(qtbot: QtBot) -> None:
    view = shown(qtbot, plots()["return"])
    view.set_history(history(100))
    view.compare([Overlay(1, "other", 0, history(90))])
    canvas = view._canvas
    canvas.scene().sigMouseMoved.emit(canvas.box.mapViewToScene(QPointF(50, float(np.mean(canvas.box.viewRange()[1])))))
    assert "this run" in view._readout.text() and "other" in view._readout.text()
