"""A finite MDP as kernels read it, and the two things that chance does in it: outcomes and starts.

Kernels take their arrays in named tuples and unpack them in their first lines: every look into a tuple inside the loop
would count references, which makes a step three times as long. What kernels share takes plain arrays, for the same reason,
and is inlined.
"""

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.compiled import inlined
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Table(NamedTuple):
    """The arrays of a `FiniteMDP` (see there), with the cumulative start distribution and the discount in use."""

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
        return cls(
            mdp.state_offsets, mdp.outcome_offsets, mdp.cumulative, mdp.next_state, mdp.reward, mdp.terminated,
            np.cumsum(mdp.start), discount, mdp.step_limit,
        )  # fmt: skip


@inlined
def sample_outcome(outcome_offsets: Ints, cumulative: Floats, pair: int, world: Generator) -> int:
    """One of the pair's outcomes by its probability; certain ones draw nothing."""
    outcome = outcome_offsets[pair]
    if outcome_offsets[pair + 1] - outcome > 1:
        draw = world.random()
        while cumulative[outcome] <= draw:
            outcome += 1
    return outcome


@inlined
def sample_start(start: Floats, world: Generator) -> int:
    """A state by the cumulative start distribution."""
    draw = world.random()
    state = 0
    while state < len(start) - 1 and start[state] <= draw:
        state += 1
    return state


@inlined
def best_value(state_offsets: Ints, q: Floats, state: int) -> float:
    """max over a of Q(state, a), of a state that has actions."""
    best = -np.inf
    for pair in range(state_offsets[state], state_offsets[state + 1]):
        best = max(best, q[pair])
    return best
