"""Going back in a run: by episode and sweep, within memory, and quickly."""

import itertools

import numpy as np
import pytest

from core.learner import UNBOUNDED, Budget
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline, Wish
from core.worlds.library import open_world


def q_learning(steps: int) -> Session:
    return Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1, steps=steps))


def followed(run: Session, part: int, until: int = UNBOUNDED, seconds: float = 1000.0) -> Timeline:
    """The past of a run that goes on part by part, each of which took so long; a state is kept after every one."""
    timeline = Timeline(run, apart=0.0)
    while not run.finished and run.units < until:
        run.advance(Budget(part))
        timeline.note(seconds)
    return timeline


def test_the_end_of_an_episode_is_come_to_from_both_sides() -> None:
    run = q_learning(5000)
    timeline = followed(run, 100)
    ends = run.history.view()["episodes"]["step"]
    for number in (3, 1, len(ends), 2, 0, 17):
        moment = timeline.go_to_boundary(number)
        assert moment.boundaries == number
        assert moment.units == (ends[number - 1] if number else 0)


def test_a_sweep_of_a_planner_is_come_to() -> None:
    run = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="value-iteration"))
    timeline = followed(run, 7)
    moment = timeline.go_to_boundary(2)
    assert moment.snapshot.counters.sweeps == 2
    assert moment.snapshot.values is not None and moment.snapshot.values.max() == 1.0


