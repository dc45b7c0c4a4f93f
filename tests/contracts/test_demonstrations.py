"""Every learner that says it can learns from what a person did; with it, a run is made again, resumed and gone back in to the bit."""

import numpy as np
import pytest
import torch
from numpy.random import PCG64, Generator

from core.demonstration import Demonstration, Seen
from core.errors import ConfigError, WorldError
from core.learner import Budget
from core.pictures import Picture
from core.registry import Algorithm, algorithms
from core.runs.session import Session
from core.runs.spec import RunSpec, unteachable
from core.runs.timeline import Timeline
from core.runs.trail import Tracker
from core.worlds.copies import make_environment
from core.worlds.environment import Environment
from core.worlds.gym_environment import GymEnvironment
from core.worlds.library import open_world
from core.worlds.world import World
from tests.contracts.test_algorithms import CASES, quick, same
from tests.contracts.test_timeline import sorted_by_member

OFF_POLICY = {
    "q-learning", "double-q-learning", "expected-sarsa", "dyna-q", "dyna-q-plus", "learned-prioritised-sweeping",
    "linear-q-learning", "dqn",
    "rainbow",
}  # fmt: skip


def spec(algorithm: Algorithm, name: str, steps: int = 90) -> RunSpec:
    config = algorithm.config(**quick(algorithm)).model_dump(mode="json")
    return RunSpec(world=open_world(name), algorithm=algorithm.name, config=config, members=2, seed=3, steps=steps, device="cpu")


TEACHABLE = [case for case in CASES if case.values[0].name in OFF_POLICY and unteachable(spec(*case.values)) is None]


def played(world: World, seed: int = 5, steps: int = 12) -> Demonstration:
    """An episode at random, or its beginning."""
    stream = Generator(PCG64(seed))
    environment = make_environment(world, stream)
    seen, actions, rewards, terminated, lost = [seen_in(environment)], [], [], False, []
    while len(actions) < steps and not terminated:
        actions.append(int(stream.choice(np.flatnonzero(environment.mask))))
        lives = environment.lives
        reward, terminated, _ = environment.step(actions[-1])
        rewards.append(reward)
        seen.append(seen_in(environment))
        if environment.lives < lives:
            lost.append(len(actions) - 1)
    return Demonstration.of(seen, actions, rewards, terminated, lost)


def seen_in(environment: Environment) -> Seen | Picture:
    if environment.state is not None:
        return environment.state
    game = isinstance(environment, GymEnvironment) and environment.lives
    return environment.picture if game else tuple(environment.observation.tolist())


def test_off_policy_learners_say_that_they_can() -> None:
    can = {
        one.name for one in algorithms().values() if unteachable(RunSpec(world=open_world("grid/lecture-3x4"), algorithm=one.name)) is None
    }
    assert can == OFF_POLICY
    for name in sorted(set(algorithms()) - OFF_POLICY):
        reason = unteachable(RunSpec(world=open_world("grid/lecture-3x4"), algorithm=name))
        assert reason is not None and reason.endswith(".")


@pytest.mark.parametrize(("algorithm", "name"), TEACHABLE)
def test_what_was_shown_is_learnt_and_counts_as_no_step(algorithm: Algorithm, name: str) -> None:
    session = Session(spec(algorithm, name))
    session.advance(Budget(40))
    before, state = [session.snapshot(member) for member in (0, 1)], session.learner.state()
    session.teach(played(session.spec.world))
    for member in (0, 1):
        assert session.snapshot(member).counters == before[member].counters
        assert session.snapshot(member).state == before[member].state
    learnt = "visits" if "visits" in state else "members" if "members" in state else "replay"
    with pytest.raises(AssertionError):
        same(session.learner.state()[learnt], state[learnt])
    assert session.learner.explain() is not None


