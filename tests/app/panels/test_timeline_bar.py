"""Going back in a run by what a person presses and drags, and what everything shows then."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.picture import Status
from app.studio import Studio
from core.learner import Budget, Progress
from core.runs.pacer import Pacer
from core.runs.timeline import Wish
from tests.app.hands import Hands


@pytest.fixture
def trained(hands: Hands, studio: Studio) -> Studio:
    """A finished run of 2,000 steps on the first world."""
    hands.learner("q-learning", 2000)
    studio.window.transport.set_speed(None)
    hands.press("train")
    hands.until(Status.finished)
    return studio


def test_dragging_shows_what_was_known_then(hands: Hands, trained: Studio) -> None:
    window, bar = trained.window, trained.window.timeline
    assert trained.runs.last is not None
    newest = trained.runs.last.snapshot.q
    assert bar.label.text().split(" · ")[0] == "now"
    track = bar.track
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=QPoint(track.width() // 2, track.height() // 2))
    hands.until_position(lambda here: here.past)
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(track.width() // 2, track.height() // 2))
    hands.until_position(lambda here: abs(here.units - 1000) < 20)
    then = trained.runs.last.snapshot
    assert then.counters.units == trained.runs.last.position.units
    assert not np.array_equal(then.q, newest, equal_nan=True)
    grid = window.stage.designer.views["grid"]
    assert grid.view.snapshot is then
    assert window.table.values.snapshot is then
    assert f"of {2000:,}" in bar.label.text()
    assert all(view._canvas._mark.isVisible() for view in window.plots.shown() if not view.waiting)
    hands.press("newest")
    hands.until_position(lambda here: not here.past)
    assert np.array_equal(trained.runs.last.snapshot.q, newest, equal_nan=True)
    assert not any(view._canvas._mark.isVisible() for view in window.plots.shown())


def test_one_step_and_one_episode_back_and_forth(hands: Hands, trained: Studio) -> None:
    hands.press("back")
    hands.until_position(lambda here: here.units == 1999)
    hands.press("back")
    hands.until_position(lambda here: here.units == 1998)
    hands.press("step")
    hands.until_position(lambda here: here.units == 1999)
    assert trained.runs.last is not None
    ends = trained.runs.last.history["episodes"]["step"]
    before = int(ends[ends < 1999][-1])
    hands.press("back_far")
    hands.until_position(lambda here: here.units == before)
    hands.press("back_far")
    hands.until_position(lambda here: here.units == int(ends[ends < before][-1]))
    hands.press("step_far")
    hands.until_position(lambda here: here.units == before)


def test_going_on_from_the_past_keeps_the_run_as_it_was(hands: Hands, trained: Studio) -> None:
    for _ in range(3):
        hands.press("back_far")
    hands.until_position(lambda here: here.past)
    assert trained.runs.last is not None
    hands.press("branch")
    hands.until(Status.paused)
    here = trained.runs.last.position
    assert not here.past and here.units == trained.runs.last.snapshot.counters.units < 2000
    assert trained.runs.last.history["episodes"]["step"].max() <= here.units
    assert any(trained.runs.conductor.worker.keep.glob("*/run.json"))
    hands.press("train")
    hands.until(Status.finished)
    assert trained.runs.last.position.newest == 2000


def test_a_moment_far_away_is_come_to_while_the_window_obeys(hands: Hands, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no state kept on the way, a million steps are done again: the bar says how far that is, and another wish is heard at once. The
    last of them are done one by one, which takes long on any machine."""
    hands.learner("q-learning", 4_000_000)
    studio.window.transport.set_speed(None)
    hands.begin_without_past()
    hands.press("train")
    hands.until(Status.finished)
    bar, seen = studio.window.timeline, list[str]()

    def slower(_: Pacer, advance: Callable[[Budget], Progress], most: Budget) -> Progress:
        return advance(Budget(1 if most.units < 1_500_000 else 50_000, most.boundaries))

    monkeypatch.setattr(Pacer, "slice", slower)
    studio.runs.conductor.look(Wish(units=1_900_000))
    hands.until_position(lambda here: here.coming is not None and here.coming.share > 0.1)
    seen.append(bar.label.text())
    assert "% of the way there" in seen[0] and bar.track.value() == round(1_900_000 / 4_000_000 * 100_000)
    hands.press("newest")
    hands.until_position(lambda here: not here.past and here.coming is None)
    assert "% of the way" not in bar.label.text()
