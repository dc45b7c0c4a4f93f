"""Settings and rules changed while a run goes on, by typing and painting."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.picture import Status
from app.studio import Studio
from core.worlds.grid import GridWorld
from tests.app.hands import Hands


def line(studio: Studio, name: str) -> QLineEdit:
    found = studio.window.agent.form.rows[name].field.findChild(QLineEdit)
    assert found is not None
    return found


def write(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def paused(hands: Hands, name: str = "q-learning", **settings: object) -> None:
    """A run that holds still after some steps."""
    hands.learner(name, limit=10**12, **settings)
    hands.press("train")
    hands.until(Status.running)
    hands.until_picture(100)
    hands.press("train")
    hands.until(Status.paused)


def test_the_discount_is_taken_up_while_the_run_goes_on(hands: Hands, studio: Studio) -> None:
    paused(hands)
    units, field = hands.units(), line(studio, "discount")
    with hands.qtbot.waitSignal(studio.runs.changes.taken_up):
        write(field, "0.5")
    session = studio.runs.conductor.worker.session
    assert session is not None and session.units == units
    assert [(change.units, change.config["discount"]) for change in session.spec.changes] == [(units, 0.5)]
    assert studio.runs.changes.made == [(units, "Discount 0.5")]
    assert "Discount 0.5" in studio.window.status.currentMessage()
    hands.press("train")
    hands.until_picture(units + 100)


def test_a_reward_is_taken_up_and_a_wall_begins_anew(hands: Hands, studio: Studio) -> None:
    paused(hands)
    world = studio.document.world
    assert isinstance(world, GridWorld)
    with hands.qtbot.waitSignal(studio.runs.changes.taken_up):
        studio.document.apply(world.model_copy(update={"goal_reward": 5.0}), "Change the rules")
    assert studio.runs.conductor.status is Status.paused
    session = studio.runs.conductor.worker.session
    assert session is not None and session.learner.snapshot().counters.units == session.units > 0
    hands.paint("Wall", (0, 0))
    assert studio.runs.conductor.status is Status.idle


def test_what_cannot_be_taken_up_is_said(hands: Hands, studio: Studio) -> None:
    paused(hands)
    before = studio.window.status.currentMessage()
    write(line(studio, "initial_value"), "3")
    hands.qtbot.waitUntil(lambda: studio.window.status.currentMessage() != before)
    assert "'Initial value' cannot be changed in the middle of a run. The new settings are used by the next run" in (
        studio.window.status.currentMessage()
    )
    assert studio.runs.changes.made == []


def test_a_seed_is_for_the_next_run(hands: Hands, studio: Studio) -> None:
    paused(hands)
    studio.window.agent.seed.setFocus()
    studio.window.agent.seed.selectAll()
    QTest.keyClicks(studio.window.agent.seed, "7")
    QTest.keyClick(studio.window.agent.seed, Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: "next run" in studio.window.status.currentMessage())
