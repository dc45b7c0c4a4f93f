"""What a learner remembers of the world: how often each outcome followed each pair (Sutton and Barto 2018, sections 8.2 and 8.4).

An outcome is a next state, a reward and whether the episode ends; only outcomes that were seen have a count. In a deterministic world
this is the model of the book, the last outcome of each pair; in a stochastic one it is the maximum-likelihood estimate.
"""

from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task
from core.tabular.engine.draws import Stream, below, uniform
from core.tabular.engine.learner import TabularConfig, TabularLearner

Ints = NDArray[np.int64]


class ModelConfig(TabularConfig):
    """Settings of learners that plan with what they remember."""

    planning_steps: int = setting(
        10, "Planning steps", "Updates from memory after each real step. 0 is Q-learning.", symbol="n", ge=0, le=100_000
    )

    @property
    def teachable(self) -> bool:
        return True


class Model(NamedTuple):
    """The memory of one member. How often a pair was tried is its `visits`.

    Attributes:
        counts: [T] int64, how often each outcome was seen.
        met: [S] int64, the states in which an action was tried are the first of these, in the order in which they were met.
        held: [1] int64, how many they are.
    """

    counts: Ints
    met: Ints
    held: Ints


class ModelLearner(TabularLearner):
    """A learner with a model."""

    settings: ModelConfig
    kept: ClassVar[tuple[str, ...]] = (*TabularLearner.kept, "counts", "met", "held")

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.counts = np.zeros((self.members, len(self.mdp.next_state)), np.int64)
        self.met = np.zeros((self.members, self.mdp.states), np.int64)
        self.held = np.zeros((self.members, 1), np.int64)

    def model(self, member: int) -> Model:
        return Model(self.counts[member], self.met[member], self.held[member])

    def metrics(self, member: int) -> dict[str, float]:
        return super().metrics(member) | {"states in memory": float(self.held[member, 0])}


@borrowing
def note_met(state_offsets: Ints, visits: Ints, met: Ints, known: int, state: int) -> int:
    """Note a state before its visit is counted; return how many are known."""
    tried = 0
    for pair in range(state_offsets[state], state_offsets[state + 1]):
        tried += visits[pair]
    if tried == 0:
        met[known] = state
        known += 1
    return known


@borrowing
def tried_pair(state_offsets: Ints, visits: Ints, state: int, replay: Stream) -> int:
    """Any of the state's pairs that were tried."""
    first, last = state_offsets[state], state_offsets[state + 1]
    tried = 0
    for pair in range(first, last):
        if visits[pair] > 0:
            tried += 1
    left = below(replay, tried)
    if tried == last - first:
        return first + left
    pair = first
    while visits[pair] == 0 or left > 0:
        if visits[pair] > 0:
            left -= 1
        pair += 1
    return pair


@borrowing
def remembered(outcome_offsets: Ints, counts: Ints, visits: Ints, pair: int, replay: Stream) -> int:
    """One of the outcomes of a pair that was tried, as often as it was seen; a pair with one outcome draws nothing."""
    outcome = outcome_offsets[pair]
    if outcome_offsets[pair + 1] - outcome > 1:
        left = int(uniform(replay) * visits[pair])
        while counts[outcome] <= left:
            left -= counts[outcome]
            outcome += 1
    return outcome
