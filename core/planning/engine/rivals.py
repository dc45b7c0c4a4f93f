"""Rivals: the pairs that may have become better than the policy's since all were looked at; the others need no look.

Let U be the values that the pairs' values Q were computed from, and W those of now. With d the largest W(s) - U(s), no pair's value has
risen by more than gamma d, or, where an outcome may end the episode, by gamma max(d, 0). So a pair with Q(s, a) + gamma d below what the
policy's pair is worth now is not the best one, whatever it is worth exactly (temporary action elimination: Puterman 1994, section 6.7.2;
Hastings and van Nunen 1977). Its Q becomes that bound; so it may be left out again and again, until the bound has grown too large.

What is left out could not have changed a value or the policy: an improvement over the rivals gives what one over all pairs gives, to the
bit, and the bounds of planners hold as they are. `slack` is what rounding can put a look from the exact value, with some room.
"""

import numpy as np
from numpy.typing import NDArray

from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Places = NDArray[np.uint64]

MANY = 5
"""Outcomes of a pair, on average, from which it is asked whether it need be looked at: with fewer, a look is as quick as the question."""
FEW = 4
"""A pass over the rivals is worth it up to one pair in so many: they lie scattered, and far memory is read faster in one go."""


class Rivals:
    """What is known of the pairs' values.

    Attributes:
        seen: [S] float64, the values that the newest of them were computed from; None where that is not known.
        guessed: whether some of them are but bounds.
        lift: what was added to all of them since.
        found: [P] uint64, room for the rivals.
        vain, rest: how long the last search that was in vain lets others rest, and how long still.
    """

    def __init__(self, mdp: FiniteMDP, discount: float) -> None:
        self.seen: Floats | None = None
        self.guessed, self.lift, self.vain, self.rest = False, 0.0, 0, 0
        self.found: Places = np.empty(mdp.pairs, np.uint64)
        self._discount, self._ends = discount, bool(mdp.terminated.any())
        self._largest_reward = float(np.abs(mdp.expected_reward).max())
        self._epsilon = 4 * (int(np.diff(mdp.outcome_offsets).max()) + 2) * float(np.finfo(float).eps)

    def rise(self, values: Floats) -> float:
        """The most that a pair can have become better, now that states have these values [S]; inf where that is not known."""
        if self.seen is None:
            return np.inf
        most = float((values - self.seen).max())
        slack = self._epsilon * (self._largest_reward + float(np.abs(values).max()))
        return self._discount * (max(most, 0.0) if self._ends else most) + slack

    def note(self, values: Floats, guessed: bool) -> None:
        """Pairs were looked at with these values [S] of states: all, or, if `guessed`, the rivals."""
        if self.seen is None:
            self.seen = values.copy()
        else:
            self.seen[:] = values
        self.guessed, self.lift = guessed, 0.0

    def resting(self) -> bool:
        """Whether looking for rivals was in vain so lately that it is left alone for now."""
        self.rest -= 1
        return self.rest >= 0

    def few(self, count: int) -> bool:
        """Whether so many rivals are worth a pass of their own; in vain, the search rests, the longer the more often."""
        worth = FEW * count <= len(self.found)
        self.vain = 0 if worth else 2 * self.vain + 1
        self.rest = self.vain
        return worth
