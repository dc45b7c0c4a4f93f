"""The memory of the past is chosen where it is shown, and a machine without memory ends no run."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.dialogs import past_memory
from app.dialogs.past_memory import PastMemoryDialog
from app.numbers import MB
from app.picture import Status
from app.studio import Studio
from core.learner import Budget
from core.runs.keeper import LEAST, most_memory
from core.runs.revisit import Revisit
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Wish
from core.worlds.library import open_world
from tests.app.hands import PATIENCE, Hands


@pytest.fixture
def trained(hands: Hands, studio: Studio) -> Studio:
    """A finished run of 5,000 steps on the first world."""
    hands.learner("q-learning", 5000)
    hands.press("train")
    hands.until(Status.finished)
    return studio


def dialog(studio: Studio) -> PastMemoryDialog:
    (shown,) = (found for found in studio.window.findChildren(PastMemoryDialog) if found.isVisible())
    return shown


def choose(studio: Studio, qtbot: QtBot, text: str) -> None:
    """Click the memory beside the timeline, type a number and press OK."""
    qtbot.mouseClick(studio.window.timeline.memory, Qt.MouseButton.LeftButton)
    shown = dialog(studio)
    shown.memory.selectAll()
    qtbot.keyClicks(shown.memory, text)
    ok = shown.findChildren(QDialogButtonBox)[0].button(QDialogButtonBox.StandardButton.Ok)
    qtbot.mouseClick(ok, Qt.MouseButton.LeftButton)


def test_the_memory_is_chosen_beside_the_timeline(trained: Studio, hands: Hands, qtbot: QtBot) -> None:
    bar, worker = trained.window.timeline, trained.runs.conductor.worker
    assert bar.memory.isVisible() and bar.memory.text().endswith(" of 256 MB")
    choose(trained, qtbot, "48")
    hands.until_position(lambda here: here.memory == 48 * MB)
    assert bar.memory.text().endswith(" of 48 MB") and trained.preferences.past_memory == 48
    assert worker.timeline is not None and worker.timeline.memory == 48 * MB
    hands.press("reset")
    assert not bar.memory.isVisible()
    hands.press("train")
    hands.until(Status.finished)
    assert worker.timeline is not None and worker.timeline.memory == 48 * MB
    trained.window.actions_["past_memory"].trigger()
    shown = dialog(trained)
    assert shown.memory.value() == 48
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert trained.preferences.past_memory == 48


def test_what_can_be_chosen_is_between_little_and_half_of_the_machine(studio: Studio, qtbot: QtBot) -> None:
    studio.window.actions_["past_memory"].trigger()
    shown = dialog(studio)
    assert (shown.memory.minimum(), shown.memory.maximum()) == (LEAST // MB, most_memory() // MB)
    assert not shown.warning.isVisible()
    shown.close()


def test_the_dialog_warns_of_moments_lost_and_of_memory_that_is_not_free(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_memory, "free_memory", lambda: 500 * MB)
    shown = PastMemoryDialog(studio.window, 256, 100 * MB)
    qtbot.addWidget(shown)
    shown.show()
    assert not shown.warning.isVisible()
    shown.memory.setValue(99)
    assert shown.warning.isVisible() and shown.warning.text().startswith("This run's past takes 100 MB")
    shown.memory.setValue(600)
    assert not shown.warning.isVisible(), "100 of them are taken already"
    shown.memory.setValue(601)
    assert shown.warning.text().startswith("Only 500 MB are free now")


def test_a_run_goes_on_where_its_past_finds_no_memory(studio: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """For good from the second kept state on, for saves as well; the run ends with what it would have learnt anyway."""
    usual, tried = Session.state, list[int]()

    def state(self: Session) -> Any:
        if self.units > 1:
            tried.append(self.units)
            raise MemoryError
        return usual(self)

    monkeypatch.setattr(Session, "state", state)
    hands.learner("q-learning", 50_000, seed=7)
    hands.press("train")
    hands.until(Status.finished)
    line, last = studio.window.status, studio.runs.last
    assert tried and last is not None
    qtbot.waitUntil(lambda: line.notice.text() != "", timeout=PATIENCE)
    assert line.notice.text().startswith("The memory of this machine was full: the run goes on")
    assert line.currentMessage() == "The memory of this machine is full. The run goes on, and is kept once that works"
    known = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=7, steps=50_000))
    known.advance(Budget(50_000))
    assert np.array_equal(last.snapshot.q, known.snapshot().q, equal_nan=True)
    monkeypatch.undo()
    hands.press("back")
    hands.until_position(lambda here: here.units == 49_999 and here.coming is None)


def test_a_past_that_finds_no_memory_is_not_shown_and_the_run_stays(
    trained: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(Revisit, "_at", no_memory)
    trained.runs.conductor.look(Wish(1000))
    qtbot.waitUntil(lambda: trained.window.status.currentMessage() != "", timeout=PATIENCE)
    assert trained.window.status.currentMessage() == "The memory of this machine is full: the past cannot be shown"
    assert trained.runs.status is Status.finished and trained.runs.last is not None and not trained.runs.last.position.past
    monkeypatch.undo()
    trained.runs.conductor.look(Wish(1000))
    hands.until_position(lambda here: here.units == 1000)
