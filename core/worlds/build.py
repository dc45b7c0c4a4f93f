"""Builds and checks a `FiniteMDP`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.errors import WorldError
from core.worlds.mdp import Bools, FiniteMDP, Floats, Ints

TOLERANCE = 1e-9
"""How far probabilities may be from adding up to 1."""


def from_rows(
    state_names: Sequence[str],
    action_names: Sequence[str],
    *,
    state: ArrayLike,
    action: ArrayLike,
    next_state: ArrayLike,
    probability: ArrayLike,
    reward: ArrayLike,
    terminated: ArrayLike,
    start: ArrayLike | None = None,
    discount: float = 1.0,
    step_limit: int = 0,
) -> FiniteMDP:
    """Build from transition rows in any order; equal outcomes are merged, impossible ones dropped.

    Takes memory linear in the rows. Where they come by state, action and next state, nothing is sorted, and arrays of the right type
    (int64, float64) are not copied but taken over and made read-only.

    Args:
        state_names: S names.
        action_names: A names.
        state: [N] int, and likewise every row argument below.
        action: which of the A actions.
        next_state: where it leads.
        probability: float; adding up to 1 over each state and action.
        reward: float.
        terminated: bool; a step into a state without actions always terminates.
        start: [S] probabilities; uniform over the states that have actions if None.
        discount: from 0 to 1.
        step_limit: 0 for none.

    Raises:
        WorldError: naming the first state and action at fault.
    """
    states, actions = len(state_names), len(action_names)
    if states * states * actions >= 2**63:
        raise WorldError(f"{states} states and {actions} actions are too many for a table")
    s, a, n = (np.asarray(column, np.int64) for column in (state, action, next_state))
    p, r = np.asarray(probability, np.float64), np.asarray(reward, np.float64)
    ends = np.asarray(terminated, bool)
    if not states:
        raise WorldError("A world needs at least one state")
    if not 0 <= discount <= 1:
        raise WorldError(f"The discount must lie from 0 to 1, not {discount:g}")
    for column, bound, what in ((s, states, "state"), (a, actions, "action"), (n, states, "next state")):
        if len(column) and (column.min() < 0 or column.max() >= bound):
            raise WorldError(f"A transition names {what} {int(column[(column < 0) | (column >= bound)][0])}, but there are {bound}")

    def pair_name(row: int) -> str:
        return f"state '{state_names[s[row]]}', action '{action_names[a[row]]}'"

    for bad, what in ((~(p >= 0) | (p > 1 + TOLERANCE), "probability"), (~np.isfinite(r), "reward")):
        if bad.any():
            faults = np.flatnonzero(bad)
            row = int(faults[np.lexsort((a[faults], s[faults]))[0]])
            value = (p if what == "probability" else r)[row]
            raise WorldError(f"{what} {value:g} is not possible", where=pair_name(row))

    keep = p > 0
    if not keep.all():
        s, a, n, p, r, ends = s[keep], a[keep], n[keep], p[keep], r[keep], ends[keep]
    pairs_of_state = np.zeros(states, bool)
    pairs_of_state[s] = True
    if not pairs_of_state.any():
        raise WorldError("No state has an action, so nothing can happen", remedy="Leave a free cell or add a transition")
    ends = ends | ~pairs_of_state[n]

    if not _ascending(s, a, n):
        order = _order((s * actions + a) * states + n, r, ends)
        s, a, n, p, r, ends = s[order], a[order], n[order], p[order], r[order], ends[order]
        same = (s[1:] == s[:-1]) & (a[1:] == a[:-1]) & (n[1:] == n[:-1]) & (r[1:] == r[:-1]) & (ends[1:] == ends[:-1])
        if same.any():
            first = np.flatnonzero(np.append(True, ~same))
            p = np.add.reduceat(p, first)
            s, a, n, r, ends = s[first], a[first], n[first], r[first], ends[first]
    offsets = np.flatnonzero(np.concatenate([[True], (s[1:] != s[:-1]) | (a[1:] != a[:-1]), [True]]))
    pair_first = offsets[:-1]
    off = np.add.reduceat(p, pair_first)
    np.abs(np.subtract(off, 1, out=off), out=off)
    if off.max() > TOLERANCE:
        pair = int(np.argmax(off > TOLERANCE))
        raise WorldError(
            f"probabilities of {pair_name(int(pair_first[pair]))} add up to {p[offsets[pair] : offsets[pair + 1]].sum():.10g}",
            remedy="Make them add up to 1",
        )
    if off.max() > np.diff(offsets).max() * np.finfo(float).eps:
        p = p / np.repeat(np.add.reduceat(p, pair_first), np.diff(offsets))
    del off
    return FiniteMDP(
        state_names=_kept(state_names),
        action_names=_kept(action_names),
        state_offsets=np.append(0, np.cumsum(np.bincount(s[pair_first], minlength=states))),
        pair_action=a[pair_first],
        outcome_offsets=offsets,
        next_state=n,
        probability=p,
        reward=r,
        terminated=ends,
        start=_start(start, pairs_of_state, state_names),
        discount=float(discount),
        step_limit=int(step_limit),
    )


def from_gymnasium(table: Mapping[int, Mapping[int, Sequence[tuple[Any, ...]]]], **rest: Any) -> FiniteMDP:
    """Build from gymnasium's `P[state][action] = [(probability, next state, reward, terminated), ...]`.

    Args:
        table: the dictionary, for example `env.unwrapped.P` of FrozenLake, CliffWalking or Taxi.
        rest: state_names and action_names if known; start, discount, step_limit as for `from_rows`.
    """
    rows = [(s, a, *outcome) for s, actions in table.items() for a, outcomes in actions.items() for outcome in outcomes]
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [[]] * 6
    actions = 1 + max((a for row in table.values() for a in row), default=-1)
    state_names = rest.pop("state_names", None) or [str(s) for s in range(len(table))]
    action_names = rest.pop("action_names", None) or [str(a) for a in range(actions)]
    return from_rows(
        state_names,
        action_names,
        state=columns[0],
        action=columns[1],
        probability=columns[2],
        next_state=columns[3],
        reward=columns[4],
        terminated=columns[5],
        **rest,
    )


def _ascending(state: Ints, action: Ints, next_state: Ints) -> bool:
    """Whether each row comes after the one before it, and none twice."""
    later = next_state[1:] > next_state[:-1]
    for column in (action, state):
        later &= column[1:] == column[:-1]
        later |= column[1:] > column[:-1]
    return bool(later.all())


def _kept(names: Sequence[str]) -> Sequence[str]:
    return names if isinstance(names, range | tuple) else tuple(names)


def _order(key: Ints, reward: Floats, ends: Bools) -> Ints:
    """Places of rows in ascending order of key; where keys are equal, of reward and end."""
    order = np.argsort(key, kind="stable")
    same = key[order[1:]] == key[order[:-1]]
    if same.any():
        tied = np.append(False, same) | np.append(same, False)
        rows = order[tied]
        order[tied] = rows[np.lexsort((ends[rows], reward[rows], key[rows]))]
    return order


def _start(start: ArrayLike | None, active: Bools, names: Sequence[str]) -> Floats:
    if start is None:
        return active / active.sum()
    given = np.asarray(start, np.float64)
    if given.shape != (len(names),) or (given < 0).any() or abs(given.sum() - 1) > TOLERANCE:
        raise WorldError(f"start probabilities add up to {given.sum():.4g}", remedy="Make them add up to 1")
    over = (given > 0) & ~active
    if over.any():
        raise WorldError(
            f"An episode starts in state '{names[int(np.argmax(over))]}', where it is already over", remedy="Start in a state with actions"
        )
    return given / given.sum()
