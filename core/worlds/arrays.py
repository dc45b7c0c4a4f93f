"""Finite MDPs from dense and sparse arrays, as other libraries and papers write them.

Every pair of state and action is a row of probabilities. A pair is unavailable where a mask says so or, without a
mask, where its row is all zeros; a state without pairs is terminal. There are no loops over transitions, and what is
kept is linear in their number. Layouts as in pymdptoolbox (Chadès, Chapron, Cros, Garcia, Sabbadin 2014).
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from core.errors import WorldError
from core.worlds.build import from_rows
from core.worlds.mdp import Bools, FiniteMDP, Floats, Ints

Layout = Literal["SAS", "ASS"]
"""How a dense array lies: [S, A, S], or [A, S, S] as in pymdptoolbox."""


def from_arrays(
    transitions: ArrayLike,
    rewards: ArrayLike,
    *,
    layout: Layout = "SAS",
    available: ArrayLike | None = None,
    state_names: Sequence[str] | None = None,
    action_names: Sequence[str] | None = None,
    start: ArrayLike | None = None,
    discount: float = 1.0,
    step_limit: int = 0,
) -> FiniteMDP:
    """Build from a dense array of probabilities.

    Args:
        transitions: [S, A, S] float, or [A, S, S] with layout "ASS".
        rewards: [S] of the state that is left, [S, A], or one for each transition in the layout of `transitions`.
        layout: how `transitions` lies, and `rewards` where it has three axes; never guessed.
        available: [S, A] bool, which pairs there are; rows of the others are ignored. By default those that are not all zeros.
        state_names: S names; their numbers if None.
        action_names: A names; their numbers if None.
        start: as for `from_rows`, and likewise discount and step_limit.

    Raises:
        WorldError: where shapes do not fit, or naming the first state and action at fault.
    """
    p = np.asarray(transitions, np.float64)
    shape = p.shape
    if p.ndim == 3 and layout == "ASS":
        p = p.transpose(1, 0, 2)
    if p.ndim != 3 or p.shape[0] != p.shape[2]:
        wanted = "[S, A, S]" if layout == "SAS" else "[A, S, S]"
        raise WorldError(f"transitions of shape {list(shape)} are not {wanted}", remedy="Give one probability for each next state")
    states, actions = p.shape[:2]
    r = np.asarray(rewards, np.float64)
    if r.ndim == 3 and layout == "ASS":
        r = r.transpose(1, 0, 2)
    state, action, next_state = np.nonzero(p)
    named = _names(state_names, states, "state"), _names(action_names, actions, "action")
    keep = _kept(available, state, action, named)
    state, action, next_state = state[keep], action[keep], next_state[keep]
    return from_rows(
        *named,
        state=state,
        action=action,
        next_state=next_state,
        probability=p[state, action, next_state],
        reward=_rewards(r, state, action, next_state, (states, actions)),
        terminated=np.zeros(len(state), bool),
        start=start,
        discount=discount,
        step_limit=step_limit,
    )


def from_sparse(
    transitions: Sequence[Any],
    rewards: ArrayLike | Sequence[Any],
    *,
    available: ArrayLike | None = None,
    state_names: Sequence[str] | None = None,
    action_names: Sequence[str] | None = None,
    start: ArrayLike | None = None,
    discount: float = 1.0,
    step_limit: int = 0,
) -> FiniteMDP:
    """Build from one scipy.sparse matrix or array of probabilities for each action.

    Args:
        transitions: A of shape [S, S], in any sparse format.
        rewards: [S] of the state that is left, [S, A], or A sparse [S, S], one reward for each transition.
        available: as for `from_arrays`, and likewise all that follow.

    Raises:
        WorldError: where shapes do not fit, or naming the first state and action at fault.
    """
    import scipy.sparse

    matrices = [scipy.sparse.csr_matrix(matrix) for matrix in transitions]
    states, actions = matrices[0].shape[0] if matrices else 0, len(matrices)
    for number, matrix in enumerate(matrices):
        if matrix.shape != (states, states):
            raise WorldError(f"transitions of action {number} have the shape {list(matrix.shape)}, not [{states}, {states}]")
    sizes = [matrix.nnz for matrix in matrices]
    numbers = np.arange(states)
    state = np.concatenate([np.repeat(numbers, np.diff(matrix.indptr)) for matrix in matrices] or [numbers])
    action = np.repeat(np.arange(actions), sizes)
    next_state = np.concatenate([matrix.indices.astype(np.int64) for matrix in matrices] or [numbers])
    probability = np.concatenate([matrix.data.astype(np.float64) for matrix in matrices] or [np.zeros(0)])
    given: Any = rewards
    if isinstance(rewards, Sequence) and any(scipy.sparse.issparse(part) for part in given):
        if len(given) != actions or any(part.shape != (states, states) for part in given):
            raise WorldError(f"rewards must be {actions} matrices of shape [{states}, {states}], one for each action")
        places = np.split(np.stack([state, next_state]), np.cumsum(sizes)[:-1], axis=1)
        parts = [_looked_up(part, at) for part, at in zip(given, places, strict=True)]
        reward = np.concatenate(parts)
    else:
        reward = _rewards(np.asarray(rewards, np.float64), state, action, next_state, (states, actions))
    named = _names(state_names, states, "state"), _names(action_names, actions, "action")
    stored = probability != 0
    state, action, next_state, probability, reward = (part[stored] for part in (state, action, next_state, probability, reward))
    keep = _kept(available, state, action, named)
    return from_rows(
        *named,
        state=state[keep],
        action=action[keep],
        next_state=next_state[keep],
        probability=probability[keep],
        reward=reward[keep],
        terminated=np.zeros(int(keep.sum()), bool),
        start=start,
        discount=discount,
        step_limit=step_limit,
    )


def _looked_up(matrix: Any, places: Ints) -> Floats:
    """[T] entries of a sparse matrix at places [2, T]."""
    import scipy.sparse

    return np.asarray(scipy.sparse.csr_matrix(matrix)[tuple(places)], np.float64).ravel() if places.size else np.zeros(0)


def _names(names: Sequence[str] | None, count: int, what: str) -> Sequence[str]:
    if names is not None and len(names) != count:
        raise WorldError(f"there are {len(names)} {what} names for {count} {what}s")
    return names if names is not None else [str(number) for number in range(count)]


def _kept(available: ArrayLike | None, state: Ints, action: Ints, named: tuple[Sequence[str], Sequence[str]]) -> Bools:
    """[T] which transitions count; WorldError where an available pair has none."""
    if available is None:
        return np.ones(len(state), bool)
    mask = np.asarray(available, bool)
    shape = tuple(len(names) for names in named)
    if mask.shape != shape:
        raise WorldError(f"the mask of available actions has the shape {list(mask.shape)}, not {list(shape)}")
    empty = mask.copy()
    empty[state, action] = False
    if empty.any():
        first = np.argwhere(empty)[0]
        raise WorldError(
            f"probabilities of state '{named[0][first[0]]}', action '{named[1][first[1]]}' add up to 0", remedy="Make them add up to 1"
        )
    return mask[state, action]


def _rewards(r: Floats, state: Ints, action: Ints, next_state: Ints, shape: tuple[int, int]) -> Floats:
    """[T] the reward of each transition, from [S], [S, A] or [S, A, S]."""
    if r.shape == shape[:1]:
        return r[state]
    if r.shape == shape:
        return r[state, action]
    if r.shape == (*shape, shape[0]):
        return r[state, action, next_state]
    raise WorldError(
        f"rewards of shape {list(r.shape)} fit neither [S] nor [S, A] nor one for each transition, with S = {shape[0]} and A = {shape[1]}"
    )
