"""Markov chains and reward processes against numbers known by hand and against what is sampled."""

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import WorldError
from core.worlds import chain
from core.worlds.library import open_world

LAZY = np.array([[0.9, 0.1, 0], [0.5, 0, 0.5], [0, 0.2, 0.8]])
RUIN = np.diag([0.6, 0.6, 0], -1) + np.diag([0, 0.4, 0.4], 1)
"""The gambler's ruin from 1 and 2 of 3 with heads 0.4; rows of zeros are absorbing."""


def test_the_stationary_distribution_solves_its_equation() -> None:
    mdp = chain.from_matrix(LAZY)
    found = chain.stationary(mdp)
    assert found == pytest.approx(np.array([10, 2, 5]) / 17)
    assert found @ LAZY == pytest.approx(found)
    assert (chain.matrix(mdp).toarray() == LAZY).all()
    assert np.array_equal(chain.stationary(chain.from_matrix(scipy.sparse.coo_array(LAZY))), found)


def test_a_periodic_chain_and_one_state_have_one_too() -> None:
    ring = np.roll(np.eye(5), 1, axis=1)
    assert chain.stationary(chain.from_matrix(ring)) == pytest.approx([0.2] * 5)
    assert chain.stationary(chain.from_matrix([[1.0]])).tolist() == [1]


def test_transient_states_have_no_share() -> None:
    assert chain.stationary(chain.from_matrix([[0.5, 0.5, 0], [0, 0, 1], [0, 1, 0]])) == pytest.approx([0, 0.5, 0.5])


def test_several_classes_have_one_each_and_no_common_one() -> None:
    mdp = chain.from_matrix(RUIN, state_names=["ruined", "one", "two", "rich"])
    assert [part.states.tolist() for part in chain.recurrent(mdp)] == [[0], [3]]
    assert [part.distribution.tolist() for part in chain.recurrent(mdp)] == [[1], [1]]
    with pytest.raises(WorldError, match="not unique: nothing leads from state 'ruined' to state 'rich' or back, there are 2"):
        chain.stationary(mdp)


def test_the_gamblers_ruin() -> None:
    """With odds q/p = 3/2: the chance from i of 3 is (1 - (q/p)^i) / (1 - (q/p)^3)."""
    found = chain.absorption(chain.from_matrix(RUIN))
    rich = (1 - 1.5 ** np.arange(4)) / (1 - 1.5**3)
    assert found.probability == pytest.approx(np.stack([1 - rich, rich], axis=1))
    assert found.steps == pytest.approx([0, 35 / 19, 40 / 19, 0])
    assert [part.tolist() for part in found.classes] == [[0], [3]]


def test_rewards_add_up() -> None:
    mdp = chain.from_matrix(RUIN, np.array([0, -1, -1, 0]))
    assert chain.total_reward(mdp) == pytest.approx(-chain.absorption(mdp).steps)
    assert chain.total_reward(mdp, 0.0) == pytest.approx([0, -1, -1, 0])
    paid = chain.from_matrix(LAZY, np.diag([1.0, 0, 0]), discount=0.9)
    assert chain.total_reward(paid) == pytest.approx(np.linalg.solve(np.eye(3) - 0.9 * LAZY, [0.9, 0, 0]))
    with pytest.raises(WorldError, match="state '0': rewards go on for ever"):
        chain.total_reward(paid, 1.0)
    assert chain.total_reward(chain.from_matrix(LAZY), 1.0).tolist() == [0, 0, 0]
    late = chain.from_matrix([[0.5, 0.5, 0], [0, 0, 1], [0, 1, 0]], [3.0, 0, 0], discount=1.0)
    assert chain.total_reward(late) == pytest.approx([6, 0, 0])


