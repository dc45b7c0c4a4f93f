"""The bookkeeping of steps and episodes.

Kernels keep it in local variables and write it back when they end: a step in memory would cost twice the time.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STATE, STEPS, EPISODES, LENGTH, PAIR, ENDED = range(6)
"""Columns of a member's place: the agent's state, steps and episodes so far, steps of this episode, the pair already chosen for the
next step (-1: none), and episodes that ended in this call."""

RETURN, SURPRISE, EXPECTED, HORIZON, CAME = range(5)
"""Columns of a member's totals, sums over the episode under way: rewards, absolute TD errors, values before their update; sums over its
steps of gamma^(steps since), and of the discounted return seen from there on."""

SUMS = (RETURN, SURPRISE, EXPECTED, CAME)
"""The totals that are noted of an ended episode."""

LAST = ("pair", "outcome", "old", "following", "step_size", "new")
"""The newest update of a member: pair and outcome by number, Q before, value of what follows, step size, Q after."""


class Ledger(NamedTuple):
    """Where a kernel writes how it goes.

    Attributes:
        place: [6] int64, see `STATE` and the others.
        totals: [5] float64, see `RETURN` and the others.
        last: [6] float64, see `LAST`.
        ended: [U, 2] int64, step and length of each episode that ends in this call.
        sums: [U, 4] float64, the totals of each, in the order of `SUMS`.
    """

    place: Ints
    totals: Floats
    last: Floats
    ended: Ints
    sums: Floats

    @classmethod
    def over(cls, place: Ints, totals: Floats, last: Floats, units: int) -> "Ledger":
        """With room for as many episodes as can end in `units` steps: kernels do not look whether there is."""
        return cls(place, totals, last, np.empty((units, 2), np.int64), np.empty((units, len(SUMS))))


@inlined
def note_episode(
    ended: Ints, sums: Floats, row: int, step: int, length: int, earned: float, surprise: float, expected: float, came: float,
) -> None:  # fmt: skip
    """Write the row of an episode that has ended."""
    ended[row, 0], ended[row, 1] = step, length
    sums[row, 0], sums[row, 1], sums[row, 2], sums[row, 3] = earned, surprise, expected, came


@inlined
def note_place(
    place: Ints, totals: Floats, state: int, steps: int, episodes: int, length: int, pair: int, rows: int,
    earned: float, surprise: float, expected: float, horizon: float, came: float,
) -> None:  # fmt: skip
    """Write where the member stands, at the end of a call."""
    place[0], place[1], place[2], place[3], place[4], place[5] = state, steps, episodes, length, pair, rows
    totals[0], totals[1], totals[2], totals[3], totals[4] = earned, surprise, expected, horizon, came


@inlined
def note_update(last: Floats, pair: int, outcome: int, old: float, following: float, step_size: float, new: float) -> None:
    """Write the newest update, at the end of a call."""
    last[0], last[1], last[2], last[3], last[4], last[5] = pair, outcome, old, following, step_size, new