@pytest.mark.parametrize(("algorithm", "name"), TEACHABLE)
def test_a_run_that_was_shown_something_is_made_again_from_its_spec(algorithm: Algorithm, name: str) -> None:
    session = Session(spec(algorithm, name))
    timeline = Timeline(session, apart=0.0)
    session.teach(played(session.spec.world, 1))
    session.advance(Budget(40))
    timeline.keeper.cost = 0.0
    timeline.note(1000.0)
    unshown = session.state()
    session.teach(played(session.spec.world, 2))
    session.teach(played(session.spec.world, 3))
    session.advance(Budget(31))
    timeline.note(1000.0)
    half = session.state()
    session.advance(Budget(100))
    whole = sorted_by_member(session.state())

    again = Session(RunSpec.model_validate_json(session.spec.model_dump_json()))
    while not again.finished:
        again.advance(Budget(7))
    same(sorted_by_member(again.state()), whole)

    for kept in (unshown, half):
        resumed = Session.resume(session.spec, kept)
        resumed.advance(Budget(100))
        same(sorted_by_member(resumed.state()), whole)

    for units in (40, 39, 60):
        fresh = Session(session.spec)
        fresh.advance(Budget(units))
        moment = timeline.go(units)
        assert np.array_equal(moment.snapshot.action_values, fresh.snapshot().action_values, equal_nan=True)
        assert moment.explanation == fresh.learner.explain()
    branch = timeline.branch().session
    branch.advance(Budget(100))
    same(sorted_by_member(branch.state()), whole)
    timeline.close()


@pytest.mark.parametrize(("algorithm", "name"), TEACHABLE)
def test_a_long_demonstration_is_learnt_in_parts_between_which_nothing_else_is_done(
    algorithm: Algorithm, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three steps at a time, kept and gone on from in the middle: to the bit as at once."""
    whole, split = Session(spec(algorithm, name)), Session(spec(algorithm, name))
    shown = played(whole.spec.world, 1)
    for session in (whole, split):
        session.advance(Budget(40))
    whole.teach(shown)
    assert whole.settled
    monkeypatch.setattr("core.runs.session.PART", 6)
    split.teach(shown)
    assert not split.settled and not split.finished and split.state()["taken"] == 3
    assert split.advance(Budget(50)).units == 0 and not split.still and split.state()["taken"] == 6
    again = Session.resume(split.spec, split.state())
    for session in (split, again):
        while not session.finished:
            session.advance(Budget(50))
    whole.advance(Budget(50))
    assert whole.finished and not whole.still and "taken" not in split.state()
    whole.advance(Budget(50))
    assert whole.still
    for session in (split, again):
        same(sorted_by_member(session.state()), sorted_by_member(whole.state()))


def test_a_moment_is_after_all_of_what_was_shown_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so are a branch from there, the trail of its episode, and a run that is made again."""
    monkeypatch.setattr("core.runs.session.PART", 2)
    session = Session(spec(algorithms()["q-learning"], "grid/lecture-3x4"))
    timeline = Timeline(session, apart=0.0)
    session.advance(Budget(40))
    session.teach(played(session.spec.world, 1))
    session.settle()
    then = session.snapshot().q
    assert then is not None
    session.advance(Budget(5))
    timeline.note(1000.0)
    assert np.array_equal(timeline.go(40).snapshot.q, then, equal_nan=True)
    assert np.array_equal(timeline.branch().session.snapshot().q, then, equal_nan=True)
    timeline.go(43)
    tracker, trail = Tracker(), None
    for _ in range(20):
        trail = trail or tracker.follow(timeline)
    assert trail is not None and trail.states[-1] == timeline.snapshot().state
    timeline.close()


def test_what_is_changed_meanwhile_is_changed_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(spec(algorithms()["q-learning"], "grid/lecture-3x4"))
    session.advance(Budget(20))
    monkeypatch.setattr("core.runs.session.PART", 2)
    session.teach(played(session.spec.world, 1))
    assert not session.settled
    session.change(session.spec.config | {"discount": 0.5})
    assert session.settled and [change.shown is None for change in session.spec.changes] == [False, True]
    again = Session(session.spec)
    while again.units < 20 or not again.settled:
        again.advance(Budget(20 - again.units))
    same(again.state(), session.state())


def test_settings_changed_before_and_after_what_was_shown_count_for_their_own_part() -> None:
    """At the same step: with step size 1, then 0.5."""
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1, steps=100))
    episode = played(session.spec.world, 4)
    constant = {"kind": "constant", "start": 1.0}
    session.advance(Budget(20))
    session.change({"step_size": constant})
    session.teach(episode)
    session.change({"step_size": constant | {"start": 0.5}})
    session.teach(episode)
    then = session.snapshot()
    assert [change.shown is None for change in session.spec.changes] == [True, False, True, False]
    again = Session(session.spec)
    again.advance(Budget(20))
    assert np.array_equal(again.snapshot().q, then.q, equal_nan=True)


