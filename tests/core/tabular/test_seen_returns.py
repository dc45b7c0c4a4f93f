"""The discounted return that was seen from each step of an episode on, averaged over them: beside mean Q, it says who overestimates."""

import numpy as np
import pytest

from core.learner import Budget, Task
from core.registry import Algorithm, algorithms, family
from core.runs.session import Session
from core.runs.spec import RunSpec, unsuitable
from core.worlds.grid import GridWorld
from core.worlds.library import open_world

GAMMA = 0.9
TABULAR = [algorithm for algorithm in algorithms().values() if family(algorithm.name) == "tabular"]
WALKERS = [algorithm for algorithm in TABULAR if algorithm.needs != "bandit"]
COSTLY = GridWorld(map=("S..", ".#.", "..G"), living_reward=-1.0, goal_reward=0.0, step_limit=40)
"""Every step earns -1: the episode's length tells all its returns."""


def expected(length: int) -> float:
    """From the k-th step before the end on, -(1 + gamma + ... + gamma^(k - 1)) was seen."""
    return float(np.mean([-(1 - GAMMA**left) / (1 - GAMMA) for left in range(1, length + 1)]))


@pytest.mark.parametrize("algorithm", WALKERS, ids=lambda algorithm: algorithm.name)
def test_it_is_the_mean_over_the_steps_of_the_episode(algorithm: Algorithm) -> None:
    learner = algorithm.build(Task(COSTLY, algorithm.config(discount=GAMMA), 1, 2))
    episodes = []
    for size in (1, 7, 400, 1, 300):
        episodes += [rows.columns for rows in learner.advance(Budget(size)).rows if rows.channel == "episodes"]
    lengths = np.concatenate([columns["length"] for columns in episodes])
    seen = np.concatenate([columns["discounted"] for columns in episodes])
    assert len(set(lengths.tolist())) > 3
    np.testing.assert_allclose(seen, [expected(length) for length in lengths.tolist()], atol=1e-9)


@pytest.mark.parametrize("algorithm", [each for each in TABULAR if each.needs == "bandit"], ids=lambda algorithm: algorithm.name)
def test_of_a_bandit_it_is_what_the_pull_earned(algorithm: Algorithm) -> None:
    world = open_world("mdp/ten-armed-testbed")
    assert not unsuitable(algorithm, world)
    for rows in algorithm.build(Task(world, algorithm.config(), 1)).advance(Budget(50)).rows:
        if rows.channel == "episodes":
            np.testing.assert_array_equal(rows.columns["discounted"], rows.columns["return"])


def test_a_run_from_before_it_was_kept_goes_on_and_learns_it_with_the_next_episode() -> None:
    session = Session(RunSpec(world=COSTLY, algorithm="q-learning", config={"discount": GAMMA}, steps=1000))
    while not session.learner.place[0, 3]:  # type: ignore[attr-defined]
        session.advance(Budget(1))
    state = session.state()
    state["learner"]["totals"] = state["learner"]["totals"][:, :3]
    again = Session(session.spec)
    again.restore(state)
    again.advance(Budget(200))
    episodes = again.history.view()["episodes"]
    new = episodes["episode"] >= session.learner.place[0, 2]  # type: ignore[attr-defined]
    assert np.isnan(episodes["discounted"][new][0]) and new.sum() > 2
    lengths = episodes["length"][new][1:].tolist()
    np.testing.assert_allclose(episodes["discounted"][new][1:], [expected(length) for length in lengths], atol=1e-9)
