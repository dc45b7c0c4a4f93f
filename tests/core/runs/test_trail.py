"""The episode under way is found again, step by step, whatever the run did before and however fast."""

import numpy as np
import pytest

from core.learner import Budget, Learner
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline, Wish
from core.runs.trail import LONGEST, Tracker
from core.worlds.grid import GridWorld
from core.worlds.library import open_world


def spec(algorithm: str, name: str = "grid/lecture-3x4", **more: object) -> RunSpec:
    return RunSpec.model_validate({"world": open_world(name), "algorithm": algorithm, "device": "cpu"} | more)


def walked(learner: Learner, steps: int) -> tuple[list[int], dict[int, float]]:
    """What the trail should be, written down while a learner is advanced step by step."""
    episode, state = learner.where()
    states, errors = [state], {}
    for _ in range(steps):
        learner.advance(Budget(1))
        now, state = learner.where()
        if now != episode:
            episode, states, errors = now, [state], {}
            continue
        states.append(state)
        told = learner.explain()
        if told is not None:
            errors[told.state] = told.error
    return states, errors


@pytest.mark.parametrize("algorithm", ["q-learning", "sarsa-lambda", "td-0", "dyna-q", "linear-q-learning"])
@pytest.mark.parametrize("steps", [1, 4, 333])
def test_it_is_what_a_step_by_step_run_saw(algorithm: str, steps: int) -> None:
    states, errors = walked(Session(spec(algorithm)).learner, steps)
    timeline = Timeline(Session(spec(algorithm)))
    timeline.session.advance(Budget(steps))
    trail = Tracker().follow(timeline)
    assert trail is not None
    assert trail.states.tolist() == states
    known = ~np.isnan(trail.errors)
    assert {int(state): float(trail.errors[state]) for state in np.flatnonzero(known)} == pytest.approx(errors)


def test_looking_again_goes_on_from_where_it_was() -> None:
    timeline, tracker = Timeline(Session(spec("sarsa"))), Tracker()
    for done in range(1, 60):
        timeline.session.advance(Budget(1))
        trail = tracker.follow(timeline)
        assert trail is not None and trail.states.tolist() == walked(Session(spec("sarsa")).learner, done)[0]
    timeline.look(Wish(units=20))
    trail = tracker.follow(timeline)
    assert trail is not None and trail.states.tolist() == walked(Session(spec("sarsa")).learner, 20)[0]
    tracker.close()
    assert tracker.session is None


def test_of_a_long_episode_the_last_steps_are_kept() -> None:
    endless = GridWorld(map=("S....",) * 5, step_limit=0)
    timeline = Timeline(Session(RunSpec(world=endless, algorithm="q-learning", seed=1)))
    timeline.session.advance(Budget(5_000))
    trail = Tracker().follow(timeline)
    assert trail is not None and len(trail.states) == LONGEST
    steps = endless.compiled.cell_of_state[trail.states]
    assert (np.abs(np.diff(steps, axis=0)).sum(axis=1) <= 1).all()
    assert trail.states[-1] == timeline.session.learner.where()[1]


def test_a_learner_that_waits_for_the_end_of_an_episode_has_no_errors_of_this_one() -> None:
    timeline = Timeline(Session(spec("monte-carlo-control")))
    timeline.session.advance(Budget(10_000, boundaries=1))
    timeline.session.advance(Budget(1))
    trail = Tracker().follow(timeline)
    assert trail is not None and np.isnan(trail.errors).all() and len(trail.states) == 2


@pytest.mark.parametrize(
    ("algorithm", "name"), [("value-iteration", "grid/lecture-3x4"), ("dqn", "grid/lecture-3x4"), ("dqn", "gym:CartPole-v1")]
)
def test_others_have_none(algorithm: str, name: str) -> None:
    timeline = Timeline(Session(spec(algorithm, name)))
    timeline.session.advance(Budget(3))
    assert Tracker().follow(timeline) is None


def test_a_change_in_the_middle_of_a_run_is_done_again_too() -> None:
    timeline, tracker = Timeline(Session(spec("q-learning"))), Tracker()
    timeline.session.advance(Budget(50))
    tracker.follow(timeline)
    timeline.session.change({"step_size": 0.3, "epsilon": 0.9})
    timeline.session.advance(Budget(9))
    again = Session(timeline.session.spec)
    trail = tracker.follow(timeline)
    assert trail is not None and trail.states[-1] == timeline.session.learner.where()[1]
    again.advance(Budget(59))
    assert again.learner.where() == timeline.session.learner.where()


def test_the_goal_is_known_of_planners_and_learners_and_gone_where_the_world_was_another() -> None:
    learner, planner = Session(spec("q-learning")), Session(spec("value-iteration"))
    assert learner.goal(0) is None and planner.goal(0) is None
    learner.advance(Budget(50))
    planner.advance(Budget(1))
    goal = learner.goal(50)
    assert goal is not None and goal is learner.goal(50)
    assert planner.goal(1) is None and planner.meter.find()
    assert planner.goal(1) == pytest.approx(goal)
    learner.change({"discount": 0.5})
    assert learner.goal(50) is None or not np.allclose(learner.goal(50), goal)
    assert learner.goal(20) is None


def test_the_goal_of_a_planner_is_found_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.runs.truth.PART", 1)
    planner, whole = Session(spec("value-iteration")), Session(spec("value-iteration"))
    for session in (planner, whole):
        session.advance(Budget(1))
    assert planner.goal(1) is None and planner.meter.wanted and not planner.meter.find()
    while planner.meter.wanted:
        planner.meter.find()
    monkeypatch.undo()
    assert whole.meter.find()
    goal = planner.goal(1)
    assert goal is not None and np.array_equal(goal, whole.goal(1))


def test_in_passing_the_last_error_of_each_state_is_noted() -> None:
    timeline, tracker = Timeline(Session(spec("q-learning"))), Tracker()
    assert tracker.passing(timeline) is None
    noted: dict[int, float] = {}
    for _ in range(40):
        timeline.session.advance(Budget(25))
        tracker.glance(timeline, steady=False)
        told = timeline.session.learner.explain()
        assert told is not None and told.state is not None and told.error is not None
        noted[told.state] = told.error
    trail = tracker.passing(timeline)
    assert trail is not None and not len(trail.states)
    assert {state: trail.errors[state] for state in np.flatnonzero(np.isfinite(trail.errors)).tolist()} == noted and len(noted) > 2
    trail.errors[:] = 9.0
    again = tracker.passing(timeline)
    assert again is not None and not (again.errors == 9.0).any()
    timeline.look(Wish(units=20))
    assert tracker.passing(timeline) is None


def test_every_backup_of_a_planner_that_is_stepped_is_noted_and_no_step_of_a_learner_that_is() -> None:
    timeline, tracker = Timeline(Session(spec("value-iteration"))), Tracker()
    for _ in range(11):
        timeline.session.advance(Budget(1))
        tracker.glance(timeline, steady=True)
    trail = tracker.passing(timeline)
    assert trail is not None and np.array_equal(np.isfinite(trail.errors), ~timeline.session.spec.world.compile().absorbing)
    timeline = Timeline(Session(spec("q-learning")))
    timeline.session.advance(Budget(5))
    tracker.glance(timeline, steady=True)
    assert tracker.passing(timeline) is None


def test_deep_learners_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    timeline, tracker = Timeline(Session(spec("dqn"))), Tracker()
    monkeypatch.setattr(timeline.session.learner, "explain", lambda: pytest.fail("asked"))
    tracker.glance(timeline, steady=False)
    assert tracker.passing(timeline) is None
