"""Backups of a range of states, compiled; each is one linear pass over the transitions of its range.

All take a table first: state_offsets [S + 1], outcome_offsets [P + 1] and next_state [T], both unsigned, continuation [T],
expected_reward [P] and the discount; then `reads` [S], the values that are looked up, and what they write. `reads` may be `values`
itself: then a backup sees the new values of the states before it (in place, Gauss-Seidel). An index that cannot be negative spares the
innermost loop a question per look-up: a sweep takes two thirds of the time.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled, inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Unsigned = NDArray[np.uint64]
Table = tuple[Ints, Unsigned, Unsigned, Floats, Floats, float]


@inlined
def look_ahead(
    outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, pair: int,
) -> float:  # fmt: skip
    """Q of one pair: its mean reward and the discounted mean value of what follows."""
    following = 0.0
    for outcome in range(outcome_offsets[pair], outcome_offsets[pair + 1]):
        following += continuation[outcome] * reads[next_state[outcome]]
    return expected_reward[pair] + discount * following


@compiled
def back_up(
    state_offsets: Ints, outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, values: Floats, pair_values: Floats, policy: Ints, margin: float, start: int, stop: int,
) -> tuple[float, float, int]:  # fmt: skip
    """The best lookahead of states start:stop into `values` [S], of each pair into `pair_values` [P], the best pair into `policy` [S].

    A policy's pair stays unless another is better by more than `margin`.

    Returns:
        The smallest and the largest change of a value (inf, -inf where no state acts); how many states changed their pair.
    """
    low, high, switched = np.inf, -np.inf, 0
    for state in range(start, stop):
        first, last = state_offsets[state], state_offsets[state + 1]
        if first == last:
            continue
        best, best_value = first, -np.inf
        for pair in range(first, last):
            value = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, reads, pair)
            pair_values[pair] = value
            best = pair if value > best_value else best
            best_value = max(best_value, value)
        if best_value > pair_values[policy[state]] + margin:
            policy[state] = best
            switched += 1
        change = best_value - reads[state]
        low, high = min(low, change), max(high, change)
        values[state] = best_value
    return low, high, switched


@compiled
def back_up_blocks(
    state_offsets: Ints, outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, values: Floats, pair_values: Floats, policy: Ints, margin: float, size: int, blocks: Ints, moved: Bools,
) -> tuple[float, float, int]:  # fmt: skip
    """`back_up` of these blocks of `size` states each; `moved` [blocks in all] tells of each whether a value has changed."""
    low, high, switched = np.inf, -np.inf, 0
    for block in blocks:
        start = block * size
        stop = min(start + size, len(values))
        least, most, count = back_up(
            state_offsets, outcome_offsets, next_state, continuation, expected_reward, discount, reads, values, pair_values, policy, margin,
            start, stop,
        )  # fmt: skip
        moved[block] = least < 0.0 or most > 0.0
        low, high, switched = min(low, least), max(high, most), switched + count
    return low, high, switched


@compiled
def list_rivals(
    state_offsets: Ints, values: Floats, pair_values: Floats, policy: Ints, rise: float, found: Unsigned, start: int, stop: int
) -> int:
    """List the pairs of states start:stop that may be worth more than `values` [S], what those of `policy` [S] are worth.

    No pair is worth more than `rise` above `pair_values` [P], which become these bounds.

    Returns:
        The end of the list; it begins in `found` [P] at the place of the first pair.
    """
    count = state_offsets[start]
    for state in range(start, stop):
        first, last = state_offsets[state], state_offsets[state + 1]
        for pair in range(first, last):
            pair_values[pair] += rise
            found[count] = pair
            count += (pair_values[pair] >= values[state]) & (pair != policy[state])
        if first < last:
            pair_values[policy[state]] = values[state]
    return count


@compiled
def challenge(
    outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float, pair_state: Ints,
    reads: Floats, values: Floats, pair_values: Floats, policy: Ints, found: Unsigned, start: int, stop: int,
) -> None:  # fmt: skip
    """Look at the pairs found[start:stop]; `values` [S] and `policy` [S] follow where one is worth more."""
    for place in range(start, stop):
        pair = found[place]
        value = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, reads, pair)
        pair_values[pair] = value
        state = pair_state[pair]
        if value > values[state]:
            values[state], policy[state] = value, pair


@compiled
def look_at_all(
    outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, lift: float, pair_values: Floats,
) -> None:  # fmt: skip
    """The lookahead of every pair, and `lift` above, into `pair_values` [P]."""
    for pair in range(len(pair_values)):
        pair_values[pair] = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, reads, pair) + lift


@compiled
def gather(
    state_offsets: Ints, outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats,
    policy: Ints, gathered: Ints, row_offsets: Unsigned, row_next: Unsigned, row_weight: Floats, row_reward: Floats,
) -> None:  # fmt: skip
    """Copy the outcomes of each state's pair by `policy` [S] into its row, where `gathered` [S], the pairs there, names another.

    A row has room for the state's longest pair; what is left over weighs nothing.
    """
    for state in range(len(gathered)):
        if state_offsets[state] == state_offsets[state + 1] or gathered[state] == policy[state]:
            continue
        pair = policy[state]
        gathered[state], row_reward[state] = pair, expected_reward[pair]
        place = row_offsets[state]
        for outcome in range(outcome_offsets[pair], outcome_offsets[pair + 1]):
            row_next[place], row_weight[place] = next_state[outcome], continuation[outcome]
            place += np.uint64(1)
        for left in range(place, row_offsets[state + 1]):
            row_next[left], row_weight[left] = 0, 0.0


@compiled
def follow(
    row_offsets: Unsigned, row_next: Unsigned, row_weight: Floats, row_reward: Floats, discount: float,
    reads: Floats, values: Floats, start: int, stop: int,
) -> tuple[float, float]:  # fmt: skip
    """The lookahead of the gathered policy of states start:stop into `values` [S]; return the smallest and the largest change."""
    low, high = np.inf, -np.inf
    for state in range(start, stop):
        if row_offsets[state] < row_offsets[state + 1]:
            value = look_ahead(row_offsets, row_next, row_weight, row_reward, discount, reads, state)
            change = value - reads[state]
            low, high = min(low, change), max(high, change)
            values[state] = value
    return low, high


@compiled
def average(
    state_offsets: Ints, outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    reads: Floats, values: Floats, pair_values: Floats, weights: Floats, start: int, stop: int,
) -> tuple[float, float]:  # fmt: skip
    """The mean lookahead of states start:stop, pairs weighted by `weights` [P], into `values` [S]; return smallest and largest change."""
    low, high = np.inf, -np.inf
    for state in range(start, stop):
        if state_offsets[state] < state_offsets[state + 1]:
            value = 0.0
            for pair in range(state_offsets[state], state_offsets[state + 1]):
                pair_values[pair] = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, reads, pair)
                value += weights[pair] * pair_values[pair]
            change = value - reads[state]
            low, high = min(low, change), max(high, change)
            values[state] = value
    return low, high


@compiled
def back_up_pairs(
    state_offsets: Ints, outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    pair_state: Ints, best_before: Floats, values: Floats, pair_values: Floats, policy: Ints, start: int, stop: int,
) -> tuple[float, float, int]:  # fmt: skip
    """Back up pairs start:stop from `best_before` [S] into `pair_values` [P]; `values` [S] and `policy` [S] follow with each state's last.

    Returns:
        The smallest and the largest change of a pair's value; how many states changed their best pair.
    """
    low, high, switched = np.inf, -np.inf, 0
    for pair in range(start, stop):
        value = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, best_before, pair)
        change = value - pair_values[pair]
        low, high = min(low, change), max(high, change)
        pair_values[pair] = value
        state = pair_state[pair]
        if pair + 1 == state_offsets[state + 1]:
            best = state_offsets[state]
            for other in range(best + 1, pair + 1):
                if pair_values[other] > pair_values[best]:
                    best = other
            if pair_values[best] > pair_values[policy[state]]:
                policy[state] = best
                switched += 1
            values[state] = pair_values[best]
    return low, high, switched
