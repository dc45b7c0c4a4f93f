"""Measured against truth: gaps by hand, against linear algebra and against play; rows that do not depend on how work is split."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.cli import run
from core.cli.train import distance
from core.history import TRUTH, VISITS, Columns
from core.learner import UNBOUNDED, Budget, Counters, Snapshot
from core.planning.engine.direct import endless, one_hot, solve_policy
from core.registry import algorithm
from core.runs import folder, shortfall, truth
from core.runs.meter import FIRST, following, step_size
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.truth import Truth
from core.schedules import Schedule
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.mdp import FiniteMDP, state_values
from core.worlds.table import TableWorld, Transition
from core.worlds.world import World

CORRIDOR = GridWorld(map=("S..G",), living_reward=-1.0, goal_reward=10.0, discount=0.5, step_limit=50)
"""Three steps to the right: V* = -1 + (-1 + 9 / 2) / 2, as entering the goal earns 9."""
EAST = 1


def spec(name: str = "grid/lecture-3x4", **fields: Any) -> RunSpec:
    return RunSpec.model_validate({"world": open_world(name), "world_name": name, "algorithm": "q-learning"} | fields)


def sought(world: World, method: str = "q-learning", **settings: Any) -> Truth | None:
    meter = Session(RunSpec(world=world, algorithm=method, config=settings)).meter
    while not meter.find():
        pass
    return meter.truth()


def known(world: World, method: str = "q-learning", **settings: Any) -> Truth:
    found = sought(world, method, **settings)
    assert found is not None
    return found


def picture(q: Any) -> Snapshot:
    return Snapshot(Counters(), values=state_values(q), q=q)


def following_table(mdp: FiniteMDP, chosen: Any) -> Any:
    """[S, A] Q of 1 for the pair chosen in each state, 0 for the others."""
    return mdp.q_table(one_hot(mdp, chosen))


def rows(session: Session) -> Columns:
    return session.history.view()[TRUTH]


def same(one: Columns, other: Columns) -> None:
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_a_gap_by_hand() -> None:
    found = known(CORRIDOR)
    mdp = found.mdp
    assert found.values.tolist() == pytest.approx([0.75, 3.5, 9.0, 0.0])
    assert found.best_return == pytest.approx(7.0)
    bumping = found.measure(picture(np.where(mdp.available, 0.0, np.nan)))
    assert bumping.gap == pytest.approx(0.75 + 1 / (1 - 0.5)), "up into the wall for ever, -1 a step"
    assert bumping.rms_error == pytest.approx(np.sqrt((0.75**2 + 3.5**2 + 9**2) / 3))
    q = mdp.q_table(np.zeros(mdp.pairs))
    q[:3, EAST] = 1.0
    q[1, EAST] = -1.0
    assert found.measure(picture(q)).gap == pytest.approx(0.75 - (-1 - 0.5 / (1 - 0.5))), "one step, then up into the wall for ever"


def test_values_that_have_grown_without_bound_are_infinitely_wrong() -> None:
    found = known(CORRIDOR)
    for value, error in ((1e200, np.inf), (np.inf, np.inf), (np.nan, np.nan)):
        measured = found.measure(picture(np.where(found.mdp.available, value, np.nan)))
        assert np.array_equal([measured.rms_error_q], [error], equal_nan=True)
        assert np.isnan(measured.gap) == np.isnan(value)


@pytest.mark.parametrize("name", ["grid/lecture-3x4", "grid/russell-norvig-4x3", "gym:FrozenLake-v1", "mdp/gambler-100", "gym:Taxi-v4"])
def test_optimal_tables_have_no_gap_and_no_error(name: str) -> None:
    found = known(open_world(name))
    measured = found.measure(Snapshot(Counters(), values=found.values, q=found.mdp.q_table(found.pair_values)))
    assert (measured.gap, measured.rms_error, measured.rms_error_q) == (0.0, 0.0, 0.0)


def drawn(world: World, seed: int) -> tuple[Truth, Any]:
    """The truth of a world and a policy at random."""
    found = known(world)
    mdp, rng = found.mdp, np.random.default_rng(seed)
    sizes = np.diff(mdp.state_offsets)
    return found, np.where(mdp.absorbing, -1, mdp.state_offsets[:-1] + rng.integers(np.maximum(sizes, 1)))


@pytest.mark.parametrize(
    "name", ["grid/discount-5x5", "grid/russell-norvig-4x3", "gym:FrozenLake8x8-v1", "make:garnet?states=60&seed=3", "grid/windy-7x10"]
)
def test_gaps_agree_with_linear_algebra(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = 0
    for seed in range(8):
        found, chosen = drawn(open_world(name), seed)
        mdp, gamma = found.mdp, found.discount
        gap = found.measure(picture(following_table(mdp, chosen))).gap
        if gamma == 1 and endless(mdp, one_hot(mdp, chosen)) is not None:
            continue
        exact = float(mdp.start @ (found.values - solve_policy(mdp, one_hot(mdp, chosen), gamma)[0]))
        assert gap == pytest.approx(exact, rel=2e-6, abs=1e-9)
        with monkeypatch.context() as patch:
            patch.setattr(shortfall, "SHORT", 1)
            assert found.measure(picture(following_table(mdp, chosen))).gap == pytest.approx(exact, rel=1e-9, abs=1e-9)
        ended += 1
    assert ended or gamma == 1


def test_where_nothing_may_be_solved_a_rough_gap_is_told_and_a_rougher_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    found, chosen = drawn(open_world("make:garnet?states=60&seed=3"), 0)
    q = following_table(found.mdp, chosen)
    exact = found.measure(picture(q)).gap
    monkeypatch.setattr(truth, "affordable", lambda _: False)
    outcomes = int(np.diff(found.mdp.outcome_offsets)[chosen].sum())
    told = []
    for sweeps in (1, 30, 60, 90, 120, 150, 180, 210, 240):
        monkeypatch.setattr(shortfall, "LONG", sweeps * outcomes)
        told.append(known(open_world("make:garnet?states=60&seed=3")).measure(picture(q)).gap)
    assert np.isnan(told[0]) and told[-1] == pytest.approx(exact, rel=1e-5)
    assert all(np.isnan(gap) or exact * 0.99 <= gap <= exact * (1 + 1e-9) for gap in told)


def test_a_policy_that_never_ends_has_no_gap_at_discount_1() -> None:
    found = known(CORRIDOR, discount=1.0)
    assert np.isnan(found.measure(picture(np.where(found.mdp.available, 0.0, np.nan))).gap)
    q = found.mdp.q_table(np.zeros(found.mdp.pairs))
    q[:3, EAST] = 1.0
    assert found.measure(picture(q)).gap == 0.0


def test_where_the_truth_is_not_known_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    endless_world = open_world("make:garnet?states=20&seed=3")
    assert sought(endless_world, discount=1.0) is None
    assert sought(endless_world, discount=0.9) is not None
    monkeypatch.setattr(truth, "MOST_LOOKUPS", 10)
    assert sought(endless_world, discount=0.9) is None
    monkeypatch.setattr(truth, "MOST_STATES", 10)
    session = Session(spec(steps=200))
    session.advance(Budget(UNBOUNDED))
    assert TRUTH not in session.history.view() and session.measured() is None
    assert session.units == 200


def test_the_truth_is_known_on_large_grids_not_where_anything_may_follow_anything() -> None:
    found = known(open_world("make:field?rows=100&columns=100&slip=0.1"))
    assert found.error < 1e-12 and found.measure(picture(found.mdp.q_table(found.pair_values))).gap == 0.0
    assert sought(open_world("make:garnet?states=2001&actions=2&branching=2")) is None


@pytest.mark.parametrize(("name", "method"), [("gym:CartPole-v1", "dqn"), ("grid/lecture-3x4", "value-iteration")])
def test_worlds_without_states_and_planners_are_not_measured(name: str, method: str) -> None:
    session = Session(spec(name, algorithm=method, steps=40))
    session.advance(Budget(UNBOUNDED))
    assert TRUTH not in session.history.view() and session.measured() is None


@pytest.mark.parametrize(("method", "config", "steps"), [("q-learning", {}, 5_000), ("dqn", {"learning_starts": 20, "widths": [16]}, 150)])
def test_how_the_work_is_split_changes_no_row(method: str, config: dict[str, Any], steps: int) -> None:
    whole, split = (Session(spec(algorithm=method, config=config, members=3, steps=steps, device="cpu")) for _ in range(2))
    whole.advance(Budget(UNBOUNDED))
    rng = np.random.default_rng(0)
    while not split.finished:
        split.advance(Budget(int(rng.integers(1, 1 + steps // 20))))
    same(rows(whole), rows(split))
    assert whole.returns() == split.returns()
    assert whole.units == split.units == steps
    assert set(rows(whole)["member"].tolist()) == {0, 1, 2}
    assert rows(whole)["step"][:4].tolist() == [FIRST] * 3 + [following(FIRST, 11)]
    assert np.isfinite(rows(whole)["gap"]).all() and np.isfinite(rows(whole)["rms_error_q"]).all()


@pytest.mark.parametrize(("members", "parts"), [(1, {"truth.PART": 1}), (6, {"truth.PART": 10**6, "meter.PART": 450})])
def test_a_long_measurement_is_made_in_parts_and_no_step_before_it_is_done(
    members: int, parts: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sweep at a time, or two members of 11 states and some more at a time; kept in the middle and gone on from: the same rows."""
    whole, split = (Session(spec(members=members, steps=300)) for _ in range(2))
    whole.advance(Budget(UNBOUNDED))
    for name, size in parts.items():
        monkeypatch.setattr(f"core.runs.{name}", size)
    assert split.advance(Budget(UNBOUNDED)).units == FIRST and not split.settled and not split.finished
    again, waited = Session.resume(split.spec, split.state()), 0
    assert again.units == FIRST
    while not split.advance(Budget(UNBOUNDED)).units:
        assert TRUTH not in split.history.view()
        waited += 1
    assert waited
    for session in (split, again):
        while not session.finished:
            session.advance(Budget(UNBOUNDED))
        assert session.units == whole.units and session.returns() == whole.returns()
        same(rows(session), rows(whole))
        same(session.history.view()[VISITS], whole.history.view()[VISITS])


