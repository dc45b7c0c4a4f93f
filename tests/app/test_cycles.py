"""A short form of `tests/proof/cycles.py`: runs leave nothing behind that is more with each of them."""

from app.studio import Studio
from benchmarks.prepared import set_up
from tests.proof.work import CASES, Held, cycle, held


def after_two_runs(studio: Studio) -> Held:
    """What is held once a table and a network have started, paused, stepped and stopped."""
    for name in ("Q-learning", "DQN"):
        set_up(studio, *CASES[name])
        cycle(studio)
    return held()


def test_runs_leave_no_thread_and_no_handle_behind(studio: Studio) -> None:
    """A pool may start or end by itself at some moment; it does not grow each time."""
    first, second, third = (after_two_runs(studio) for _ in range(3))
    assert not first.threads < second.threads < third.threads
    assert not first.handles < second.handles < third.handles
    assert third.python_threads == first.python_threads
