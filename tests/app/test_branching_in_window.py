"""Going on from a moment of the past that is far from any kept state: the window obeys meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.picture import Position, Status
from app.studio import Studio
from core.errors import RunError
from core.learner import Budget
from core.runs.autosave import Autosave
from core.runs.pacer import Pacer
from core.runs.timeline import Wish
from tests.app.hands import PATIENCE, Hands

PLACE = 150_000


@pytest.fixture
def paused(hands: Hands, studio: Studio) -> Studio:
    """A run of at least 200,000 steps without a state on the way that may go on, a step a second, with an earlier moment on show."""
    hands.learner("q-learning", 10**15)
    hands.begin_without_past()
    hands.press("train")
    hands.until_picture(200_000)
    hands.press("train")
    hands.until(Status.paused)
    studio.runs.conductor.set_speed(1.0)
    studio.runs.conductor.look(Wish(units=PLACE))
    hands.until_position(lambda here: here.units == PLACE and here.coming is None)
    return studio


@pytest.fixture
def on_the_way(paused: Studio, hands: Hands) -> Iterator[Callable[[], None]]:
    """Going on from there, which takes as good as for ever: until what this returns is called."""
    patient = pytest.MonkeyPatch()
    patient.setattr(Pacer, "slice", lambda self, advance, most: advance(Budget(1, most.boundaries)))
    hands.press("branch")
    hands.until_position(lambda here: here.coming is not None)
    yield patient.undo
    patient.undo()


def there(studio: Studio) -> Position:
    assert studio.runs.last is not None
    return studio.runs.last.position


def test_the_bar_says_how_far_it_is_and_stop_is_obeyed(on_the_way: Callable[[], None], paused: Studio, hands: Hands) -> None:
    assert "% of the way there" in paused.window.timeline.label.text() and there(paused).units == PLACE
    hands.press("stop")
    hands.until(Status.stopped)
    hands.until_position(lambda here: here.coming is None)
    on_the_way()
    assert there(paused).units == PLACE and there(paused).newest >= 200_000


def test_who_trains_meanwhile_goes_on_from_there(on_the_way: Callable[[], None], paused: Studio, hands: Hands) -> None:
    hands.press("train")
    hands.until(Status.running)
    on_the_way()
    hands.until_position(lambda here: not here.past and here.coming is None and PLACE < here.newest < PLACE + 1000)
    hands.press("stop")
    hands.until(Status.stopped)


def test_who_steps_meanwhile_takes_a_step_in_the_past(on_the_way: Callable[[], None], paused: Studio, hands: Hands) -> None:
    hands.press("step")
    hands.until_position(lambda here: here.coming is None and here.units == PLACE + 1)
    on_the_way()
    assert there(paused).newest >= 200_000 and paused.runs.status is Status.paused


def test_a_run_that_cannot_be_kept_is_not_left(
    paused: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise RunError(
            "the run cannot be saved (No space left on device)", where="there", remedy="Choose another folder or free some space"
        )

    newest = there(paused).newest
    monkeypatch.setattr(Autosave, "keep_now", refuse)
    hands.press("branch")
    line = paused.window.status
    qtbot.waitUntil(lambda: "No space left on device" in line.currentMessage(), timeout=PATIENCE)
    hands.until_position(lambda here: here.coming is None)
    assert there(paused).newest == newest and there(paused).units == PLACE and paused.runs.status is Status.paused
    monkeypatch.undo()
    hands.press("branch")
    hands.until_position(lambda here: not here.past)
    assert there(paused).newest == PLACE and any(paused.runs.conductor.worker.keep.glob("*/run.json"))
