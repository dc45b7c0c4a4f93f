"""Learning from what somebody else did, with the kernels that learn from what the agent does.

A kernel takes one step at a time. In place of its choice and of the world's chance it is given those of the demonstration, which lie
behind the position of each random stream; all else, draws included, is as ever.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined
from core.demonstration import Demonstration, Passage
from core.errors import WorldError
from core.tabular.engine.draws import Stream
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GIVEN = 4
"""Where in a stream it lies."""


@inlined
def given_pair(
    strategy: int, curiosity: float, epsilon: Floats, temperature: Floats, state_offsets: Ints, q: Floats, visits: Ints,
    state: int, steps: int, episodes: int, exploration: Stream,
) -> int:  # fmt: skip
    """In the place of `policy.choose`."""
    return int(np.int64(exploration[4]))


@inlined
def given_outcome(outcome_offsets: Ints, cumulative: Floats, pair: int, world: Stream) -> int:
    """In the place of `table.sample_outcome`."""
    return int(np.int64(world[4]))


def check(mdp: FiniteMDP, shown: Demonstration) -> None:
    """WorldError where the world has no such outcome."""
    known = set[Passage]()
    for step, passage in enumerate(shown.passages(), 1):
        try:
            if passage not in known:
                outcome_of(mdp, passage)
                known.add(passage)
        except (LookupError, TypeError, ValueError):
            raise WorldError(f"step {step} of what was shown cannot happen in this world") from None


def outcome_of(mdp: FiniteMDP, passage: Passage) -> tuple[int, int, int]:
    """State, pair and outcome of a step; LookupError, TypeError or ValueError where the world has none such."""
    before, action, reward, after, terminated, *_ = passage
    pair = mdp.pair_of(int(before), action)  # type: ignore[arg-type]
    outcomes = slice(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1])
    fits = (mdp.next_state[outcomes] == after) & (mdp.reward[outcomes] == reward)
    ends = mdp.terminated[outcomes] == terminated
    return int(before), pair, int(outcomes.start) + int(np.flatnonzero(fits & ends)[0])  # type: ignore[arg-type]
