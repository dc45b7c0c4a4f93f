"""A run goes on to the end of its episode, and no order outlives the one after it."""

from pytestqt.qtbot import QtBot

from app.picture import Status
from app.studio import Studio
from tests.app.hands import Hands


def test_train_after_a_pause_on_the_way_to_the_end_of_the_episode_goes_beyond_it(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    hands.library("grid/four-rooms-10x10")
    hands.learner("q-learning", limit=2000)
    studio.window.transport.set_speed(20)
    hands.press("step_far")
    hands.until_picture(2)
    hands.press("train")
    hands.until(Status.paused)
    assert studio.runs.last is not None and studio.runs.last.position.newest < 100 and studio.runs.last.snapshot.counters.episodes == 0
    studio.window.transport.set_speed(None)
    halts: list[Status] = []
    studio.runs.conductor.status_changed.connect(lambda status, _: halts.append(status) if status is not Status.running else None)
    hands.press("train")
    qtbot.waitUntil(lambda: bool(halts))
    assert halts[0] is Status.finished
    hands.until_picture(2000)
    assert studio.runs.last.snapshot.counters.episodes > 1