def test_q_learning_learns_an_episode_as_the_book_says() -> None:
    """Two steps of the three-state world by hand, with step size 1/2."""
    world = open_world("mdp/three-state")
    mdp = world.compile()
    config = {"step_size": {"kind": "constant", "start": 0.5}, "discount": 0.5}
    session = Session(RunSpec(world=world, algorithm="q-learning", config=config))
    pair = int(mdp.state_offsets[0])
    outcome = int(mdp.outcome_offsets[pair])
    reward, following = float(mdp.reward[outcome]), int(mdp.next_state[outcome])
    one = Demonstration(
        seen=(0, following), actions=(int(mdp.pair_action[pair]),), rewards=(reward,), terminated=bool(mdp.terminated[outcome])
    )
    session.teach(one)
    q = session.snapshot().q
    assert q is not None and q[0, mdp.pair_action[pair]] == 0.5 * reward
    assert session.snapshot().tries.sum() == 1


@pytest.mark.parametrize("name", ["sarsa", "value-iteration", "pqn", "q-network"])
def test_others_say_why_not(name: str) -> None:
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm=name, device="cpu"))
    with pytest.raises(ConfigError, match=r"itself|already"):
        session.teach(played(session.spec.world))
    assert session.spec.changes == ()


@pytest.mark.parametrize(("seen", "actions"), [((0, 1, 999), (0, 1)), ((0, 1, -1), (0, 1)), ((0, 1, 2), (0, 4)), ((0, 1, 2), (0, -1))])
@pytest.mark.parametrize("name", ["q-learning", "dqn", "linear-q-learning"])
def test_what_cannot_happen_is_refused_and_nothing_learnt(name: str, seen: tuple[int, ...], actions: tuple[int, ...]) -> None:
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm=name, device="cpu"))
    before = session.learner.state()
    with pytest.raises(WorldError):
        session.teach(Demonstration(seen=seen, actions=actions, rewards=(0.0, 0.0)))
    same(session.learner.state(), before)
    assert session.spec.changes == ()


def test_returns_of_several_steps_end_where_a_demonstration_begins() -> None:
    """The agent's last step before it and the demonstration's last step are cut off: neither sums rewards of the other."""
    config = {"learning_starts": 1000, "n_step": 5, "widths": [8], "buffer_size": 100}
    session = Session(RunSpec(world=open_world("gym:CartPole-v1"), algorithm="dqn", config=config, steps=500, device="cpu"))
    session.advance(Budget(3))
    session.teach(played(session.spec.world, 1, 4))
    session.advance(Budget(3))
    replay = session.learner.replay
    lengths = []
    with torch.inference_mode():
        for place in (1, 2, 3, 5, 6, 7):
            replay._many.places[:] = place
            lengths.append(int(replay._many.take(replay._newest).steps[0, 0].item()))
    assert lengths == [2, 1, 4, 2, 1, 3]