def test_a_change_before_the_first_measurement_waits_for_the_truth_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regret until there is against the world before."""
    whole, split = (Session(spec(steps=300)) for _ in range(2))
    for session in (whole, split):
        session.advance(Budget(5))
    whole.change({"discount": 0.5})
    monkeypatch.setattr(truth, "PART", 1)
    parts = 0
    while not split.prepare():
        parts += 1
    split.change({"discount": 0.5})
    assert parts > 5 and split.units == 5
    for session in (whole, split):
        while not session.finished:
            session.advance(Budget(UNBOUNDED))
    same(rows(whole), rows(split))


def test_measuring_changes_nothing_that_is_learnt() -> None:
    measured, plain = (Session(spec(members=2, steps=3_000)) for _ in range(2))
    plain.meter.next = UNBOUNDED
    for session in (measured, plain):
        session.advance(Budget(UNBOUNDED))
    assert measured.returns() == plain.returns()
    np.testing.assert_array_equal(measured.learner.state()["q"], plain.learner.state()["q"])


def test_a_kept_run_goes_on_with_the_same_rows(tmp_path: Path) -> None:
    straight, stopped = (Session(spec(members=2, steps=4_000)) for _ in range(2))
    straight.advance(Budget(UNBOUNDED))
    stopped.advance(Budget(1_234))
    folder.save(stopped, tmp_path)
    again = folder.resume(tmp_path)
    again.advance(Budget(UNBOUNDED))
    same(rows(straight), rows(again))


def test_a_run_that_was_kept_without_measurements_goes_on_without() -> None:
    state = Session(spec(steps=300)).state()
    del state["meter"]
    again = Session.resume(spec(steps=300), state)
    again.advance(Budget(UNBOUNDED))
    assert again.finished and TRUTH not in again.history.view()


def test_learning_closes_the_gap_and_regret_adds_up() -> None:
    session = Session(spec(steps=30_000))
    session.advance(Budget(UNBOUNDED))
    found = rows(session)
    assert found["gap"][0] > 0 and found["gap"][-1] == 0
    assert found["rms_error"][-1] < 1e-3 < found["rms_error"][0]
    returns, last = session.returns()[0], int(found["episode"][-1])
    assert found["regret"][-1] == pytest.approx(last * 1.0 - sum(returns[:last]))


def test_the_best_return_counts_the_step_limit() -> None:
    steps = tuple(Transition(state=state, action="go", next=after, reward=1.0) for state, after in (("a", "b"), ("b", "a")))
    world = TableWorld(states=("a", "b"), actions=("go",), transitions=steps, discount=0.5, step_limit=7)
    assert known(world).best_return == 7.0
    assert np.isnan(known(world.model_copy(update={"step_limit": 0})).best_return)


def test_learners_of_a_fixed_policy_are_measured_against_it() -> None:
    world = open_world("mdp/chain-5")
    found = known(world, "policy-evaluation", policy="uniform")
    mdp = found.mdp
    sizes = np.diff(mdp.state_offsets)
    exact, _ = solve_policy(mdp, np.repeat(1 / np.maximum(sizes, 1), sizes), found.discount)
    np.testing.assert_allclose(found.values, exact, rtol=1e-9, atol=1e-9)
    measured = found.measure(Snapshot(Counters(), values=exact))
    assert measured.rms_error < 1e-9 and np.isnan(measured.gap) and np.isnan(measured.rms_error_q)
    assert np.isnan(found.best_return)
    session = Session(spec("mdp/chain-5", algorithm="td-0", steps=20_000))
    session.advance(Budget(UNBOUNDED))
    assert rows(session)["rms_error"][-1] < 0.1 * rows(session)["rms_error"][0]
    assert np.isnan(rows(session)["gap"]).all() and np.isnan(rows(session)["regret"]).all()


def test_a_long_run_has_few_measurements() -> None:
    for states in (4, 500, 2_500, 10_000):
        units, count = FIRST, 0
        while units < 10_000_000_000:
            units, count = following(units, states), count + 1
        assert count < 200


def test_the_command_line_tells_the_distance(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["train", "grid/lecture-3x4", "--algorithm", "q-learning", "--steps", "20000", "--members", "2"]
    assert run([*command, "--json"], lambda _: 0) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["gap"] == [0.0, 0.0] and all(0 <= error < 0.1 for error in found["rms_error"])
    assert run(command, lambda _: 0) == 0
    said = capsys.readouterr().out
    assert "Mean of 2 members: the greedy policy is optimal; values are off by " in said
    assert (
        distance([0.25], [0.5])
        == "The greedy policy earns 0.25 less than the optimal one, discounted; values are off by 0.5 (root mean square)."
    )
    assert distance([np.nan], [0.5]) == "Values are off by 0.5 (root mean square)."
    assert run(["train", "grid/lecture-3x4", "--algorithm", "value-iteration", "--json"], lambda _: 0) == 0
    assert json.loads(capsys.readouterr().out)["gap"] is None


def test_visits_and_step_sizes_are_measured_beside_the_truth() -> None:
    session = Session(spec(members=2, steps=2_000))
    session.advance(Budget(UNBOUNDED))
    view = session.history.view()
    found, against = view[VISITS], view[TRUTH]
    assert found["step"].tolist() == against["step"].tolist() and found["member"].tolist() == against["member"].tolist()
    assert (np.diff(found["visited"][::2]) >= 0).all() and found["visited"][-1] <= 10
    assert ((found["evenly"] >= 1) & (found["evenly"] <= found["visited"] + 1e-9)).all()
    assert (np.diff(found["step_size"][::2]) < 0.05).all() and found["step_size"][-1] < found["step_size"][0]


def test_a_step_size_that_counts_visits_is_the_mean_over_what_was_tried() -> None:
    config = algorithm("q-learning").config.model_validate({"step_size": "1/N"})
    shot = Snapshot(Counters(units=7), visits=np.array([4, 3]), tries=np.array([3, 1, 0, 3]))
    assert step_size(config, shot) == pytest.approx((1 / 4 + 1 / 2 + 1 / 4) / 3)
    assert step_size(config.model_copy(update={"step_size": Schedule(start=0.25)}), shot) == 0.25
    assert np.isnan(step_size(algorithm("value-iteration").config(), shot))


def test_a_world_too_large_for_the_truth_still_tells_its_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(truth, "MOST_STATES", 5)
    session = Session(spec(steps=500))
    session.advance(Budget(UNBOUNDED))
    assert TRUTH not in session.history.view() and len(session.history.view()[VISITS]["step"]) > 5
