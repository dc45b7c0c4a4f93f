"""The line at the bottom says where the run is, how far, how fast and on what, in numbers that can be read."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.panels.status import StatusLine, _short
from app.picture import Picture, Status
from core.learner import Counters, Snapshot
from core.runs.keeper import FULL


def picture(counters: Counters, fraction: float | None = None, rate: float = 0.0) -> Picture:
    return Picture(1, Snapshot(counters), {}, None, fraction, rate, None)


@pytest.fixture
def line(qtbot: QtBot) -> StatusLine:
    line = StatusLine()
    qtbot.addWidget(line)
    line.resize(1000, 30)
    line.show()
    QApplication.processEvents()
    return line


@pytest.mark.parametrize("status", list(Status))
def test_the_status_is_named(line: StatusLine, status: Status) -> None:
    line.follow(status)
    assert status.value in line.state.text()


def test_a_run_of_steps_counts_steps_and_episodes(line: StatusLine) -> None:
    line.describe("CPU", "step", "episode")
    line.follow(Status.running)
    line.show_picture(picture(Counters(units=1_234_567, episodes=8_901), 0.25, 52_340))
    assert line.counts.text() == "1,234,567 steps · 8,901 episodes"
    assert line.rate.text() == "52.3 k steps/s"
    assert line.device_label.text() == "CPU"
    assert line.progress.isVisible() and line.progress.value() == 250


def test_a_planner_counts_backups_and_sweeps(line: StatusLine) -> None:
    line.describe("CPU", "backup", "sweep")
    line.follow(Status.running)
    line.show_picture(picture(Counters(units=1100, sweeps=100), None, 22))
    assert line.counts.text() == "1,100 backups · 100 sweeps"
    assert line.rate.text() == "22 backups/s"
    assert not line.progress.isVisible()


def test_one_is_no_plural(line: StatusLine) -> None:
    line.describe("CPU", "backup", "sweep")
    line.show_picture(picture(Counters(units=1, sweeps=1)))
    assert line.counts.text() == "1 backup · 1 sweep"
    line.describe("CPU", "solve", "solve")
    line.show_picture(picture(Counters(units=1, sweeps=1)))
    assert line.counts.text() == "1 solve"


@pytest.mark.parametrize(
    ("boundary", "converged", "bound", "text"),
    [
        ("sweep", True, 9.12e-11, "Converged after 40 sweeps · error bound 9.1·10⁻¹¹"),
        ("iteration", True, math.inf, "Converged after 40 iterations · last change 0.25"),
        ("stage", True, 2e-14, "Finished after 40 stages · error bound 2·10⁻¹⁴"),
        ("solve", True, 2e-14, "Solved · error bound 2·10⁻¹⁴"),
        ("sweep", False, 0.5, "Not converged after 40 sweeps · error bound 0.5"),
    ],
)
def test_a_planner_says_how_it_ended(line: StatusLine, boundary: str, converged: bool, bound: float, text: str) -> None:
    line.describe("CPU", "backup", boundary)
    line.follow(Status.running)
    assert "Planning" in line.state.text()
    snapshot = Snapshot(Counters(units=440, sweeps=40), metrics={"error bound": bound, "residual": 0.25})
    ended = Picture(1, snapshot, {}, None, None, 0.0, None, converged)
    line.show_picture(ended)
    assert "Planning" in line.state.text()
    line.follow(Status.finished)
    line.show_picture(ended)
    assert line.state.text() == f"<b>{text}</b>"


def test_the_rate_is_shown_only_while_running(line: StatusLine) -> None:
    line.follow(Status.running)
    line.show_picture(picture(Counters(units=10), 1.0, 500))
    assert line.rate.text() == "500 steps/s" and line.progress.value() == line.progress.maximum()
    line.follow(Status.paused)
    assert line.rate.text() == "" and line.counts.text() != ""
    line.show_picture(picture(Counters(units=10), 1.0, 500))
    assert line.rate.text() == ""


def test_a_reset_clears_the_run(line: StatusLine) -> None:
    line.describe("CPU", "step", "episode")
    line.follow(Status.running)
    line.show_picture(picture(Counters(units=10), 0.5, 500))
    line.follow(Status.idle)
    assert (line.counts.text(), line.rate.text(), line.device_label.text()) == ("", "", "")
    assert not line.progress.isVisible()


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (0.4, "0"), (7.0, "7"), (9_999.4, "9,999"), (9_999.6, "10,000"), (10_000, "10 k"), (123_456, "123 k"), (999_400, "999 k"),
        (999_600, "1 M"), (1_000_000, "1 M"), (2_345_000, "2.35 M"), (2.5e9, "2,500 M"),
    ],
)  # fmt: skip
def test_a_rate_is_short(rate: float, text: str) -> None:
    assert _short(rate) == text


@given(st.floats(1, 1e10))
def test_a_rate_reads_back_as_what_it_was(rate: float) -> None:
    number, _, sign = _short(rate).partition(" ")
    assert "e" not in number
    assert float(number.replace(",", "")) * {"": 1.0, "k": 1e3, "M": 1e6}[sign] == pytest.approx(rate, rel=0.006, abs=0.5)


def test_compiling_shows_while_the_run_is_active_and_a_moment_longer(qtbot: QtBot, line: StatusLine) -> None:
    line.follow(Status.preparing)
    line.show_compiling(True)
    assert "Compiling" in line.state.text() and "once" in line.state.text()
    assert line.progress.isVisible() and line.progress.maximum() == 0
    line.show_compiling(False)
    line.follow(Status.running)
    line.show_compiling(True)
    assert not line.rest.isActive() and "Compiling" in line.state.text()
    line.show_compiling(False)
    qtbot.waitUntil(lambda: "Training" in line.state.text())
    assert not line.progress.isVisible() and line.progress.maximum() == 1000


def test_where_the_run_holds_still_compiling_is_over_at_once(line: StatusLine) -> None:
    line.follow(Status.running)
    line.show_compiling(True)
    line.show_compiling(False)
    line.follow(Status.paused)
    assert line.state.text() == "<b>Paused</b>" and not line.rest.isActive()


def test_a_run_given_up_while_compiling_leaves_no_word_of_it(line: StatusLine) -> None:
    line.follow(Status.running)
    line.show_compiling(True)
    line.follow(Status.idle)
    assert line.state.text() == "<b>Ready</b>" and not line.progress.isVisible()
    line.follow(Status.preparing)
    assert "Compiling" in line.state.text()


def test_a_member_that_has_stopped_is_told_of(line: StatusLine) -> None:
    line.follow(Status.running)
    line.show_picture(replace(picture(Counters(units=100)), notices=("Member 1 stopped: its values grew beyond all bounds by step 64",)))
    assert line.notice.text() == line.notice.toolTip() == "Member 1 stopped: its values grew beyond all bounds by step 64"
    line.follow(Status.idle)
    assert not line.notice.text()


def test_a_long_notice_is_cut_and_does_not_widen_the_window(line: StatusLine) -> None:
    line.resize(600, line.height())
    least = line.minimumSizeHint().width()
    line.show_picture(replace(picture(Counters(units=100)), notices=(FULL,)))
    QApplication.processEvents()
    assert line.minimumSizeHint().width() <= least + line.counts.sizeHint().width() and line.width() == 600
    assert 100 < line.notice.width() < line.notice.sizeHint().width()
    assert line.notice.toolTip() == line.notice.text() == FULL
    shown = line.notice.grab().toImage()
    line.notice.setText("")
    assert shown != line.notice.grab().toImage(), "what fits is painted"
