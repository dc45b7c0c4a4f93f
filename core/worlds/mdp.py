"""The one representation of a finite Markov decision process.

Transitions (state, action, next state, probability, reward, terminated) lie sorted in three levels, CSR-like:
state s owns the pairs state_offsets[s]:state_offsets[s + 1], pair p owns the outcomes
outcome_offsets[p]:outcome_offsets[p + 1]. A Bellman backup of all states is one linear pass (Puterman 1994, ch. 6):

    Q(p) = expected_reward[p] + discount * sum over outcomes t of p: continuation[t] * V(next_state[t])

where continuation is the probability, or 0 where the episode terminates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

BLOCK = 1 << 16
"""Pairs or states at a time, where an array for all would only be in the way."""


@dataclass(frozen=True, eq=False)
class FiniteMDP:
    """A frozen transition table of S states, A actions, P state-action pairs and T outcomes. Made by `core.worlds.build`.

    Attributes:
        state_names: S names.
        action_names: A names.
        state_offsets: [S + 1] int64.
        pair_action: [P] int64, the action of each pair; ascending within a state.
        outcome_offsets: [P + 1] int64.
        next_state: [T] int64.
        probability: [T] float64, adding up to 1 over each pair.
        reward: [T] float64.
        terminated: [T] bool, whether the episode ends with this outcome.
        start: [S] float64, probabilities of starting in each state.
        discount: gamma from 0 to 1, the world's own.
        step_limit: steps after which an episode is truncated; 0 for never.
    """

    state_names: Sequence[str]
    action_names: Sequence[str]
    state_offsets: Ints
    pair_action: Ints
    outcome_offsets: Ints
    next_state: Ints
    probability: Floats
    reward: Floats
    terminated: Bools
    start: Floats
    discount: float
    step_limit: int = 0

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def states(self) -> int:
        return len(self.state_offsets) - 1

    @property
    def actions(self) -> int:
        return len(self.action_names)

    @property
    def pairs(self) -> int:
        return len(self.pair_action)

    @cached_property
    def pair_state(self) -> Ints:
        """[P] the state of each pair."""
        return np.repeat(np.arange(self.states), np.diff(self.state_offsets))

    @cached_property
    def continuation(self) -> Floats:
        """[T] probability that the outcome happens and the episode goes on."""
        return np.where(self.terminated, 0.0, self.probability) if self.terminated.any() else self.probability

    @cached_property
    def expected_reward(self) -> Floats:
        """[P] mean reward of each pair."""
        means = np.empty(self.pairs)
        for first in range(0, self.pairs, BLOCK):
            offsets = self.outcome_offsets[first : first + BLOCK + 1]
            part = slice(offsets[0], offsets[-1])
            means[first : first + BLOCK] = np.add.reduceat(self.probability[part] * self.reward[part], offsets[:-1] - offsets[0])
        return means

    @cached_property
    def cumulative(self) -> Floats:
        """[T] probability of this outcome or an earlier one of its pair; exactly 1 at the last."""
        total = np.cumsum(self.probability)
        before = np.concatenate([[0.0], total])[self.outcome_offsets[:-1]]
        cumulative = total - np.repeat(before, np.diff(self.outcome_offsets))
        cumulative[self.outcome_offsets[1:] - 1] = 1.0
        return cumulative

    @cached_property
    def available(self) -> Bools:
        """[S, A] whether the action can be taken in the state."""
        available = np.zeros((self.states, self.actions), bool)
        for first in range(0, self.states, BLOCK):
            offsets = self.state_offsets[first : first + BLOCK + 1]
            state = np.repeat(np.arange(first, first + len(offsets) - 1), np.diff(offsets))
            available[state, self.pair_action[offsets[0] : offsets[-1]]] = True
        return available

    @cached_property
    def absorbing(self) -> Bools:
        """[S] states without any action: the episode is over there."""
        return np.diff(self.state_offsets) == 0

    def q_table(self, pair_values: Floats) -> Floats:
        """[S, A] from [P], NaN where an action is unavailable."""
        table = np.full((self.states, self.actions), np.nan)
        table[self.available] = pair_values
        return table

    def pair_of(self, state: int, action: int) -> int:
        """The pair of a state and an available action; KeyError where it is unavailable."""
        first, last = int(self.state_offsets[state]), int(self.state_offsets[state + 1])
        place = first + int(np.searchsorted(self.pair_action[first:last], action))
        if place == last or self.pair_action[place] != action:
            raise KeyError((state, action))
        return place


def state_values(q: Floats) -> Floats:
    """[S] max over available actions of q [S, A]; 0 where there are none."""
    return np.where(np.isnan(q).all(axis=1), 0.0, np.max(np.where(np.isnan(q), -np.inf, q), axis=1, initial=-np.inf))


def greedy(q: Floats) -> Ints:
    """[S] the first best action of q [S, A]; -1 where there are none."""
    best = np.argmax(np.where(np.isnan(q), -np.inf, q), axis=1)
    return np.where(np.isnan(q).all(axis=1), -1, best)


def weighed(states: Ints, weights: Floats) -> tuple[tuple[int, float], ...]:
    """States [N] with the sums of their weights [N], ascending, without those of no weight."""
    found, place = np.unique(states, return_inverse=True)
    sums = np.bincount(place, weights, len(found))
    return tuple((state, weight) for state, weight in zip(found.tolist(), sums.tolist(), strict=True) if weight > 0)
