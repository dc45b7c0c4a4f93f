"""Prioritised sweeping of a known model (Moore and Atkeson 1993; Sutton and Barto 2018, section 8.4; Wingate and Seppi 2005).

The state whose value is most wrong is backed up next. How wrong, its priority, is its Bellman error

    H(s) = |max over a of Q(s, a) - V(s)|,   Q(s, a) = sum over s' of p(s' | s, a) [r(s, a, s') + gamma V(s')]

A backup stores the maximum; then Q and H of the state's predecessors are computed anew, since only theirs have changed. A heap gives the
largest H. As H is the residual ||TV - V|| of all states at any moment,

    ||V - V*|| <= max H / (1 - gamma)

(Puterman 1994, theorem 6.3.1 and the triangle inequality) ends it at any backup. At discount 1 nothing is proven: max H itself must
fall below the tolerance.

Deviations from the papers: priorities are exact errors, not estimates from the last change, and there is no threshold below which a state
stays out: the heap holds every state. One unit is one backup that is stored (the lookahead of its predecessors is part of it); one
boundary is as many backups as there are states.
"""

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.learner import Explanation, Task
from core.planning.engine.explanation import explain_backup
from core.planning.engine.kernels import Unsigned, look_ahead
from core.planning.engine.planner import SweepConfig, TablePlanner
from core.registry import Algorithm
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class PrioritisedSweepingConfig(SweepConfig):
    """Settings of prioritised sweeping."""


class PrioritisedSweeping(TablePlanner):
    """Backups in the order of their Bellman error.

    Attributes:
        priority: [S] float64, H.
        heap: [S] int64, the states, none with a larger H than its parent's; heap[0] is the most wrong one.
        place: [S] int64, where in the heap each state lies.
        visits: [S] int64, backups of each state.
    """

    in_place = True
    arrays: ClassVar[tuple[str, ...]] = ("priority", "heap", "place", "visits", "last")
    numbers: ClassVar[tuple[str, ...]] = (*TablePlanner.numbers, "threshold")

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, PrioritisedSweepingConfig)
        super().__init__(task, task.config.tolerance, task.config.max_sweeps)
        states = self.mdp.states
        self.priority, self.threshold = np.zeros(states), 0.0
        self.heap, self.place, self.visits = np.arange(states), np.arange(states), np.zeros(states, np.int64)
        self.last = np.full(1, -1, np.int64)
        self.first_before, self.before = predecessors(self.mdp)
        self.pair_values[:] = self.mdp.expected_reward
        enqueue(self.mdp.state_offsets, self.values, self.pair_values, self.priority, self.heap, self.place)

    @property
    def error_bound(self) -> float:
        return self.horizon * (float(self.priority[self.heap[0]]) + self.rounding) if math.isfinite(self.horizon) else math.inf

    @property
    def settled(self) -> bool:
        return bool(self.priority[self.heap[0]] <= self.threshold)

    @property
    def converged(self) -> bool:
        return self.sweeps > 0 and self.settled

    def begin(self, whole: bool) -> None:
        super().begin(whole)
        enough = self.tolerance / self.horizon - self.rounding if math.isfinite(self.horizon) else self.tolerance
        self.threshold = max(self.rounding, enough)

    def work(self, start: int, stop: int) -> int:
        done, switched, self.old = sweep(
            *self.table, self.first_before, self.before, self.values, self.pair_values, self.policy, self.priority, self.heap, self.place,
            self.visits, self.last, self.change.switched, self.old, self.threshold, stop - start,
        )  # fmt: skip
        self.change = self.change._replace(switched=switched)
        if done:
            self.lit = int(self.mdp.pair_state[self.last[0]])
        return done

    def end(self) -> bool:
        self.change = self.change._replace(low=0.0, high=float(self.priority[self.heap[0]]))
        return super().end()

    def counts(self) -> Ints:
        return self.visits.copy()

    def explained(self, state: int, reads: Floats) -> Explanation:
        return explain_backup(self.mdp, self.discount, int(self.last[0]), reads, float(self.values[state]))


