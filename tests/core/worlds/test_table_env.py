"""Finite MDPs as gymnasium environments, and gymnasium's tables as finite MDPs."""

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.stats
from gymnasium.utils.env_checker import check_env

from core.errors import WorldError
from core.worlds.build import from_gymnasium
from core.worlds.grid import GridWorld
from core.worlds.gym import GymWorld
from core.worlds.library import open_world
from core.worlds.mdp import FiniteMDP
from core.worlds.table_env import TableEnv

LAKE = GridWorld(map=("S..", ".T.", "..G"), slip=0.2, living_reward=-0.5, step_limit=40).compile()


@pytest.mark.parametrize("name", ["mdp/chain-5", "grid/windy-king-7x10", "mdp/random-walk-19", "grid/frozen-lake-4x4"])
def test_gymnasiums_own_check_passes(name: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*(not wrapped|No render modes|not registered|spec).*")
        check_env(TableEnv(open_world(name).compile()), skip_render_check=True)


def test_transitions_are_as_likely_as_the_table_says() -> None:
    """Chi-square over the outcomes of every pair, from 30,000 random steps; seeded, so it fails never or always."""
    env, actions = TableEnv(LAKE), np.random.default_rng(1)
    seen = np.zeros((LAKE.states, 4, LAKE.states))
    state, _ = env.reset(seed=0)
    for _ in range(30_000):
        action = int(actions.integers(4))
        following, reward, terminated, truncated, info = env.step(action)
        seen[state, action, following] += 1
        assert reward == [-0.5, 0.5, -1.5][(following == 8) + 2 * (following == 4)] and terminated == (following in (4, 8))
        assert np.array_equal(info["action_mask"], LAKE.available[following])
        state = env.reset()[0] if terminated or truncated else following
    statistic, freedom = 0.0, 0
    for pair, (state, action) in enumerate(zip(LAKE.pair_state, LAKE.pair_action, strict=True)):
        part = slice(LAKE.outcome_offsets[pair], LAKE.outcome_offsets[pair + 1])
        row, expected = seen[state, action], np.zeros(LAKE.states)
        np.add.at(expected, LAKE.next_state[part], LAKE.probability[part])
        assert row.sum() == row[expected > 0].sum() > 0
        expected = expected[expected > 0] * row.sum()
        statistic += float(((row[seen[state, action] > 0] - expected) ** 2 / expected).sum())
        freedom += len(expected) - 1
    assert 0.001 < scipy.stats.chi2.sf(statistic, freedom) < 0.999


def same_values(first: FiniteMDP, second: FiniteMDP) -> None:
    """Three sweeps of value iteration from zero agree."""
    values = np.zeros(first.states)
    for _ in range(3):
        tables = [
            mdp.q_table(mdp.expected_reward + 0.9 * np.add.reduceat(mdp.continuation * values[mdp.next_state], mdp.outcome_offsets[:-1]))
            for mdp in (first, second)
        ]
        known = ~np.isnan(tables[0])
        assert tables[0][known] == pytest.approx(tables[1][known])
        values = np.fmax.reduce(tables[0], axis=1, initial=-np.inf)
        values[first.absorbing] = 0


@pytest.mark.parametrize("name", ["mdp/three-state", "grid/frozen-lake-4x4", "mdp/gambler-100"])
def test_the_table_in_gymnasiums_form_says_the_same(name: str) -> None:
    mdp = open_world(name).compile()
    env = TableEnv(mdp)
    again = from_gymnasium(env.P, action_names=mdp.action_names, start=env.initial_state_distrib)
    same_values(mdp, again)
    assert all(len(env.P[int(state)]) == mdp.actions for state in np.flatnonzero(mdp.absorbing))


def test_an_unavailable_action_and_a_finished_episode_are_named() -> None:
    env = TableEnv(open_world("mdp/seoul-busan").compile())
    state, info = env.reset(seed=0)
    assert state == 0 and info["action_mask"].tolist() == [1, 1, 0]
    with pytest.raises(WorldError, match=r"state 'Seoul': action 2 is not available\. Choose one that info\['action_mask'\] allows"):
        env.step(2)
    assert env.step(1)[:4] == (2, -50.0, False, False)
    assert env.step(2)[:4] == (3, -35.0, True, False)
    with pytest.raises(WorldError, match=r"state 'Busan': the episode is over\. Call reset"):
        env.step(0)


def test_it_is_truncated_at_the_step_limit() -> None:
    env = TableEnv(GridWorld(map=("S.G",), step_limit=2).compile())
    env.reset(seed=0)
    assert [env.step(3)[2:4] for _ in range(2)] == [(False, False), (False, True)]


@pytest.mark.parametrize(
    ("identifier", "arguments", "states", "actions", "outcomes", "starts", "limit"),
    [
        ("FrozenLake-v1", {}, 16, 4, 3, 1, 100),
        ("FrozenLake-v1", {"is_slippery": False}, 16, 4, 1, 1, 100),
        ("FrozenLake8x8-v1", {}, 64, 4, 3, 1, 200),
        ("CliffWalking-v1", {}, 48, 4, 1, 1, 0),
        ("CliffWalkingSlippery-v1", {}, 48, 4, 3, 1, 0),
        ("Taxi-v4", {}, 500, 6, 1, 300, 200),
        ("Taxi-v4", {"is_rainy": True}, 500, 6, 3, 300, 200),
    ],
)
def test_gymnasiums_tables_open(
    identifier: str, arguments: dict[str, Any], states: int, actions: int, outcomes: int, starts: int, limit: int
) -> None:
    world = GymWorld(id=identifier, arguments=arguments)
    mdp = world.compile()
    env = world.make()
    assert (mdp.states, mdp.actions, mdp.step_limit) == (states, actions, limit)
    assert np.diff(mdp.outcome_offsets).max() == outcomes
    assert (mdp.start > 0).sum() == starts and mdp.start == pytest.approx(env.unwrapped.initial_state_distrib)  # type: ignore[attr-defined]
    for seed in range(5):
        assert mdp.start[env.reset(seed=seed)[0]] > 0
    env.close()