def test_the_older_half_is_thinned_and_the_newest_stays() -> None:
    run = q_learning(200_000)
    timeline = Timeline(run, apart=0.0, memory=1_000_000)
    while not run.finished:
        run.advance(Budget(500))
        timeline.note(1000.0)
        assert timeline.size <= 1_000_000
        assert timeline.keyframes[-1].units == run.units
    units = [keyframe.units for keyframe in timeline.keyframes]
    assert units[0] == 0 and units == sorted(units) and len(units) > 10
    gaps = [after - before for before, after in itertools.pairwise(units)]
    assert gaps[-1] == 500 and max(gaps) == max(gaps[: len(gaps) // 2])
    fresh = q_learning(200_000)
    fresh.advance(Budget(1234))
    assert np.array_equal(timeline.go(1234).snapshot.q, fresh.snapshot().q, equal_nan=True)


def test_who_drags_through_the_past_of_a_slow_run_sees_the_nearest_kept_state() -> None:
    run = q_learning(1000)
    timeline = followed(run, 100, 400)
    assert [timeline.go(units, exactly=False).units for units in (0, 149, 151, 399, 400)] == [0, 100, 200, 400, 400]
    assert timeline.go(149).units == 149


def test_there_is_no_branch_without_a_past() -> None:
    run = q_learning(10)
    timeline = Timeline(run)
    with pytest.raises(LookupError):
        timeline.branch()
    assert timeline.learner is run.learner
    timeline.go(0)
    assert timeline.learner is not run.learner
    timeline.leave()
    assert timeline.learner is run.learner
    timeline.close()


def test_a_branch_has_the_past_up_to_where_it_leaves() -> None:
    run = q_learning(1000)
    timeline = followed(run, 100)
    then = timeline.go(555).snapshot
    branch = timeline.branch()
    assert branch.session.units == 555
    assert np.array_equal(branch.session.snapshot().q, then.q, equal_nan=True)
    assert [keyframe.units for keyframe in branch.keyframes] == [0, 100, 200, 300, 400, 500, 555]
    assert np.array_equal(branch.go(123).snapshot.q, timeline.go(123).snapshot.q, equal_nan=True)


def test_a_long_past_stays_spread_over_the_whole_run() -> None:
    """Thinned some hundred times, no gap is much wider than the rest: every moment stays near a kept state."""
    run = q_learning(10_000_000)
    timeline = Timeline(run, apart=0.0, memory=1_000_000)
    while run.units < 2_000_000:
        run.advance(Budget(500))
        timeline.note(1.0)
        timeline.keeper.cost = 0.0
    units = [keyframe.units for keyframe in timeline.keyframes]
    gaps = [after - before for before, after in itertools.pairwise(units)]
    assert len(units) > 20 and timeline.size <= 1_000_000
    assert max(gaps) < 4 * run.units / len(units)
    assert gaps[-1] == 500


def test_looking_back_measures_nothing_and_a_branch_has_what_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measuring solves the world, which takes half a second for a grid of 100 by 100: once a run, not once more in the session that
    does the past again."""
    run = q_learning(2000)
    timeline = Timeline(run, apart=0.0)
    run.advance(Budget(1000))
    timeline.note(1000.0)
    solved: list[object] = []
    monkeypatch.setattr("core.runs.meter.finding", lambda task, share: iter([solved.append(task)]))
    timeline.go(900)
    assert not solved
    monkeypatch.undo()
    measured, known = timeline.branch().session.history.view()["truth"], run.history.view()["truth"]
    before = known["step"] <= 900
    assert 0 < before.sum() < len(known["step"])
    assert all(np.array_equal(measured[name], known[name][before], equal_nan=True) for name in known)


def test_a_moment_far_away_is_come_to_in_parts() -> None:
    run = q_learning(400_000)
    timeline = Timeline(run, apart=1e9)
    run.advance(Budget(200_000))
    timeline.note(1000.0)
    timeline.seek(Wish(units=90_000))
    shares = []
    while not timeline.come(0.0):
        assert timeline.coming is not None and timeline.coming.units == 90_000
        assert timeline.moment is not None and timeline.moment.units == 0
        shares.append(timeline.coming.share)
        timeline._go_on()
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] <= 1
    assert timeline.moment is not None and timeline.moment.units == 90_000
    fresh = q_learning(400_000)
    fresh.advance(Budget(90_000))
    assert np.array_equal(timeline.snapshot().q, fresh.snapshot().q, equal_nan=True)
    timeline.seek(Wish(units=100))
    timeline.seek(Wish(by=-1))
    timeline.come()
    assert timeline.moment.units == 99
    timeline.seek(Wish(units=100_000))
    timeline.leave()
    assert timeline.come() and timeline.moment is None


def far(units: int = 200_000) -> Timeline:
    """A run with no state but its first one, of which each step counts as 5 ms of work."""
    run = q_learning(2 * units)
    timeline = Timeline(run, apart=1e9)
    run.advance(Budget(units))
    timeline.note(1000.0)
    return timeline


def test_back_and_forth_from_a_moment_that_is_still_far_keeps_nobody_waiting() -> None:
    """Each press counts from the moment wished for before, in parts as well."""
    timeline = far()
    ends = timeline.session.history.view()["episodes"]["step"]
    for wishes, units in (
        ((Wish(90_000), Wish(by=-1), Wish(by=-1)), 89_998),
        ((Wish(80_000), Wish(by=1)), 80_001),
        ((Wish(70_000), Wish(by_boundary=-1)), ends[ends < 70_000][-1]),
        ((Wish(60_000), Wish(by_boundary=1)), ends[ends > 60_000][0]),
        ((Wish(50_000), Wish(by_boundary=-1), Wish(by_boundary=-1)), ends[ends < 50_000][-2]),
    ):
        timeline.leave()
        timeline._revisit.close()
        for wish in wishes:
            timeline.seek(wish)
            assert timeline.coming is not None
        assert timeline.come() and timeline.moment is not None and timeline.moment.units == units


def test_the_end_of_an_episode_that_has_not_come_yet_is_the_present() -> None:
    timeline = far(1003)
    ends = timeline.session.history.view()["episodes"]["step"]
    assert ends[-1] < 1001
    timeline.look(Wish(1001))
    timeline.look(Wish(by_boundary=1))
    assert timeline.moment is None
    timeline.look(Wish(by_boundary=-1))
    assert timeline.moment is not None and timeline.moment.units == ends[-1]


def test_another_far_moment_shows_the_kept_state_before_it_at_once() -> None:
    run = q_learning(400_000)
    timeline = followed(run, 100_000, 200_000)
    timeline.seek(Wish(90_000))
    assert timeline.moment is not None and timeline.moment.units == 0
    timeline.seek(Wish(190_000))
    assert timeline.moment.units == 100_000


def test_who_drags_near_a_state_put_by_sees_the_very_moment_or_that_state() -> None:
    timeline = far()
    timeline.look(Wish(150_000))
    assert timeline._revisit.way
    near = timeline._revisit.way[-1].units
    assert timeline.go(near + 3, exactly=False).units == near + 3
    assert timeline.go(near + 30, exactly=False).units == near


def test_a_branch_goes_on_at_the_pace_of_the_run() -> None:
    run = q_learning(1000)
    timeline = followed(run, 100, 200, 50.0)
    timeline.look(Wish(150))
    branch = timeline.branch()
    assert [(frame.units, frame.worked) for frame in branch.keyframes] == [(0, 0.0), (100, 50.0), (150, 75.0)]


def test_after_the_end_of_an_episode_of_several_members_any_moment_is_exact() -> None:
    """Members that are ahead wait for the end of the slowest one's episode: their states then are no place to go on from."""

    def made() -> Session:
        return Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1, steps=500, members=3))

    run, fresh = made(), made()
    timeline = Timeline(run, apart=1e9)
    run.advance(Budget(500))
    timeline.note(1.0)
    moment = timeline.go_to_boundary(5)
    timeline.go(moment.units + 7)
    fresh.advance(Budget(moment.units + 7))
    for member in range(3):
        assert np.array_equal(timeline.learner.snapshot(member).q, fresh.snapshot(member).q, equal_nan=True)
