"""A finite MDP as kernels read it, and the two things that chance does in it: outcomes and starts.

Kernels take their arrays in named tuples, unpack them in their first lines and count no references to them
(`core.compiled.borrowing`). What they share takes plain arrays and is inlined.

A step is a chain of look-ups, each of which waits for the one before it. So indices are unsigned, which spares every look-up the question
whether it is negative, and as short as they can be, so that more of the table lies in near memory.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined
from core.tabular.engine.draws import Stream, bits, uniform
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Index = NDArray[Any]
"""uint32; uint64 where there are too many outcomes."""
Thresholds = NDArray[np.uint64]

USUAL = 4
"""The actions that most grids have. Loops over so many, a number known when they are compiled, do not count: a fifth of a step's time."""


class Table(NamedTuple):
    """The arrays of a `FiniteMDP` (see there) with the discount in use.

    Attributes:
        cumulative: [T] uint64, the probability of this outcome or an earlier one of its pair, times 2^64; meaningless at the last.
        start: [S] float64, the cumulative start distribution, exactly 1 from the last possible state on.
    """

    state_offsets: Index
    outcome_offsets: Index
    cumulative: Thresholds
    next_state: Index
    reward: Floats
    terminated: Bools
    start: Floats
    discount: float
    step_limit: int

    @classmethod
    def of(cls, mdp: FiniteMDP, discount: float) -> "Table":
        start = np.cumsum(mdp.start)
        start[np.flatnonzero(mdp.start)[-1] :] = 1.0
        index = np.uint32 if len(mdp.next_state) < 2**32 else np.uint64
        below_one = np.minimum(mdp.cumulative, 1 - 2.0**-53)
        return cls(
            mdp.state_offsets.astype(index), mdp.outcome_offsets.astype(index), (below_one * 2.0**64).astype(np.uint64),
            mdp.next_state.astype(index), mdp.reward, mdp.terminated, start, discount, mdp.step_limit,
        )  # fmt: skip


@inlined
def pairs_of(state_offsets: Index, state: int) -> tuple[int, int]:
    """The first pair of a state, and the one after its last."""
    return int(np.int64(state_offsets[state])), int(np.int64(state_offsets[state + 1]))


@inlined
def sample_outcome(outcome_offsets: Index, cumulative: Thresholds, pair: int, world: Stream) -> int:
    """One of the pair's outcomes by its probability; certain ones draw nothing, and nothing is looked up where all are certain.

    Outcomes below the draw are counted: leaving the loop at the right one would be a branch that no processor can foresee.
    """
    if len(cumulative) == len(outcome_offsets) - 1:
        outcome = pair
    else:
        outcome, last = pairs_of(outcome_offsets, pair)
        last -= 1
        if outcome < last:
            draw = bits(world)
            for other in range(outcome, last):
                outcome += cumulative[other] <= draw
    return outcome


@inlined
def sample_start(start: Floats, world: Stream) -> int:
    """A state by the cumulative start distribution: the first one above a draw, by bisection."""
    draw = uniform(world)
    state, above = 0, len(start) - 1
    while state < above:
        middle = (state + above) // 2
        if start[middle] <= draw:
            state = middle + 1
        else:
            above = middle
    return state


@inlined
def best_value(state_offsets: Index, q: Floats, state: int) -> float:
    """max over a of Q(state, a), of a state that has actions."""
    first, last = pairs_of(state_offsets, state)
    if last - first == USUAL:
        best = largest(q, first, first + USUAL)
    else:
        best = largest(q, first, last)
    return best


@inlined
def largest(q: Floats, first: int, last: int) -> float:
    """The largest Q of the pairs from `first` to before `last`."""
    best = -np.inf
    for pair in range(first, last):
        best = max(best, q[pair])
    return best
