"""The contract of every algorithm, walked through the registry: a new one is tested by existing."""

import ast
import operator
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from core.learner import Budget, Learner, Task
from core.registry import FAMILIES, Algorithm, algorithms, family
from core.runs.session import Session
from core.runs.spec import RunSpec, unsuitable
from core.worlds.copies import make_environment
from core.worlds.library import open_world
from core.worlds.screen import missing
from tests.games import GAME

ROOT = Path(__file__).parents[2]
WORLDS = ("grid/lecture-3x4", "mdp/three-state", "gym:CartPole-v1", *(() if missing() else (GAME,)))
SCREENED = ("dqn", "pqn")
"""Learners that are tested on a game, which takes long to begin: they keep what was seen in two ways."""
BANDITS = ("mdp/ten-armed-testbed",)
CASES = [
    pytest.param(algorithm, name, id=f"{algorithm.name}-{name}")
    for algorithm in algorithms().values()
    for name in (BANDITS if algorithm.needs == "bandit" else WORLDS)
    if not unsuitable(algorithm, open_world(name)) and (name != GAME or algorithm.name in SCREENED)
]
QUICK = {"learning_starts": 20, "batch_size": 8, "buffer_size": 60, "widths": (16,), "target_every": 3}
QUICK |= {"reward_clip": 0.5, "life_loss": True}
QUICK |= {"environments": 3, "rollout": 5, "minibatches": 3}
"""Small values for those settings that an algorithm has."""
WORK = 90


def quick(algorithm: Algorithm) -> dict[str, Any]:
    return {key: value for key, value in QUICK.items() if key in algorithm.config.model_fields}


def made(algorithm: Algorithm, name: str, members: int = 1, seed: int = 3) -> Learner:
    return algorithm.build(Task(open_world(name), algorithm.config(**quick(algorithm)), seed, members, "cpu"))


