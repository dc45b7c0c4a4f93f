"""Dense and sparse arrays become the table that their rows would make, and what does not fit is named."""

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import WorldError
from core.worlds.arrays import from_arrays, from_sparse
from core.worlds.build import from_rows
from core.worlds.mdp import FiniteMDP

ARRAYS = [name for name in FiniteMDP.__dataclass_fields__ if name not in ("discount", "step_limit", "state_names", "action_names")]


def same(first: FiniteMDP, second: FiniteMDP) -> None:
    for name in ARRAYS:
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert (first.state_names, first.action_names) == (second.state_names, second.action_names)


def random(seed: int, states: int, actions: int) -> tuple[np.ndarray, np.ndarray]:
    """[S, A, S] probabilities, some rows all zeros, and as many rewards."""
    stream = np.random.default_rng(seed)
    p = stream.random((states, actions, states)) * (stream.random((states, actions, states)) < 0.5)
    p *= stream.random((states, actions, 1)) < 0.7
    p[0, 0] = 1
    return np.divide(p, p.sum(2, keepdims=True), out=np.zeros_like(p), where=p.sum(2, keepdims=True) > 0), stream.normal(size=p.shape)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 4), st.sampled_from(["[S]", "[S, A]", "[S, A, S]"]))
def test_every_layout_says_the_same_as_its_rows(seed: int, states: int, actions: int, form: str) -> None:
    p, r = random(seed, states, actions)
    r = {"[S]": r[:, 0, 0], "[S, A]": r[:, :, 0], "[S, A, S]": r}[form]
    rows = [(s, a, n) for s in range(states) for a in range(actions) for n in range(states) if p[s, a, n]]
    state, action, next_state = np.array(rows).T
    reward = [{1: lambda s, a, n: r[s], 2: lambda s, a, n: r[s, a], 3: lambda s, a, n: r[s, a, n]}[r.ndim](*row) for row in rows]
    wanted = from_rows(
        [str(s) for s in range(states)], [str(a) for a in range(actions)], state=state, action=action, next_state=next_state,
        probability=[p[row] for row in rows], reward=reward, terminated=[False] * len(rows),
    )  # fmt: skip
    turned = r.transpose(1, 0, 2) if r.ndim == 3 else r
    same(from_arrays(p, r), wanted)
    same(from_arrays(p.transpose(1, 0, 2), turned, layout="ASS"), wanted)
    same(from_arrays(p, r, available=p.any(axis=2)), wanted)
    matrices = [scipy.sparse.coo_array(p[:, action]) for action in range(actions)]
    same(from_sparse(matrices, [scipy.sparse.lil_matrix(r[:, a] * (p[:, a] > 0)) for a in range(actions)] if r.ndim == 3 else r), wanted)


FOREST = np.array([[[0.1, 0.9, 0], [0.1, 0, 0.9], [0.1, 0, 0.9]], [[1, 0, 0], [1, 0, 0], [1, 0, 0]]])
"""[A, S, S] the forest of pymdptoolbox: wait or cut; a fire comes with probability 0.1."""
YIELD = np.array([[0, 0], [0, 1], [4, 2]])


def test_the_forest_of_pymdptoolbox() -> None:
    """Its documentation solves it by value iteration at discount 0.96: always wait."""
    mdp = from_arrays(FOREST, YIELD, layout="ASS", state_names=["young", "middle", "old"], action_names=["wait", "cut"], discount=0.96)
    policy = np.linalg.solve(np.eye(3) - 0.96 * FOREST[0], YIELD[:, 0])
    ahead = mdp.q_table(mdp.expected_reward + 0.96 * np.add.reduceat(mdp.continuation * policy[mdp.next_state], mdp.outcome_offsets[:-1]))
    assert (ahead[:, 0] > ahead[:, 1]).all() and ahead[:, 0] == pytest.approx(policy)
    assert mdp.pairs == 6 and not mdp.absorbing.any()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"transitions": FOREST * np.array([1, 0.9])[:, None, None]}, "state 'young', action 'cut' add up to 0.9. Make them add up to 1."),
        ({"transitions": FOREST - 2 * (FOREST == 0.1)}, "state 'young', action 'wait': probability -1.9 is not possible"),
        ({"transitions": FOREST * np.nan}, "state 'young', action 'wait': probability nan is not possible"),
        ({"transitions": FOREST[:, :2]}, "transitions of shape [2, 2, 3] are not [A, S, S]"),
        ({"transitions": FOREST[0]}, "transitions of shape [3, 3] are not [A, S, S]"),
        ({"rewards": np.zeros(2)}, "rewards of shape [2] fit neither [S] nor [S, A] nor one for each transition, with S = 3 and A = 2"),
        ({"rewards": YIELD + np.inf}, "state 'young', action 'wait': reward inf is not possible"),
        ({"state_names": ["one"]}, "there are 1 state names for 3 states"),
        ({"available": np.ones((2, 3))}, "the mask of available actions has the shape [2, 3], not [3, 2]"),
        (
            {"transitions": FOREST * np.array([1, 0])[:, None, None], "available": np.ones((3, 2))},
            "state 'young', action 'cut' add up to 0",
        ),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], sentence: str) -> None:
    arrays = {"transitions": FOREST, "rewards": YIELD, "state_names": ["young", "middle", "old"], "action_names": ["wait", "cut"]} | change
    with pytest.raises(WorldError) as caught:
        from_arrays(layout="ASS", **arrays)
    assert sentence in caught.value.sentence


def test_a_mask_leaves_rows_out() -> None:
    mdp = from_arrays(FOREST, YIELD, layout="ASS", available=[[True, False], [True, True], [False, False]])
    assert mdp.available.tolist() == [[True, False], [True, True], [False, False]]
    assert mdp.absorbing.tolist() == [False, False, True] and mdp.terminated.sum() == 1


def test_sparse_matrices_that_do_not_fit_are_named() -> None:
    good = scipy.sparse.csr_array(FOREST[0])
    for matrices, sentence in (
        ([good, good[:2]], r"transitions of action 1 have the shape \[2, 3\], not \[3, 3\]"),
        ([good, good * 0.5], "state '0', action '1' add up to 0.5"),
        ([], "at least one state"),
    ):
        with pytest.raises(WorldError, match=sentence):
            from_sparse(matrices, YIELD if matrices else np.zeros(0))
    with pytest.raises(WorldError, match="one for each action"):
        from_sparse([good, good], [good])


def test_a_large_sparse_table_is_built_at_once() -> None:
    """A ring of 200,000 states in both directions: linear memory and no loop, far below a second."""
    states = 200_000
    ahead = scipy.sparse.eye_array(states, format="csr")[np.roll(np.arange(states), -1)]
    mdp = from_sparse([ahead, ahead.T], np.zeros(states))
    assert mdp.pairs == 2 * states and mdp.next_state[:4].tolist() == [1, states - 1, 2, 0]