def test_the_random_walk_of_19_states_is_worth_a_straight_line() -> None:
    """Sutton and Barto (2018), example 7.1; from the middle of N states it takes (N + 1)² / 4 steps."""
    walk = open_world("mdp/random-walk-19").compile()
    assert chain.total_reward(walk) == pytest.approx([0, *np.arange(-0.9, 0.95, 0.1), 0], abs=1e-12)
    found = chain.absorption(walk)
    assert found.steps[10] == pytest.approx(100)
    assert found.probability[:, 1] == pytest.approx(np.arange(21) / 20)


def test_strens_chain_earns_3677_in_1000_steps() -> None:
    """Strens (2000), table 1: optimal 3677."""
    mdp = open_world("mdp/chain-5").compile()
    forward = chain.induced(mdp, np.zeros(5, int))
    assert 1000 * chain.stationary(forward) @ forward.expected_reward == pytest.approx(3676.8)
    assert chain.stationary(forward) == pytest.approx([0.2, 0.16, 0.128, 0.1024, 0.4096])


@settings(max_examples=25)
@given(st.integers(0, 1000), st.integers(1, 6), st.integers(1, 3))
def test_a_policy_makes_the_chain_that_its_probabilities_say(seed: int, states: int, actions: int) -> None:
    mdp = open_world(f"make:garnet?states={states}&actions={actions}&branching=1&seed={seed}").compile()
    policy = np.random.default_rng(seed).dirichlet(np.ones(actions), states)
    dense = np.zeros((states, actions, states))
    dense[mdp.pair_state, mdp.pair_action, mdp.next_state] = 1
    found = chain.induced(mdp, policy)
    assert chain.matrix(found).toarray() == pytest.approx(np.einsum("sa,san->sn", policy, dense))
    assert found.expected_reward == pytest.approx((policy * mdp.q_table(mdp.expected_reward)).sum(1))


def test_policies_and_tables_that_make_no_chain_are_named() -> None:
    mdp = open_world("mdp/three-state").compile()
    assert chain.induced(mdp, [0, 0, 1]).pairs == 3
    for policy, sentence in (
        ([0, 1, 1], r"state 's1': the policy's probabilities of the available actions add up to 0\."),
        (np.full((3, 3), 1 / 3), "state 's1'"),
        (np.full((3, 3), np.nan), "state 's0'"),
        ([0, 0], r"a policy has the shape \[3\] or \[3, 3\], not \[2\]"),
    ):
        with pytest.raises(WorldError, match=sentence):
            chain.induced(mdp, policy)
    for ask in (chain.matrix, chain.stationary, chain.absorption, chain.total_reward):
        with pytest.raises(WorldError, match="state 's0': a chain has one action in every state"):
            ask(mdp)
    cliff = open_world("gym:CliffWalking-v1").compile()
    with pytest.raises(WorldError, match="state '47': episodes end here, yet it has an action"):
        chain.matrix(chain.induced(cliff, np.ones(48, int)))


def test_sampled_paths_agree_with_what_is_expected() -> None:
    mdp = chain.from_matrix(RUIN, [0, -1, -1, 0], start=[0, 1, 0, 0])
    first, again = (chain.sample(mdp, 60, np.random.default_rng(3), 20_000) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert first.states.shape == (20_000, 61) and first.rewards.shape == (20_000, 60)
    assert (first.states[:, 0] == 1).all() and set(first.states[:, -1]) == {0, 3}
    rich = first.states[:, -1] == 3
    assert rich.mean() == pytest.approx(4 / 19, abs=0.01)
    assert first.lengths.mean() == pytest.approx(35 / 19, abs=0.04)
    assert np.array_equal(first.rewards.sum(axis=1), -first.lengths)


def test_a_long_path_spends_its_time_as_the_stationary_distribution_says() -> None:
    path = chain.sample(chain.from_matrix(LAZY), 4000, np.random.default_rng(0), 20)
    assert np.bincount(path.states.ravel()) / path.states.size == pytest.approx(np.array([10, 2, 5]) / 17, abs=0.02)
    assert (path.lengths == 4000).all()
