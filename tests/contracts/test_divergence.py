"""A member whose values grow beyond all bounds stops alone, at a step that pauses do not move; what is kept goes on the same."""

from typing import Any

import numpy as np
import pytest

from core.errors import ValuescapeError
from core.history import EPISODES, UPDATES
from core.learner import Budget, Learner, Task
from core.linear.engine.learner import LinearLearner
from core.registry import algorithm
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline
from core.tabular.engine.walker import CHUNK, FIRST_LOOK, Walker, next_look
from core.worlds.library import open_world
from tests.contracts.test_algorithms import same

LINEAR = [("linear-q-learning", "mdp/three-state"), ("linear-sarsa-lambda", "grid/lecture-3x4"), ("linear-sarsa-lambda", "gym:CartPole-v1")]
TABULAR = [("q-learning", "grid/lecture-3x4"), ("sarsa-lambda", "mdp/three-state"), ("td-lambda", "grid/lecture-3x4")]
CASES = LINEAR + TABULAR
DIVERGING = {"trace_decay": 1.0, "trace": "accumulating", "step_size": 1.0, "discount": 1.0}


def made(name: str, world: str, seed: int = 3) -> Any:
    return algorithm(name).build(Task(open_world(world), algorithm(name).config(), seed, 3, "cpu"))


def poison(learner: Learner, member: int) -> None:
    """Give a member values that are no numbers."""
    if isinstance(learner, LinearLearner):
        learner.memories[member].weights.fill(np.inf)
    else:
        assert isinstance(learner, Walker)
        learner.last[member, learner.recorded.index("new")] = np.nan
        for values in (getattr(learner, name) for name in ("q", "v") if name in learner.kept):
            values[member] = np.nan


def poisoned(name: str, world: str, *budgets: int) -> tuple[Any, list[dict[str, np.ndarray]]]:
    """Three members, the second with values that are no numbers after 50 steps; and the rows after that."""
    learner = made(name, world)
    learner.advance(Budget(50))
    poison(learner, 1)
    rows = [row for budget in budgets for row in learner.advance(Budget(budget)).rows]
    return learner, [dict(row.columns) for row in rows if row.channel in (UPDATES, EPISODES)]


@pytest.mark.parametrize(("name", "world"), CASES)
def test_it_stops_alone_and_says_so(name: str, world: str) -> None:
    learner, rows = poisoned(name, world, 2_000)
    stopped = 51 if (name, world) in LINEAR else FIRST_LOOK
    assert learner.stopped == {1: stopped}
    assert learner.notices == (f"Member 1 stopped: its values grew beyond all bounds by step {stopped}",)
    for columns in rows:
        for key, column in columns.items():
            assert key in ("epsilon", "step_size") or np.isfinite(column).all(), key
    counts = [learner.snapshot(member).counters.units for member in range(3)]
    assert counts == [2_050, stopped, 2_050]
    shot = learner.snapshot(1)
    assert learner.explain(1) is None and learner.explain(0) is not None
    assert np.isfinite(shot.values).all() if shot.values is not None else np.isfinite(shot.action_values).all()
    healthy = made(name, world)
    healthy.advance(Budget(50))
    healthy.advance(Budget(2_000))
    for member in (0, 2):
        same(*(one.snapshot(member).action_values for one in (learner, healthy)))
        assert learner.snapshot(member).counters == healthy.snapshot(member).counters


@pytest.mark.parametrize(("name", "world"), CASES)
def test_when_it_stops_does_not_depend_on_pauses_and_is_kept(name: str, world: str) -> None:
    whole, _ = poisoned(name, world, 1_500)
    parts, _ = poisoned(name, world, 1, 7, 960, 30, 200)
    again = made(name, world, seed=9)
    again.restore(parts.state())
    again.advance(Budget(302))
    assert again.notices == whole.notices
    same(whole.state(), again.state())


@pytest.mark.parametrize(("name", "world"), CASES)
def test_a_learner_taken_back_to_before_has_all_its_members(name: str, world: str) -> None:
    learner, _ = poisoned(name, world)
    before = learner.state()
    learner.advance(Budget(1_500))
    after = learner.state()
    learner.restore(before)
    assert not learner.stopped
    learner.advance(Budget(1_500))
    same(after, learner.state())


@pytest.mark.parametrize(("name", "world"), CASES)
def test_where_none_is_left_the_run_ends_with_a_sentence(name: str, world: str) -> None:
    learner = made(name, world)
    learner.advance(Budget(50))
    for member in range(3):
        poison(learner, member)
    with pytest.raises(ValuescapeError, match=r"The values of member 2 grew beyond all bounds by step .* Lower the step size"):
        learner.advance(Budget(2_000))


def test_members_that_go_on_are_counted_as_before() -> None:
    """The slowest member that still acts says how many episodes have ended, before and after another stops."""
    for budget in (100_000, 7):
        session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="linear-sarsa-lambda", members=3, episodes=9, seed=3))
        session.advance(Budget(50))
        poison(session.learner, 1)
        while not session.finished:
            session.advance(Budget(budget))
        assert session.boundaries == 9
        assert [session.snapshot(member).counters.episodes for member in (0, 2)] == [9, 9]


def test_td_lambda_with_growing_traces_diverges_by_itself() -> None:
    """Accumulating traces and a step size of 1: each visit moves its state by more than the error."""
    config = DIVERGING
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="td-lambda", config=config, members=2, steps=10 * CHUNK))
    with pytest.raises(ValuescapeError, match="grew beyond all bounds by step"):
        session.advance(Budget(10 * CHUNK))


def test_the_past_of_a_run_with_a_stopped_member_is_found_again() -> None:
    spec = RunSpec(world=open_world("gym:CartPole-v1"), algorithm="linear-sarsa-lambda", members=2, seed=3, steps=2_000)
    timeline = Timeline(Session(spec), apart=0.0)
    seen: dict[int, Any] = {}
    for _ in range(10):
        timeline.session.advance(Budget(20))
        timeline.note(1.0)
        seen[timeline.session.units] = timeline.session.learner.snapshot(1)
    poison(timeline.session.learner, 1)
    timeline.keyframes.clear()
    timeline.keeper.keep()
    for _ in range(10):
        timeline.session.advance(Budget(20))
        timeline.note(1.0)
    assert list(timeline.session.learner.stopped) == [1]  # type: ignore[attr-defined]
    timeline.go(390)
    assert timeline.learner.notices == timeline.session.learner.notices
    timeline.go(200)
    assert timeline.learner.notices == ()


def test_looks_come_at_the_same_steps_however_the_work_is_split() -> None:
    assert [next_look(step) for step in (0, 1, FIRST_LOOK - 1, FIRST_LOOK, 5_000)] == [FIRST_LOOK] * 3 + [2 * FIRST_LOOK, 8_192]
    assert [next_look(step) for step in (CHUNK - 1, CHUNK, 3 * CHUNK + 5)] == [CHUNK, 2 * CHUNK, 4 * CHUNK]
