"""Eligibility traces: which pairs a TD error changes besides the one just left, and how much (Sutton and Barto 2018, chapter 12).

A trace holds the step size of each visit within it, z = sum over visits of alpha (gamma lambda)^(steps since), so that Q <- Q + delta z.
For a constant step size this is alpha times the trace of the book; for one that falls it is still the exact backward view of
"move the value of visit t by alpha_t towards its lambda-return".

Only pairs with a trace are looked at: they stand in a list. A trace below `CUTOFF` is dropped: what it would still add to a value is
less than the rounding of the TD errors themselves. The list holds at most ln(CUTOFF) / ln(gamma lambda) pairs, 174 at 0.81, and never
more than a pass over all pairs would touch; so it is the faster way in every world.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined
from core.config import setting
from core.learner import Snapshot, Task, Term
from core.tabular.engine.learner import TabularConfig, TabularLearner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUTOFF = 2.0**-53
"""Traces below are 0: half the distance from 1 to the next number."""


class Trace(StrEnum):
    accumulating = "accumulating"
    replacing = "replacing"
    dutch = "dutch"


KINDS = tuple(Trace)
ACCUMULATING, REPLACING, DUTCH = range(3)


class TraceConfig(TabularConfig):
    """Settings of learners with traces."""

    trace_decay: float = setting(
        0.8,
        "Trace decay",
        "How much of an error reaches the pair visited one step earlier: 0 only the pair just left, 1 all pairs of the episode alike.",
        symbol="λ",
        ge=0,
        le=1,
    )
    trace: Trace = setting(
        Trace.replacing,
        "Traces",
        "What a visit adds to a trace that is still there. accumulating: all of it; replacing: it starts anew; dutch: between the two, "
        "by the step size.",
    )


class Traces(NamedTuple):
    """The traces of one member, as kernels take them; of pairs, or of states where values are those of states.

    Attributes:
        kind: place in `KINDS`.
        decay: gamma lambda.
        z: [P] float64, 0 but for active pairs.
        active: [P] int64, the active pairs are the first of these.
        held: [1] int64, how many they are.
    """

    kind: int
    decay: float
    z: Floats
    active: Ints
    held: Ints


class TraceLearner(TabularLearner):
    """A learner whose TD errors reach back along traces."""

    settings: TraceConfig
    kept: ClassVar[tuple[str, ...]] = (*TabularLearner.kept, "z", "active", "held")
    recorded: ClassVar[tuple[str, ...]] = (*TabularLearner.recorded, "trace", "touched")
    formula = "q + alpha * trace * (r + gamma * following - q)"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.kind, self.decay = KINDS.index(self.settings.trace), self.discount * self.settings.trace_decay
        self.z = np.zeros_like(self.q)
        self.active = np.zeros(self.q.shape, np.int64)
        self.held = np.zeros((self.members, 1), np.int64)

    def traces(self, member: int) -> Traces:
        return Traces(self.kind, self.decay, self.z[member], self.active[member], self.held[member])

    def rate(self, known: Mapping[str, float]) -> dict[str, Term]:
        meaning = "trace of the action taken: 1 for this step and what is left of earlier ones"
        return super().rate(known) | {"trace": Term("z(s, a)", meaning, known["trace"])}

    def snapshot(self, member: int = 0) -> Snapshot:
        return replace(super().snapshot(member), traces=self.mdp.q_table(self.z[member]))

    def metrics(self, member: int) -> dict[str, float]:
        """Also how many pairs the newest update moved."""
        known = self.known(member)
        return super().metrics(member) | ({"traces": known["touched"]} if known else {})


@inlined
def mark(kind: int, z: Floats, active: Ints, count: int, pair: int, step_size: float) -> int:
    """Note a visit of the pair; return how many are active."""
    before = z[pair]
    if before == 0.0:
        active[count] = pair
        count += 1
    if kind == REPLACING:
        before = 0.0
    elif kind == DUTCH:
        before *= 1.0 - step_size
    z[pair] = before + step_size
    return count


@inlined
def spread(q: Floats, z: Floats, active: Ints, count: int, error: float, decay: float) -> int:
    """Move every active pair by the error times its trace, let traces fade; return how many are active still."""
    left = 0
    for place in range(count):
        pair = active[place]
        q[pair] += error * z[pair]
        z[pair] *= decay
        if z[pair] >= CUTOFF:
            active[left] = pair
            left += 1
        else:
            z[pair] = 0.0
    return left


@inlined
def forget(z: Floats, active: Ints, count: int) -> int:
    """Drop all traces; return how many are active: 0."""
    for place in range(count):
        z[active[place]] = 0.0
    return 0
