"""Changing settings or the world in the middle of a run: it goes on, and its spec alone makes it again."""

from typing import Any

import numpy as np
import pytest

from core.errors import ConfigError
from core.learner import Budget
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline
from core.worlds.grid import Cell, GridWorld
from core.worlds.library import open_world
from core.worlds.world import World
from tests.contracts.test_algorithms import same
from tests.contracts.test_timeline import sorted_by_member

LECTURE = open_world("grid/lecture-3x4")


def run(world: World = LECTURE, algorithm: str = "q-learning", steps: int = 600, **config: Any) -> Session:
    return Session(RunSpec(world=world, algorithm=algorithm, config=config, seed=2, steps=steps, members=2))


def finished(session: Session, slice_: int = 37) -> Session:
    while not session.finished:
        session.advance(Budget(slice_))
    return session


def constant(value: float) -> dict[str, Any]:
    return {"kind": "constant", "start": value}


def test_what_is_changed_counts_from_then_on() -> None:
    changed, plain = run(step_size=constant(0.5)), run(step_size=constant(0.5))
    for session in (changed, plain):
        session.advance(Budget(300))
    changed.change({"step_size": constant(1e-12)})
    then = changed.snapshot().q
    finished(changed)
    assert np.allclose(changed.snapshot().q, then, atol=1e-8, equal_nan=True)
    assert not np.array_equal(finished(plain).snapshot().q, then, equal_nan=True)
    assert changed.history.view()["episodes"]["step"].max() > 500


@pytest.mark.parametrize("world", [None, LECTURE.model_copy(update={"goal_reward": 5.0, "living_reward": -0.1})])
def test_the_spec_alone_makes_the_run_again(world: GridWorld | None) -> None:
    session = run()
    session.advance(Budget(211))
    session.change({"discount": 0.5, "step_size": constant(0.2)}, world)
    session.advance(Budget(100))
    session.change({"discount": 0.7})
    finished(session)
    assert [change.units for change in session.spec.changes] == [211, 311]
    again = Session(RunSpec.model_validate(session.spec.model_dump(mode="json")))
    same(sorted_by_member(finished(again, 91).state()), sorted_by_member(session.state()))
    half = Session(session.spec)
    half.advance(Budget(250))
    same(sorted_by_member(finished(Session.resume(session.spec, half.state())).state()), sorted_by_member(session.state()))


def test_the_truth_is_that_of_the_changed_world() -> None:
    session = run(steps=100_000, step_size=constant(0.5))
    session.advance(Budget(50_000))
    before = session.history.view()["truth"]
    assert before["gap"][-1] == pytest.approx(0, abs=1e-9)
    session.change(session.spec.config, LECTURE.model_copy(update={"goal_reward": 3.0}))
    assert session.measured()[0].rms_error > 0.5
    finished(session, 10_000)
    after = session.history.view()["truth"]
    assert after["rms_error"][-1] < 0.05
    assert np.isfinite(after["regret"]).all()


def test_the_past_goes_across_changes() -> None:
    session = run()
    timeline = Timeline(session, apart=0.0)
    for _ in range(3):
        session.advance(Budget(100))
        timeline.note(1000.0)
    then = {units: timeline.go(units).snapshot.q for units in (150, 250, 300)}
    session.change({"step_size": constant(0.9)})
    while not session.finished:
        session.advance(Budget(100))
        timeline.note(1000.0)
    for units, q in then.items():
        assert np.array_equal(timeline.go(units).snapshot.q, q, equal_nan=True)
    fresh = Session(session.spec)
    fresh.advance(Budget(456))
    assert np.array_equal(timeline.go(456).snapshot.q, fresh.snapshot().q, equal_nan=True)
    timeline.go(250)
    assert timeline.branch().session.spec.changes == ()
    timeline.go(350)
    assert len(timeline.branch().session.spec.changes) == 1


def test_a_network_goes_on_with_another_learning_rate() -> None:
    session = run(open_world("gym:CartPole-v1"), "dqn", 300, learning_starts=50, widths=[16])
    session.advance(Budget(150))
    weights = session.learner.state()["online"]
    session.change({"learning_starts": 50, "widths": [16], "learning_rate": constant(1e-9)})
    same(session.learner.state()["online"], weights)
    finished(session)
    again = Session(session.spec)
    same(sorted_by_member(finished(again).state()), sorted_by_member(session.state()))


def test_a_network_explores_as_it_is_told_from_then_on() -> None:
    config = {"learning_starts": 50, "widths": [16], "epsilon": constant(1.0), "learning_rate": constant(1e-3)}
    session = run(open_world("gym:CartPole-v1"), "dqn", 300, **config)
    session.advance(Budget(150))
    session.change(config | {"epsilon": constant(0.0), "learning_rate": constant(1e-4)})
    session.advance(Budget(150))
    updates = session.history.view()["updates"]
    assert (updates["epsilon"][-1], updates["step_size"][-1]) == (0.0, 1e-4)


@pytest.mark.parametrize(
    ("algorithm", "config", "world", "sentence"),
    [
        ("dqn", {"widths": [8]}, None, "'Hidden layers' cannot be changed"),
        ("q-learning", {"initial_value": 1.0}, None, "'Initial value' cannot be changed"),
        ("value-iteration", {"discount": 0.5}, None, "a planner begins anew"),
        ("q-learning", {}, LECTURE.painted([(0, 0)], Cell.wall), "other states or actions"),
        ("q-learning", {}, open_world("mdp/three-state"), "another world"),
    ],
)
def test_what_cannot_be_changed_is_said_and_left(algorithm: str, config: dict[str, Any], world: World | None, sentence: str) -> None:
    session = run(algorithm=algorithm)
    session.advance(Budget(50))
    learner = session.learner
    with pytest.raises(ConfigError, match=sentence):
        session.change(config, world)
    assert session.learner is learner and session.spec.changes == ()
