"""A world takes long to solve: the run waits for what is true of it, and whoever presses a button does not wait."""

import threading
from collections.abc import Generator, Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.picture import Status
from app.studio import Studio
from core.history import TRUTH
from core.learner import Task
from core.runs import meter
from core.runs.meter import FIRST
from core.runs.session import Session
from core.runs.truth import Truth
from tests.app.hands import PATIENCE, Hands


@pytest.fixture
def solved(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, no world is solved."""
    event, usual = threading.Event(), meter.finding

    def finding(task: Task, share: int) -> Generator[None, None, Truth | None]:
        while not event.is_set():
            yield
        return (yield from usual(task, share))

    with monkeypatch.context() as patch:
        patch.setattr(meter, "finding", finding)
        yield event


def session(studio: Studio) -> Session:
    found = studio.runs.conductor.worker.session
    assert found is not None
    return found


def paused_unmeasured(hands: Hands, limit: int) -> None:
    """A run that holds still where it is to be measured."""
    hands.learner("q-learning", limit)
    hands.press("train")
    hands.until_picture(FIRST)
    hands.press("train")
    hands.until(Status.paused)


def test_every_button_answers_while_the_world_is_solved(studio: Studio, hands: Hands, qtbot: QtBot, solved: threading.Event) -> None:
    paused_unmeasured(hands, 500)
    hands.press("step")
    hands.until(Status.running)
    hands.press("train")
    hands.until(Status.paused)
    hands.press("stop")
    hands.until(Status.stopped)
    assert session(studio).units == FIRST and not session(studio).settled
    hands.press("train")
    hands.until(Status.running)
    solved.set()
    hands.until(Status.finished)
    assert hands.units() == 500 and session(studio).history.view()[TRUTH]["step"][0] == FIRST


def test_a_run_that_holds_still_is_measured_all_the_same(studio: Studio, hands: Hands, qtbot: QtBot, solved: threading.Event) -> None:
    """And ends there, where its limit was reached."""
    paused_unmeasured(hands, FIRST)
    solved.set()
    hands.until(Status.finished)
    assert len(session(studio).history.view()[TRUTH]["step"]) == 1


def test_a_step_and_a_change_come_after_the_measurement(studio: Studio, hands: Hands, qtbot: QtBot, solved: threading.Event) -> None:
    paused_unmeasured(hands, 500)
    hands.press("step")
    hands.until(Status.running)
    studio.runs.conductor.change({"discount": 0.5}, None, "discount")
    with qtbot.waitSignal(studio.runs.conductor.changed, timeout=PATIENCE):
        solved.set()
    hands.until(Status.paused)
    qtbot.waitUntil(lambda: hands.units() == FIRST + 1, timeout=PATIENCE)
    assert session(studio).history.view()[TRUTH]["step"].tolist() == [FIRST]
    assert session(studio).spec.changes[0].units in (FIRST, FIRST + 1)


def test_the_goal_of_a_planner_that_is_done_is_still_found(studio: Studio, hands: Hands, qtbot: QtBot, solved: threading.Event) -> None:
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)
    assert studio.runs.last is not None and studio.runs.last.goal is None
    solved.set()
    qtbot.waitUntil(lambda: studio.runs.last is not None and studio.runs.last.goal is not None, timeout=PATIENCE)
    again = Session(session(studio).spec).meter
    while not again.find():
        pass
    known = again.truth()
    assert known is not None and np.array_equal(studio.runs.last.goal, known.values)
