"""Pause and stop are answered before anything else is drawn or written down."""

from app.picture import Picture, Status
from app.studio import Studio
from tests.app.hands import Hands


def begun(studio: Studio, hands: Hands) -> None:
    """A run under way, of which something is on show."""
    hands.learner("q-learning", 10**15)
    hands.press("train")
    hands.until(Status.running)
    hands.until_picture(1000)


def test_nothing_is_drawn_between_a_pause_and_its_answer(studio: Studio, hands: Hands) -> None:
    begun(studio, hands)
    shown = list[Picture]()
    studio.runs.shown.connect(shown.append)
    studio.runs.train()
    assert studio.runs.conductor.obeying
    while studio.runs.conductor.mailbox.empty:
        pass  # the run's thread goes on, the window's hears nothing of it yet
    for _ in range(10):
        studio.frames.frame()
    assert shown == [] and studio.runs.status is Status.running
    hands.until(Status.paused)
    assert not studio.runs.conductor.obeying


def test_a_run_that_ends_while_it_is_told_to_pause_is_drawn_again(studio: Studio, hands: Hands) -> None:
    """The order comes too late and is not answered; the end is."""
    hands.learner("q-learning", 2000)
    hands.press("train")
    hands.until(Status.running, Status.finished)
    studio.runs.conductor.pause()
    hands.until(Status.paused, Status.finished)
    assert not studio.runs.conductor.obeying


def test_an_order_to_a_run_that_is_over_holds_nothing_up(studio: Studio, hands: Hands) -> None:
    begun(studio, hands)
    hands.press("stop")
    hands.until(Status.stopped)
    studio.runs.stop()
    studio.runs.conductor.pause()
    assert not studio.runs.conductor.obeying


def test_the_answer_to_stop_comes_before_plots_and_the_list_of_runs(studio: Studio, hands: Hands) -> None:
    begun(studio, hands)
    left = list[tuple[Status, bool, bool]]()
    runs, plots = studio.runs, studio.window.plots
    runs.conductor.status_changed.connect(lambda status, _: left.append((status, plots.behind, runs.unlisted)))
    hands.press("stop")
    hands.until(Status.stopped)
    assert left == [(Status.stopped, True, True)]
    assert not plots.behind and [record.units for record in studio.window.runs.records] == [hands.units()]


def test_a_run_that_is_forgotten_at_once_is_in_the_list_all_the_same(studio: Studio, hands: Hands) -> None:
    begun(studio, hands)
    runs = studio.runs
    runs.conductor.status_changed.connect(lambda status, _: runs.reset() if status is Status.stopped else None)
    hands.press("stop")
    hands.until(Status.idle)
    assert len(studio.window.runs.records) == 1 and not runs.unlisted


def test_a_step_of_a_paused_run_brings_one_picture(studio: Studio, hands: Hands) -> None:
    begun(studio, hands)
    hands.press("train")
    hands.until(Status.paused)
    shown = list[Picture]()
    studio.runs.shown.connect(shown.append)
    hands.press("step")
    hands.qtbot.waitUntil(lambda: bool(shown))
    hands.qtbot.waitUntil(lambda: not studio.runs.conductor.worker.timer.isActive())
    studio.runs.fetch()
    assert len(shown) == 1
