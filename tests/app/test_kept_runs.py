"""Runs that the studio keeps by itself, and the offer to go on with one that a crash cut short."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.picture import Status
from app.preferences import runs_folder
from app.studio import Studio
from core.runs import autosave, folder, library
from core.worlds.grid import GridWorld
from tests.app.hands import PATIENCE, Hands


@pytest.fixture(autouse=True)
def home() -> Iterator[Path]:
    """A list of runs that is empty at first."""
    shutil.rmtree(runs_folder(), ignore_errors=True)
    yield runs_folder()
    shutil.rmtree(runs_folder(), ignore_errors=True)


def kept_units(home: Path) -> list[int]:
    """How far the runs in the folder are."""
    return [folder.describe(place)["units"] for place in library.folders(home) if (place / "run.json").exists()]


def press(box: QMessageBox, text: str, hands: Hands) -> None:
    button = next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == text)
    hands.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def paused(hands: Hands, units: int = 1000) -> None:
    """A run that has come so far and holds still, and not much further, however late the pause is heard."""
    hands.learner("q-learning", limit=10**12)
    hands.studio.window.transport.set_speed(10_000.0)
    hands.press("train")
    hands.until_picture(units)
    hands.press("train")
    hands.until(Status.paused)


def left_behind(hands: Hands, studio: Studio, home: Path) -> Path:
    """What a studio leaves that is killed while a run is open: the run, and a lock that nobody holds."""
    paused(hands)
    hands.qtbot.waitUntil(lambda: kept_units(home) != [], timeout=PATIENCE)
    place = studio.runs.conductor.worker.keeping.autosave.place
    assert place is not None and studio.kept.offer(studio.window) is None  # it is open in this very studio
    hands.press("reset")
    hands.qtbot.waitUntil(lambda: not autosave.lock_of(place).exists(), timeout=PATIENCE)
    autosave.lock_of(place).touch()
    return place


def test_a_pause_keeps_the_run_and_going_on_replaces_it(studio: Studio, hands: Hands, home: Path) -> None:
    paused(hands)
    assert studio.runs.last is not None
    hands.qtbot.waitUntil(lambda: kept_units(home) == [studio.runs.last.position.newest], timeout=PATIENCE)
    hands.press("train")
    hands.until_picture(studio.runs.last.position.newest + 1000)
    hands.press("stop")
    hands.until(Status.stopped)
    hands.qtbot.waitUntil(lambda: kept_units(home) == [studio.runs.last.position.newest], timeout=PATIENCE)
    hands.qtbot.waitUntil(lambda: not list(home.glob("*.lock")), timeout=PATIENCE)


def test_a_running_run_that_is_reset_is_kept_as_it_was(studio: Studio, hands: Hands, home: Path) -> None:
    """In its first minute, too, in which nothing has kept it yet."""
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until_picture(1000)
    hands.press("reset")
    hands.qtbot.waitUntil(lambda: len(kept_units(home)) == 1, timeout=PATIENCE)
    assert kept_units(home)[0] >= 1000
    hands.qtbot.waitUntil(lambda: not list(home.glob("*.lock")), timeout=PATIENCE)
    assert studio.kept.offer(studio.window) is None


def test_a_minute_of_training_keeps_the_run(studio: Studio, hands: Hands, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosave, "APART", 0.0)
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.qtbot.waitUntil(lambda: kept_units(home) != [], timeout=PATIENCE)
    first = kept_units(home)
    hands.qtbot.waitUntil(lambda: kept_units(home) > first, timeout=PATIENCE)
    assert studio.runs.status is Status.running


@pytest.fixture
def unkept(studio: Studio, hands: Hands, home: Path) -> Iterator[list[str]]:
    """A finished run for which there was no room, until the test ends or makes some: what was said."""
    said, room = list[str](), pytest.MonkeyPatch()
    studio.runs.conductor.said.connect(said.append)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    room.setattr(folder, "replacing", full)
    hands.learner("q-learning", limit=500)
    hands.press("train")
    hands.until(Status.finished)
    hands.qtbot.waitUntil(lambda: len(said) == 1)
    assert "No space left on device" in said[0] and kept_units(home) == []
    room.undo()
    yield said


def test_a_finished_run_is_kept_once_there_is_room(unkept: list[str], studio: Studio, hands: Hands, home: Path) -> None:
    QTimer.singleShot(0, studio.runs.conductor.worker, studio.runs.conductor.worker._keep_again)  # instead of in ten seconds
    hands.qtbot.waitUntil(lambda: kept_units(home) == [500])
    hands.qtbot.waitUntil(lambda: unkept[1:] == ["The run is kept again"])
    hands.qtbot.waitUntil(lambda: not list(home.glob("*.lock")))


@pytest.mark.parametrize("leave", ["close", "reset", "train"])
def test_a_finished_run_that_was_not_kept_is_kept_before_it_goes(
    leave: str, unkept: list[str], studio: Studio, hands: Hands, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if leave == "close":
        monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Close)
        assert studio.window.close()
    else:
        hands.press(leave)
    hands.qtbot.waitUntil(lambda: 500 in kept_units(home))


def test_the_window_does_not_close_on_a_run_that_was_not_kept_unless_the_person_says_so(
    unkept: list[str], studio: Studio, hands: Hands, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(QMessageBox, "question", lambda *texts: (asked.append(texts[2]), QMessageBox.StandardButton.Cancel)[1])
    assert not studio.window.close()
    assert len(asked) == 1 and "the run is lost" in asked[0]
    assert studio.window.isVisible() and studio.runs.status is Status.finished
    QTimer.singleShot(0, studio.runs.conductor.worker, studio.runs.conductor.worker._keep_again)
    hands.qtbot.waitUntil(lambda: unkept[1:] == ["The run is kept again"])
    assert studio.window.close() and len(asked) == 1


def test_switched_off_nothing_is_kept_and_that_is_remembered(studio: Studio, hands: Hands, home: Path) -> None:
    keep = studio.window.actions_["keep_runs"]
    assert keep.isChecked()
    keep.trigger()
    paused(hands)
    assert studio.window.close()
    assert library.folders(home) == []
    assert not keep.isChecked() and not studio.preferences.keeps_runs


def test_the_run_that_a_crash_cut_short_is_offered_and_goes_on(studio: Studio, hands: Hands, home: Path) -> None:
    place = left_behind(hands, studio, home)
    units = folder.describe(place)["units"]
    hands.library("grid/discount-5x5")
    box = studio.kept.offer(studio.window)
    assert box is not None and "Lecture 3×4" in box.text() and f"{units:,}" in box.informativeText()
    press(box, "Open run", hands)
    hands.until(Status.paused)
    hands.until_picture(units)
    assert studio.document.name == "grid/lecture-3x4"
    hands.press("train")
    hands.until_picture(units + 1)
    hands.press("train")
    hands.until(Status.paused)
    assert studio.runs.conductor.worker.keeping.autosave.place == place
    assert studio.kept.offer(studio.window) is None


def test_what_a_run_that_holds_still_takes_up_is_kept_with_it_at_once(studio: Studio, hands: Hands, home: Path) -> None:
    """So a crash loses no edit, and the run, which is open still, is offered as it was."""
    paused(hands)
    hands.qtbot.waitUntil(lambda: kept_units(home) != [], timeout=PATIENCE)
    (place,) = library.folders(home)
    world = studio.document.world
    assert isinstance(world, GridWorld)
    with hands.qtbot.waitSignal(studio.runs.changes.taken_up, timeout=PATIENCE):
        studio.document.apply(world.model_copy(update={"goal_reward": 5.0}), "Change the rules")
    hands.qtbot.waitUntil(lambda: len(folder.spec_of(place).changes) == 1, timeout=PATIENCE)
    assert autosave.is_open(place) and folder.spec_of(place).changes[0].world == studio.document.world


def test_a_run_that_an_edit_ended_is_in_the_list_and_is_not_open_any_more(studio: Studio, hands: Hands, home: Path) -> None:
    """A wall makes another world of it: what there is after a crash is that world and no run, as there was before."""
    paused(hands)
    assert studio.runs.last is not None
    newest = studio.runs.last.position.newest
    hands.paint("Wall", (0, 0))
    assert studio.runs.status is Status.idle
    hands.qtbot.waitUntil(lambda: not list(home.glob("*.lock")), timeout=PATIENCE)
    assert kept_units(home) == [newest] and studio.kept.offer(studio.window) is None


def test_what_is_left_in_the_list_is_not_offered_again(studio: Studio, hands: Hands, home: Path) -> None:
    left_behind(hands, studio, home)
    box = studio.kept.offer(studio.window)
    assert box is not None
    press(box, "Leave it in the list", hands)
    assert studio.kept.offer(studio.window) is None
    assert len(kept_units(home)) == 1
