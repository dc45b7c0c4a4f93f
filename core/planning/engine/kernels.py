"""Backups of a range of states, compiled; each is one linear pass over the transitions of its range.

All take the table (`engine.planner.Table`) first: state_offsets [S + 1], outcome_offsets [P + 1], next_state [T], continuation [T],
expected_reward [P] and the discount; then `reads` [S], the values that are looked up, and what they write. `reads` may be `values`
itself: then a backup sees the new values of the states before it (in place, Gauss-Seidel).
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled, inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@inlined
def look_ahead(
    outcome_offsets: Ints, next_state: Ints, continuation: Floats, expected_reward: Floats, discount: float, reads: Floats, pair: int
) -> float:
    """Q of one pair: its mean reward and the discounted mean value of what follows."""
    following = 0.0
    for outcome in range(outcome_offsets[pair], outcome_offsets[pair + 1]):
        following += continuation[outcome] * reads[next_state[outcome]]
    return expected_reward[pair] + discount * following


@compiled
def back_up(
    state_offsets: Ints, outcome_offsets: Ints, next_state: Ints, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, values: Floats, pair_values: Floats, policy: Ints, margin: float, start: int, stop: int,
) -> tuple[float, int]:  # fmt: skip
    """The best lookahead of states start:stop into `values` [S], of each pair into `pair_values` [P], the best pair into `policy` [S].

    A policy's pair stays unless another is better by more than `margin`.

    Returns:
        The largest change of a value; how many states changed their pair.
    """
    change, switched = 0.0, 0
    for state in range(start, stop):
        first, last = state_offsets[state], state_offsets[state + 1]
        if first == last:
            continue
        best, best_value = first, -np.inf
        for pair in range(first, last):
            value = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, reads, pair)
            pair_values[pair] = value
            if value > best_value:
                best, best_value = pair, value
        if best_value > pair_values[policy[state]] + margin:
            policy[state] = best
            switched += 1
        change = max(change, abs(best_value - reads[state]))
        values[state] = best_value
    return change, switched


@compiled
def follow(
    state_offsets: Ints, outcome_offsets: Ints, next_state: Ints, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, values: Floats, policy: Ints, start: int, stop: int,
) -> float:  # fmt: skip
    """The lookahead of the policy's pair of states start:stop into `values` [S]; return the largest change."""
    change = 0.0
    for state in range(start, stop):
        if state_offsets[state] < state_offsets[state + 1]:
            value = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, reads, policy[state])
            change = max(change, abs(value - reads[state]))
            values[state] = value
    return change


@compiled
def average(
    state_offsets: Ints, outcome_offsets: Ints, next_state: Ints, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, values: Floats, pair_values: Floats, weights: Floats, start: int, stop: int,
) -> float:  # fmt: skip
    """The mean lookahead of states start:stop into `values` [S], pairs weighted by `weights` [P]; return the largest change."""
    change = 0.0
    for state in range(start, stop):
        if state_offsets[state] < state_offsets[state + 1]:
            value = 0.0
            for pair in range(state_offsets[state], state_offsets[state + 1]):
                pair_values[pair] = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, reads, pair)
                value += weights[pair] * pair_values[pair]
            change = max(change, abs(value - reads[state]))
            values[state] = value
    return change