def predecessors(mdp: FiniteMDP) -> tuple[Ints, Ints]:
    """[S + 1] offsets into [N] states: those that may go on to each state, ascending."""
    state = np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))[~mdp.terminated]
    links = np.unique(mdp.next_state[~mdp.terminated] * mdp.states + state)
    return np.searchsorted(links, np.arange(mdp.states + 1) * mdp.states), links % mdp.states


@compiled
def look(
    state_offsets: Ints, outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    values: Floats, pair_values: Floats, state: int,
) -> float:  # fmt: skip
    """Compute Q of a state's pairs anew; return its Bellman error."""
    best = -np.inf
    for pair in range(state_offsets[state], state_offsets[state + 1]):
        pair_values[pair] = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, values, pair)
        best = max(best, pair_values[pair])
    return abs(best - values[state])


@compiled
def sift(priority: Floats, heap: Ints, place: Ints, state: int) -> None:
    """Move a state whose priority has changed to where it belongs in the heap."""
    at = place[state]
    while at > 0 and priority[heap[(at - 1) // 2]] < priority[state]:
        parent = (at - 1) // 2
        heap[at] = heap[parent]
        place[heap[at]] = at
        at = parent
    while 2 * at + 1 < len(heap):
        child = 2 * at + 1
        if child + 1 < len(heap) and priority[heap[child + 1]] > priority[heap[child]]:
            child += 1
        if priority[heap[child]] <= priority[state]:
            break
        heap[at] = heap[child]
        place[heap[at]] = at
        at = child
    heap[at], place[state] = state, at


@compiled
def enqueue(state_offsets: Ints, values: Floats, pair_values: Floats, priority: Floats, heap: Ints, place: Ints) -> None:
    """Give every state its Bellman error, by `pair_values` as they are, and its place in the heap."""
    for state in range(len(values)):
        best = -np.inf
        for pair in range(state_offsets[state], state_offsets[state + 1]):
            best = max(best, pair_values[pair])
        if state_offsets[state] < state_offsets[state + 1]:
            priority[state] = abs(best - values[state])
            sift(priority, heap, place, state)


@compiled
def sweep(
    state_offsets: Ints, outcome_offsets: Unsigned, next_state: Unsigned, continuation: Floats, expected_reward: Floats, discount: float,
    first_before: Ints, before: Ints, values: Floats, pair_values: Floats, policy: Ints, priority: Floats, heap: Ints, place: Ints,
    visits: Ints, last: Ints, switched: int, old: float, threshold: float, most: int,
) -> tuple[int, int, float]:  # fmt: skip
    """At most `most` backups, the most wrong state first, while its Bellman error is above `threshold`; `last` [1] gets the last pair.

    Returns:
        Backups done; `switched` and the policy's changes added; the last backup's value before it, or `old`.
    """
    done = 0
    while done < most and priority[heap[0]] > threshold:
        state = heap[0]
        best = state_offsets[state]
        for pair in range(best + 1, state_offsets[state + 1]):
            if pair_values[pair] > pair_values[best]:
                best = pair
        if pair_values[best] > pair_values[policy[state]]:
            policy[state] = best
            switched += 1
        old, values[state], last[0] = values[state], pair_values[best], best
        visits[state] += 1
        done += 1
        priority[state] = 0.0
        sift(priority, heap, place, state)
        for link in range(first_before[state], first_before[state + 1]):
            other = before[link]
            priority[other] = look(
                state_offsets, outcome_offsets, next_state, continuation, expected_reward, discount, values, pair_values, other
            )
            sift(priority, heap, place, other)
    return done, switched, old


ALGORITHM = Algorithm(
    name="prioritised-sweeping",
    title="Prioritised sweeping",
    summary="Value iteration that always turns to the state whose value is most wrong, so that news travels straight to where it matters.",
    source="Moore and Atkeson (1993); Sutton and Barto (2018), section 8.4",
    config=PrioritisedSweepingConfig,
    build=PrioritisedSweeping,
    needs="finite",
    order=5,
)
