"""A finite MDP as kernels read it, and the two things that chance does in it: outcomes and starts.

Kernels take their arrays in named tuples, unpack them in their first lines and count no references to them
(`core.compiled.borrowing`). What they share takes plain arrays and is inlined.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined
from core.tabular.engine.draws import Stream, uniform
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Table(NamedTuple):
    """The arrays of a `FiniteMDP` (see there), with the cumulative start distribution, exactly 1 from the last possible state on, and
    the discount in use."""

    state_offsets: Ints
    outcome_offsets: Ints
    cumulative: Floats
    next_state: Ints
    reward: Floats
    terminated: Bools
    start: Floats
    discount: float
    step_limit: int

    @classmethod
    def of(cls, mdp: FiniteMDP, discount: float) -> "Table":
        start = np.cumsum(mdp.start)
        start[np.flatnonzero(mdp.start)[-1] :] = 1.0
        return cls(
            mdp.state_offsets, mdp.outcome_offsets, mdp.cumulative, mdp.next_state, mdp.reward, mdp.terminated,
            start, discount, mdp.step_limit,
        )  # fmt: skip


@inlined
def sample_outcome(outcome_offsets: Ints, cumulative: Floats, pair: int, world: Stream) -> int:
    """One of the pair's outcomes by its probability; certain ones draw nothing.

    Outcomes below the draw are counted: leaving the loop at the right one would be a branch that no processor can foresee.
    """
    outcome, last = outcome_offsets[pair], outcome_offsets[pair + 1] - 1
    if outcome < last:
        draw = uniform(world)
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
def best_value(state_offsets: Ints, q: Floats, state: int) -> float:
    """max over a of Q(state, a), of a state that has actions."""
    best = -np.inf
    for pair in range(state_offsets[state], state_offsets[state + 1]):
        best = max(best, q[pair])
    return best
