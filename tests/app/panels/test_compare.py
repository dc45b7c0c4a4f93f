"""Runs are listed, drawn over one another and compared. Clicked in the real studio."""

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from app.panels.runs_model import ALGORITHM, DIFFERS, FINAL, LINE, NAME, STEPS
from app.picture import Status
from app.plots.overlay import LOOKS, Overlay
from app.studio import Studio
from core.learner import UNBOUNDED, Budget
from core.runs import folder
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world
from tests.app.hands import Hands


def trained(hands: Hands, limit: int, **settings: object) -> None:
    hands.learner("q-learning", limit=limit, **settings)
    hands.press("train")
    hands.until(Status.finished)


def click(studio: Studio, row: int, column: int, left: bool = False) -> None:
    """Click the middle of a cell of the list, or its left end."""
    view = studio.window.runs.view
    rect = view.visualRect(view.model().index(row, column))
    place = QPoint(rect.left() + 12, rect.center().y()) if left else rect.center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.fixture
def two(studio: Studio, hands: Hands) -> Studio:
    """Two runs of Q-learning, the second of which is on show."""
    trained(hands, 3000, step_size=0.1)
    hands.press("reset")
    trained(hands, 4000, step_size=0.5)
    studio.window.below.setCurrentWidget(studio.window.runs)
    QApplication.processEvents()
    return studio


def test_runs_are_listed_with_what_differs(two: Studio, hands: Hands) -> None:
    model = two.window.runs.model
    assert model.rowCount() == 2
    assert [model.text(row, ALGORITHM) for row in range(2)] == ["Q-learning"] * 2
    assert [model.text(row, DIFFERS) for row in range(2)] == ["Step size 0.1, Steps 3,000", "Step size 0.5, Steps 4,000"]
    assert float(model.text(1, FINAL)) == pytest.approx(two.window.runs.records[1].history["episodes"]["return"][-100:].mean(), abs=1e-3)
    assert model.text(0, STEPS)
    hands.press("reset")
    trained(hands, 4000, step_size=0.5)
    assert model.rowCount() == 3


def test_scores_are_seen_at_once(two: Studio) -> None:
    view = two.window.runs.view
    header, model = view.horizontalHeader(), view.model()
    titles = [model.headerData(header.logicalIndex(place), Qt.Orientation.Horizontal) for place in range(header.count())]
    assert titles[0] == "Run" and titles[2] == "Final score" and titles.index("Algorithm") == 6


def test_a_run_that_did_not_change_is_not_scored_again(two: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping a run waits for the list: with forty long runs in it, scoring all of them took a second."""
    model, before, scored = two.window.runs.model, two.window.runs.model.scores, list[object]()
    monkeypatch.setattr("app.panels.runs_model.score", lambda found, aim: scored.append(found))
    model.show(model.records)
    assert model.scores == before and scored == []


def test_a_check_draws_an_earlier_run_and_a_click_changes_its_line(two: Studio) -> None:
    two.window.runs.view.resizeColumnsToContents()
    click(two, 0, NAME, left=True)
    (overlay,) = two.window.plots._overlays
    two.window.below.setCurrentWidget(two.window.plots)
    QApplication.processEvents()
    view = two.window.plots.shown()[0]
    assert [group.name for _, group in view.groups] == ["this run", overlay.name]
    first, second = (group for _, group in view.groups)
    assert (first.colour, first.dash) != (second.colour, second.dash) and second.dash and first.colour != second.colour
    two.window.below.setCurrentWidget(two.window.runs)
    QApplication.processEvents()
    click(two, 0, LINE)
    (other,) = two.window.plots._overlays
    assert (other.colour, other.dash) != (overlay.colour, overlay.dash)
    click(two, 0, NAME, left=True)
    assert two.window.plots._overlays == ()


def test_the_present_run_is_drawn_once(two: Studio, hands: Hands) -> None:
    click(two, 1, NAME, left=True)
    assert two.window.runs.records[1].shown and two.window.plots._overlays == ()
    hands.press("reset")
    assert [overlay.number for overlay in two.window.plots._overlays] == [2]


def test_a_run_can_be_renamed_and_removed(two: Studio) -> None:
    panel = two.window.runs
    view = panel.view
    index = panel.model.index(0, NAME)
    click(two, 0, NAME)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, "slow")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert panel.records[0].name == "slow" and panel.model.text(0, NAME) == "slow"
    assert not panel.model.setData(index, "  ")
    view.selectRow(0)
    QTest.mouseClick(panel.buttons["remove"], Qt.MouseButton.LeftButton)
    assert [record.number for record in panel.records] == [2] and not panel.buttons["remove"].isEnabled()


def test_the_table_is_copied_and_saved(two: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = two.window.runs
    QTest.mouseClick(panel.buttons["copy"], Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 3 and lines[0].split("\t")[:3] == ["Run", "Algorithm", "World"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "alpha 0.5"), ""))
    QTest.mouseClick(panel.buttons["save"], Qt.MouseButton.LeftButton)
    with (tmp_path / "alpha 0.5.csv").open(encoding="utf-8") as file:
        assert [row["Algorithm"] for row in csv.DictReader(file)] == ["Q-learning", "Q-learning"]


def test_a_saved_run_is_opened_and_shown(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="sarsa", members=2, steps=500))
    session.advance(Budget(UNBOUNDED))
    folder.save(session, tmp_path / "kept")
    panel = studio.window.runs
    studio.window.below.setCurrentWidget(panel)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "kept"))
    QTest.mouseClick(panel.buttons["open"], Qt.MouseButton.LeftButton)
    assert panel.model.text(0, NAME) == "kept" and panel.records[0].units == 500
    (overlay,) = studio.window.plots._overlays
    assert overlay.history["episodes"]["return"].tolist() == session.history.view()["episodes"]["return"].tolist()
    said: list[str] = []
    monkeypatch.setattr(QMessageBox, "warning", lambda _, __, sentence: said.append(sentence))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    QTest.mouseClick(panel.buttons["open"], Qt.MouseButton.LeftButton)
    assert len(said) == 1 and "no run here" in said[0] and len(panel.records) == 1


def test_a_new_window_takes_the_runs_over(two: Studio) -> None:
    click(two, 0, NAME, left=True)
    two.korean()
    assert two.window.runs.model.rowCount() == 2 and len(two.window.plots._overlays) == 1


def test_a_run_that_goes_on_after_a_stop_stays_one(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning", limit=None)
    studio.window.transport.set_speed(2000)
    hands.press("train")
    hands.until_picture(50)
    hands.press("stop")
    hands.until(Status.stopped)
    before = studio.window.runs.records[0].units
    hands.press("reset")
    assert len(studio.window.runs.records) == 1 and studio.window.runs.records[0].units >= before > 0


def test_no_two_looks_are_alike_and_neighbours_differ_in_both() -> None:
    looks = [Overlay(0, "", look, {}) for look in range(LOOKS)]
    assert len({(overlay.colour, overlay.dash) for overlay in looks}) == LOOKS
    assert all(one.colour != other.colour and one.dash != other.dash for one, other in pairwise(looks) if other.look % 4)
    assert 0 not in {overlay.colour for overlay in looks} and 0 not in {overlay.dash for overlay in looks}
