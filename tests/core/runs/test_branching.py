"""Going on from a far moment of the past: the way there is gone in parts, and whatever else is wished for ends it."""

import numpy as np
import pytest

from core.learner import Budget, Task
from core.runs import meter
from core.runs.pacer import Pacer
from core.runs.reproduce import differences
from core.runs.session import Session
from core.runs.timeline import Timeline, Wish
from tests.core.runs.test_timeline import far, q_learning

PLACE = 90_000


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[Session]:
    """The sessions that were let go of."""
    gone, close = list[Session](), Session.close
    monkeypatch.setattr(Session, "close", lambda self: (gone.append(self), close(self))[1])
    return gone


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them 10,000 steps, however fast the machine is."""
    monkeypatch.setattr(Pacer, "slice", lambda self, advance, most: advance(Budget(min(most.units, 10_000), most.boundaries)))


def forking() -> Timeline:
    """About to go on from a moment that is on show."""
    timeline = far()
    timeline.look(Wish(PLACE))
    timeline.fork()
    assert timeline.branching and timeline.coming is not None
    return timeline


def test_it_is_come_to_in_parts_and_is_the_run_of_then(parts: None) -> None:
    timeline, shares, fresh = forking(), list[float](), q_learning(400_000)
    while not timeline.come(0.0):
        assert timeline.coming is not None and timeline.coming.units == PLACE and timeline.branched is None
        assert timeline.moment is not None and timeline.moment.units == PLACE
        shares.append(timeline.coming.share)
        timeline._go_on()
    assert shares == pytest.approx([*np.arange(1, 10) / 9, 1])
    branch = timeline.branched
    assert branch is not None and not timeline.branching
    fresh.advance(Budget(PLACE))
    assert list(differences(branch.session.state(), fresh.state())) == []


@pytest.mark.parametrize("changed", [False, True])
def test_what_is_true_is_found_once_more_only_where_settings_have_changed_since(changed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    run = q_learning(2000)
    timeline = Timeline(run, apart=1e9)
    run.advance(Budget(1000))
    if changed:
        run.change(run.spec.config | {"discount": 0.5})
        run.advance(Budget(500))
    known, asked, usual = run.history.view()["truth"], list[Task](), meter.finding
    monkeypatch.setattr(meter, "finding", lambda task, share: (asked.append(task), usual(task, share))[1])
    timeline.look(Wish(700))
    measured = timeline.branch().session.history.view()["truth"]
    assert [task.discount for task in asked] == [0.9] * changed
    assert all(np.array_equal(column, known[name][: len(column)], equal_nan=True) for name, column in measured.items())


@pytest.mark.parametrize(
    ("wish", "units"), [(Wish(by=-1), PLACE - 1), (Wish(by=1), PLACE + 1), (Wish(units=50_000), 50_000), (Wish(newest=True), None)]
)
def test_another_wish_ends_it_at_once(wish: Wish, units: int | None, closed: list[Session], parts: None) -> None:
    timeline = forking()
    timeline.seek(wish)
    assert len(closed) == 1 and not timeline.branching
    timeline.come()
    assert (timeline.moment and timeline.moment.units) == units and timeline.branched is None


def test_stopping_ends_it_and_the_moment_stays_on_show(closed: list[Session], parts: None) -> None:
    timeline = forking()
    timeline.stay()
    assert len(closed) == 1
    assert timeline.come() and timeline.moment is not None and timeline.moment.units == PLACE and timeline.branched is None
    assert timeline.branch().session.units == PLACE


def test_who_closes_the_run_closes_what_was_to_go_on(closed: list[Session], parts: None) -> None:
    timeline = forking()
    timeline.close()
    assert len(closed) == 2, "the one in which the past was looked at, too"


def test_it_goes_on_from_a_moment_that_is_still_being_come_to(parts: None) -> None:
    timeline = far()
    timeline.seek(Wish(PLACE))
    timeline.fork()
    timeline.fork()
    assert timeline.come() and timeline.branched is not None and timeline.branched.session.units == PLACE


def test_where_what_was_wished_for_is_the_present_nothing_branches() -> None:
    timeline = far(1003)
    timeline.seek(Wish(1003))
    timeline.fork()
    assert timeline.come() and timeline.moment is None and timeline.branched is None


def test_a_way_that_breaks_down_leaves_nothing_open(closed: list[Session], monkeypatch: pytest.MonkeyPatch, parts: None) -> None:
    timeline = forking()

    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Session, "advance", broken)
    with pytest.raises(MemoryError):
        timeline.come()
    assert len(closed) == 1
    monkeypatch.undo()
    timeline.leave()
    timeline.look(Wish(PLACE))
    assert timeline.branch().session.units == PLACE
