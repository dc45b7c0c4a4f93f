"""Updates against numbers worked out by hand and against the textbook's formulas written with whole vectors."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import ValuescapeError
from core.learner import Budget, Learner, Task
from core.linear.engine.learner import LinearLearner
from core.linear.engine.memory import ACTION, LAST, choose
from core.linear.q_learning import ALGORITHM as Q_LEARNING
from core.linear.sarsa_lambda import ALGORITHM as SARSA
from core.registry import Algorithm
from core.worlds.environment import Outcome
from core.worlds.gym import GymWorld
from core.worlds.library import open_world

Floats = NDArray[np.float64]
CAR = "gym:MountainCar-v0"
BOTH = pytest.mark.parametrize("algorithm", [SARSA, Q_LEARNING], ids=lambda algorithm: algorithm.name)


def made(algorithm: Algorithm, name: str = CAR, **settings: Any) -> LinearLearner:
    world = open_world(name)
    learner = algorithm.build(Task(world, algorithm.config.model_validate(settings), seed=4))
    assert isinstance(learner, LinearLearner)
    return learner


def features(learner: LinearLearner, action: int) -> Floats:
    """[A F] x(s, a) of the present observation."""
    memory = learner.memories[0]
    x = np.zeros(memory.weights.shape)
    np.add.at(x[action], memory.active[0], memory.value[0])
    return x.reshape(-1)


def rates(learner: LinearLearner, action: int) -> Floats:
    """[A F] alpha of each feature, as a multiple of the setting."""
    memory = learner.memories[0]
    rate = np.zeros(memory.weights.shape)
    rate[action, memory.active[0]] = learner.basis.rates
    return rate.reshape(-1)


def test_one_update_by_hand() -> None:
    """Reward -1, all weights 0 at first: 4 tilings, alpha 1/2, so each of 4 weights takes an eighth of the error."""
    for algorithm in (SARSA, Q_LEARNING):
        learner = made(algorithm, step_size=0.5, epsilon=0.0, tilings=4, discount=1.0)
        memory = learner.memories[0]
        action, active = int(memory.place[ACTION]), memory.active[0].copy()
        learner.advance(Budget(1))
        expected = np.zeros(memory.weights.shape)
        expected[action, active] = -1 / 8
        np.testing.assert_array_equal(memory.weights, expected)
        error, q = memory.last[LAST.index("error")], memory.last[LAST.index("q")]
        assert (error, q) == (-1.0, 0.0)
        learner.close()


@pytest.mark.parametrize(
    ("trace", "basis"),
    [("dutch", "tiles"), ("dutch", "fourier"), ("accumulating", "tiles"), ("accumulating", "fourier"), ("replacing", "tiles")],
)
def test_traces_follow_the_printed_formulas(trace: str, basis: str) -> None:
    """A hundred and fifty steps with sparse traces against the same with whole vectors."""
    learner = made(SARSA, trace=trace, features=basis, step_size=0.2, epsilon=0.3, tilings=4, tiles=3, discount=0.95, trace_decay=0.8)
    memory = learner.memories[0]
    w, e, before = memory.weights.reshape(-1).copy(), np.zeros(memory.weights.size), 0.0
    for step in range(150):
        action = int(memory.place[ACTION])
        x, alpha = features(learner, action), 0.2 * rates(learner, action)
        learner.advance(Budget(1))
        following = features(learner, int(memory.place[ACTION]))
        q, q_next = w @ x, w @ following
        delta = -1 + 0.95 * q_next - q
        e *= 0.95 * 0.8
        if trace == "dutch":
            e += alpha * x * (1 - e @ x)
            before = q if step == 0 else before
            w += (delta + q - before) * e - alpha * x * (q - before)
        else:
            e = np.where(x != 0, alpha * x, e) if trace == "replacing" else e + alpha * x
            w += delta * e
        before = q_next
        assert memory.last[LAST.index("error")] == pytest.approx(delta, abs=1e-4)
        np.testing.assert_allclose(memory.weights.reshape(-1), w, atol=1e-4)
    learner.close()


def test_with_lambda_0_all_traces_are_one_step_sarsa() -> None:
    kinds = [made(SARSA, trace=trace, trace_decay=0.0, epsilon=0.2) for trace in ("dutch", "accumulating", "replacing")]
    for learner in kinds:
        learner.advance(Budget(500))
    for learner in kinds[1:]:
        np.testing.assert_allclose(learner.memories[0].weights, kinds[0].memories[0].weights, atol=1e-9)
    assert np.abs(kinds[0].memories[0].weights).max() > 0.01


def test_q_learning_looks_at_the_best_action_wherever_it_goes() -> None:
    learner = made(Q_LEARNING, step_size=0.2, epsilon=0.5, tilings=4, tiles=3, discount=0.95)
    memory = learner.memories[0]
    w = memory.weights.reshape(-1).copy()
    for _ in range(150):
        action = int(memory.place[ACTION])
        x, alpha = features(learner, action), 0.2 * rates(learner, action)
        learner.advance(Budget(1))
        w += (-1 + 0.95 * max(w @ features(learner, other) for other in range(3)) - w @ x) * alpha * x
        np.testing.assert_allclose(memory.weights.reshape(-1), w, atol=1e-12)
    learner.close()


@BOTH
def test_termination_is_worth_nothing_and_truncation_is_bootstrapped(algorithm: Algorithm) -> None:
    for terminated in (True, False):
        learner = made(algorithm, initial_value=7.0, discount=0.5, step_size=1.0, epsilon=0.0)
        memory, environment = learner.memories[0], learner.environments[0]
        environment.step(int(memory.place[ACTION]))
        learner.learn(memory, environment, Outcome(2.0, terminated, not terminated), 0.5)
        last = dict(zip(LAST, memory.last.tolist(), strict=True))
        assert last["following"] == pytest.approx(0.0 if terminated else 7.0)
        assert last["error"] == pytest.approx(2.0 - 7.0 if terminated else 2.0 + 3.5 - 7.0)
        explained = learner.explain()
        assert explained is not None and ("terminated" in explained.terms["following"].meaning) is terminated
        learner.close()


@BOTH
@pytest.mark.parametrize("basis", ["tiles", "fourier"])
def test_an_optimistic_start_is_worth_the_same_everywhere(algorithm: Algorithm, basis: str) -> None:
    learner = made(algorithm, features=basis, initial_value=12.5)
    environment = learner.environments[0]
    for _ in range(20):
        np.testing.assert_allclose(learner.action_values(environment), 12.5)
        environment.step(2)
    learner.close()


def test_one_draw_chooses() -> None:
    q, mask = np.array([1.0, 3.0, 3.0, 9.0]), np.array([True, True, True, False])
    draws = (np.arange(3000) + 0.5) / 3000
    greedy = np.bincount([choose(q, mask, 0.0, draw) for draw in draws], minlength=4)
    mixed = np.bincount([choose(q, mask, 0.3, draw) for draw in draws], minlength=4)
    assert greedy.tolist() == [0, 1500, 1500, 0]
    assert mixed.tolist() == [300, 1350, 1350, 0]
    assert choose(q, mask, 1.0, 1.0 - 2**-53) == 2


@BOTH
@pytest.mark.parametrize("settings", [{"features": "fourier"}, {"weights": 500}, {"step_size": "linear(0.5, 0.1, 300)"}])
def test_a_restored_learner_goes_on_bit_for_bit(algorithm: Algorithm, settings: dict[str, Any]) -> None:
    world = open_world("gym:Acrobot-v1" if "weights" in settings else CAR)
    straight, stopped, again = (
        algorithm.build(Task(world, algorithm.config.model_validate(settings), seed, members=2)) for seed in (1, 1, 2)
    )
    straight.advance(Budget(700))
    stopped.advance(Budget(333))
    again.restore(stopped.state())
    again.advance(Budget(367))
    for member in ("0", "1"):
        mine, theirs = straight.state()["members"][member], again.state()["members"][member]
        for name in ("weights", "trace", "place", "totals", "last"):
            np.testing.assert_array_equal(mine[name], theirs[name])
        assert mine["streams"] == theirs["streams"]
    close(straight, stopped, again)


def close(*learners: Learner) -> None:
    for learner in learners:
        learner.close()


@BOTH
def test_a_grid_is_learnt_as_a_table_is(algorithm: Algorithm) -> None:
    learner = made(algorithm, "grid/lecture-3x4", step_size="power(0.3, 0.005, 5000)", epsilon=0.1)
    learner.advance(Budget(40_000))
    snapshot = learner.snapshot()
    assert snapshot.q is not None and snapshot.values is not None
    mdp = learner.mdp
    assert mdp is not None
    assert np.isnan(snapshot.q).tolist() == (~mdp.available).tolist()
    start = int(np.argmax(mdp.start))
    assert 0.3 < snapshot.values[start] < 0.75


@BOTH
def test_values_beyond_all_bounds_end_the_run_with_a_sentence(algorithm: Algorithm) -> None:
    learner = made(algorithm)
    learner.advance(Budget(10))
    learner.memories[0].weights[:] = 1e308
    with pytest.raises(ValuescapeError, match=r"member 0 grew beyond all bounds by step 11\. Lower the step size"):
        learner.advance(Budget(10))
    learner.close()


@pytest.fixture
def tiny() -> Iterator[GymWorld]:
    yield GymWorld(id="CartPole-v1", step_limit=20)


def test_rows_tell_of_every_episode(tiny: GymWorld) -> None:
    learner = SARSA.build(Task(tiny, SARSA.config.model_validate({"epsilon": "linear(1, 0, 1000)"}), seed=1, members=2))
    rows = [rows for _ in range(50) for rows in learner.advance(Budget(20)).rows]
    episodes = [row for row in rows if row.channel == "episodes" and row.columns["member"][0] == 1]
    updates = [row for row in rows if row.channel == "updates" and row.columns["member"][0] == 1]
    numbers = np.concatenate([row.columns["episode"] for row in episodes])
    lengths = np.concatenate([row.columns["length"] for row in episodes])
    steps = np.concatenate([row.columns["step"] for row in episodes])
    assert numbers.tolist() == list(range(len(numbers)))
    assert np.cumsum(lengths).tolist() == steps.tolist() and lengths.max() == 20
    assert np.concatenate([row.columns["return"] for row in episodes]).tolist() == lengths.tolist()
    epsilon = np.concatenate([row.columns["epsilon"] for row in updates])
    np.testing.assert_allclose(epsilon, 1 - (steps - 1) / 1000)
    assert set(updates[0].columns) == {"update", "member", "step", "td_error", "q_mean", "epsilon", "step_size"}
    discounts = learner.discount ** np.arange(20)
    for length, seen in zip(lengths, np.concatenate([row.columns["discounted"] for row in episodes]), strict=True):
        assert seen == pytest.approx(np.mean([discounts[:left].sum() for left in range(1, length + 1)]))
    learner.close()


@pytest.mark.parametrize("trace", ["accumulating", "replacing"])
def test_in_a_world_of_states_the_traces_are_those_of_their_actions(trace: str) -> None:
    """What the newest error moved each value by: its trace times the error."""
    learner = made(SARSA, "grid/lecture-3x4", trace=trace, trace_decay=0.8, step_size=0.1)
    compared = 0
    for _ in range(30):
        before = learner.snapshot()
        learner.advance(Budget(1))
        after, told = learner.snapshot(), learner.explain()
        assert before.q is not None and after.q is not None and after.traces is not None and told is not None and told.error is not None
        assert after.traces.shape == after.q.shape and np.array_equal(np.isnan(after.traces), np.isnan(after.q))
        if after.counters.episodes == before.counters.episodes:
            np.testing.assert_allclose(after.q - before.q, told.error * after.traces, atol=1e-12)
            assert after.traces[told.state, told.action] >= 0.1 - 1e-12
            compared += 1
    assert compared > 20


def test_where_weights_belong_to_no_state_there_are_no_traces_to_show() -> None:
    assert made(SARSA).snapshot().traces is None and made(Q_LEARNING, "grid/lecture-3x4").snapshot().traces is None


def test_traces_of_runs_that_were_kept_with_one_for_each_weight_are_read() -> None:
    learner = made(SARSA)
    learner.advance(Budget(30))
    state, again = learner.state(), made(SARSA)
    kept = state["members"]["0"]
    dense = np.zeros(learner.memories[0].trace.size)
    dense[kept.pop("traced")] = kept["trace"]
    assert 0 < len(kept["trace"]) < dense.size
    kept["trace"] = dense
    again.restore(state)
    again.advance(Budget(20))
    learner.advance(Budget(20))
    assert np.array_equal(again.memories[0].weights, learner.memories[0].weights)