def same(a: Any, b: Any, path: str = "") -> None:
    """Assert that two state trees are equal to the bit."""
    assert type(a) is type(b), path
    if isinstance(a, dict):
        assert a.keys() == b.keys(), path
        for key in a:
            same(a[key], b[key], f"{path}/{key}")
    elif isinstance(a, np.ndarray):
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), path
    else:
        assert a == b, path


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_how_the_work_is_split_changes_nothing(algorithm: Algorithm, name: str, members: int) -> None:
    whole, split = made(algorithm, name, members), made(algorithm, name, members)
    whole.advance(Budget(WORK))
    done = sum(split.advance(Budget(1)).units for _ in range(30))
    while done < WORK:
        progress = split.advance(Budget(min(17, WORK - done)))
        done += progress.units
        if progress.finished:
            break
    for member in range(members):
        assert whole.snapshot(member).counters == split.snapshot(member).counters
    same(whole.state(), split.state())


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_a_restored_learner_goes_on_as_if_it_had_never_stopped(algorithm: Algorithm, name: str, members: int) -> None:
    straight, stopped = made(algorithm, name, members), made(algorithm, name, members)
    straight.advance(Budget(WORK))
    stopped.advance(Budget(WORK // 2 + 1))
    again = made(algorithm, name, members, seed=99)
    again.restore(stopped.state())
    again.advance(Budget(WORK - WORK // 2 - 1))
    same(straight.state(), again.state())


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_a_member_does_not_depend_on_the_others(algorithm: Algorithm, name: str) -> None:
    alone, among = made(algorithm, name), made(algorithm, name, members=3)
    for learner in (alone, among):
        learner.advance(Budget(60))
    mine, theirs = alone.snapshot(), among.snapshot()
    assert mine.counters == theirs.counters
    for quantity in ("values", "q", "visits", "observation"):
        first, second = getattr(mine, quantity), getattr(theirs, quantity)
        if first is not None:
            np.testing.assert_allclose(first, second, rtol=1e-4, atol=1e-5)
    streams = alone.state().get("streams")
    if streams is not None:
        assert streams["0"] == among.state()["streams"]["0"]


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_a_snapshot_is_a_copy(algorithm: Algorithm, name: str) -> None:
    learner = made(algorithm, name)
    learner.advance(Budget(WORK))
    before = learner.state()
    snapshot = learner.snapshot()
    for quantity in ("values", "q", "visits", "observation", "action_values"):
        array = getattr(snapshot, quantity)
        if array is not None and array.flags.writeable:
            array[...] = 77
    same(before, learner.state())


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_the_values_of_many_observations_are_those_of_each(algorithm: Algorithm, name: str) -> None:
    learner = made(algorithm, name, members=2)
    learner.advance(Budget(WORK))
    environment = make_environment(open_world(name), Generator(PCG64(5)))
    observations, expected = [], []
    for _ in range(12):
        observations.append(environment.observation)
        expected.append(learner.action_values(environment, 1))
        outcome = environment.step(int(np.flatnonzero(environment.mask)[0]))
        if outcome.terminated or outcome.truncated:
            environment.reset()
    before = learner.state()
    values = learner.values_of(np.stack(observations), 1)
    same(before, learner.state())
    if family(algorithm.name) in ("linear", "deep"):
        assert values is not None and values.dtype == np.float64 and values.shape == (12, len(expected[0]))
        there = ~np.isnan(np.stack(expected))
        np.testing.assert_allclose(values[there], np.stack(expected)[there], rtol=1e-5, atol=1e-6)
    else:
        assert values is None


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_work_stops_at_a_boundary(algorithm: Algorithm, name: str) -> None:
    learner = made(algorithm, name)
    progress = learner.advance(Budget(10_000, boundaries=2))
    assert progress.boundaries == 2 or progress.finished
    assert 0 < progress.units <= 10_000
    assert learner.advance(Budget(0)).units == 0


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_a_limit_in_episodes_does_not_depend_on_the_split_either(algorithm: Algorithm, name: str) -> None:
    """Members end episodes at their own pace; the slowest one counts, however often the work is interrupted."""
    specification = {"world": open_world(name), "algorithm": algorithm.name, "config": quick(algorithm), "members": 3, "episodes": 4}
    whole, split = (Session(RunSpec.model_validate(specification | {"device": "cpu"})) for _ in range(2))
    whole.advance(Budget(100_000))
    while not split.finished:
        split.advance(Budget(7))
    assert whole.finished
    assert (whole.units, whole.boundaries) == (split.units, split.boundaries)
    same(whole.learner.state(), split.learner.state())


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_an_explanation_recomputes_to_what_was_stored(algorithm: Algorithm, name: str) -> None:
    learner = made(algorithm, name)
    assert learner.explain() is None
    explained = 0
    for budget in [*[Budget(1)] * 60, Budget(10_000, boundaries=1)]:
        learner.advance(budget)
        explanation = learner.explain()
        if explanation is not None:
            explained += 1
            values = {symbol: term.value for symbol, term in explanation.terms.items()}
            assert compute(explanation.formula, values) == pytest.approx(explanation.result, rel=1e-5, abs=1e-5)
    assert explained


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_the_result_of_an_explanation_is_what_was_stored(algorithm: Algorithm, name: str) -> None:
    """Of an error, that which moved the value; of a value, the one in the table. Dyna plans on afterwards: here it does not."""
    alone = {"planning_steps": 0} if algorithm.name.startswith("dyna") else {}
    learner = algorithm.build(Task(open_world(name), algorithm.config(**quick(algorithm) | alone), 3, 1, "cpu"))
    compared = 0
    for budget in [*[Budget(1)] * 60, Budget(10_000, boundaries=1)]:
        learner.advance(budget)
        told, shot = learner.explain(), learner.snapshot()
        if told is None:
            continue
        if told.equation.startswith("δ"):
            assert told.result == told.error
            compared += 1
        elif told.equation[1] in "₁₂":
            assert told.result in learner.state()["both"]
            compared += 1
        elif told.state is not None:
            stored = shot.values if told.equation.startswith("V") else shot.q
            place = told.state if told.equation.startswith("V") else (told.state, told.action)
            assert stored is not None and stored[place] == told.result
            compared += 1
    assert compared


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_an_explanation_says_what_was_updated_and_what_was_looked_up(algorithm: Algorithm, name: str) -> None:
    world = open_world(name)
    learner = made(algorithm, name)
    for budget in [*[Budget(1)] * 60, Budget(10_000, boundaries=1)]:
        learner.advance(budget)
        explanation = learner.explain()
        if explanation is None:
            continue
        if not world.finite:
            assert explanation.state is None and not explanation.following
            continue
        mdp = world.compile()
        assert explanation.state is not None and not mdp.absorbing[explanation.state]
        weights = dict(explanation.following)
        assert len(weights) == len(explanation.following) and set(weights) <= set(range(mdp.states))
        assert not weights or sum(weights.values()) == pytest.approx(1, abs=1e-6)
        assert all(term.state is None or 0 <= term.state < mdp.states for term in explanation.terms.values())
        if explanation.action is not None:
            pair = mdp.pair_of(explanation.state, explanation.action)
            outcomes = slice(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1])
            assert (
                "n-step" in algorithm.name or algorithm.name in ("pqn", "rainbow") or set(weights) <= set(mdp.next_state[outcomes].tolist())
            )
        if {"q", "alpha"} <= explanation.terms.keys() and "trace" not in explanation.terms:
            moved = explanation.result - explanation.terms["q"].value
            assert explanation.error is not None
            assert moved == pytest.approx(explanation.terms["alpha"].value * explanation.error, abs=1e-9)


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_where_the_agent_is_is_what_its_snapshot_says(algorithm: Algorithm, name: str) -> None:
    learner = made(algorithm, name, members=2)
    for budget in (Budget(0), Budget(7), Budget(WORK)):
        learner.advance(budget)
        for member in range(2):
            shot = learner.snapshot(member)
            assert learner.where(member) == (shot.counters.episodes, shot.state)


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_traces_and_behaviour_fit_the_world(algorithm: Algorithm, name: str) -> None:
    learner = made(algorithm, name)
    learner.advance(Budget(5))
    shot = learner.snapshot()
    if shot.traces is not None and shot.values is not None:
        assert shot.traces.shape == (shot.values.shape if shot.q is None else shot.q.shape)
        assert np.nanmax(shot.traces) > 0 and np.nanmin(shot.traces) >= 0
    if shot.behaviour is not None:
        assert 0 <= shot.behaviour.epsilon <= 1 and shot.behaviour.temperature >= 0


@pytest.mark.parametrize(("algorithm", "name"), CASES)
def test_rows_are_equally_long_and_numbered(algorithm: Algorithm, name: str) -> None:
    for rows in made(algorithm, name, members=2).advance(Budget(WORK)).rows:
        assert len({len(column) for column in rows.columns.values()}) == 1
        assert len(rows)
        assert next(iter(rows.columns)) == rows.channel.removesuffix("s")
        assert set(rows.columns["member"].tolist()) <= {0, 1}


@pytest.mark.parametrize("algorithm", algorithms().values(), ids=lambda algorithm: algorithm.name)
def test_an_algorithm_says_what_it_is(algorithm: Algorithm) -> None:
    assert algorithm.title and algorithm.summary.endswith(".") and algorithm.source
    assert family(algorithm.name) in FAMILIES
    for name, info in algorithm.config.model_fields.items():
        assert info.title and info.description and info.description.endswith("."), name
    theory = sys.modules[algorithm.build.__module__].__doc__ or ""
    assert "Deviations from" in theory


def test_declaring_algorithms_imports_neither_torch_nor_numba() -> None:
    heavy = "[name for name in ('torch', 'numba', 'gymnasium') if name in sys.modules]"
    code = f"import sys; from core.registry import algorithms; algorithms(); print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


OPERATORS: dict[type, Any] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def compute(formula: str, values: dict[str, float]) -> float:
    """Evaluate arithmetic over named values."""

    def walk(node: ast.AST) -> float:
        match node:
            case ast.Expression(body=body):
                return walk(body)
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATORS[type(op)](walk(left), walk(right))
            case ast.Name(id=name):
                return values[name]
            case ast.Constant(value=value):
                return float(value)
            case ast.Call(func=ast.Name(id="max"), args=arguments):
                return max(walk(argument) for argument in arguments)
        raise AssertionError(ast.dump(node))

    return walk(ast.parse(formula, mode="eval"))
