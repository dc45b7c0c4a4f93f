"""What one member knows and where it stands, as kernels read and write it, and the parts that their steps share."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.linear.engine.features import Basis, encode
from core.schedules import value_at

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS, EPISODES, LENGTH, ACTION, TRACED = range(5)
"""Columns of a member's place: steps and episodes so far, steps of this episode, the action chosen for the next step, and how many
weights have a trace."""

RETURN, SURPRISE, EXPECTED, BEFORE, WEIGHT, SEEN = range(6)
"""Columns of a member's totals: sums over the episode under way of rewards, absolute TD errors, and values before their update; the
value that the next action had before the newest update (true online traces); sums over its steps of gamma^(steps since), and of the
discounted return seen from there on."""

LAST = ("action", "q", "reward", "following", "error", "terminated", "step_size", "epsilon", "state", "next_state", "now")
"""The newest update of a member; states are -1 where they have no number, the TD error is `error`, `now` is where the agent stands."""

KEPT = ("weights", "place", "totals", "last")
"""What of a member's memory is kept as it is."""


class Memory(NamedTuple):
    """Of one member.

    Attributes:
        weights: [A, F] float64.
        active: [2, n] int64, features of the present observation and, within a step, of the next one.
        value: [2, n] float64, their values.
        trace: [A F] float64, how much of the next TD error each weight takes, step size included; [0] without traces.
        where: [A F] int64, first those weights that have a trace, in any order.
        place: [5] int64, see `STEPS` and the others.
        totals: [6] float64, see `RETURN` and the others.
        last: [11] float64, see `LAST`.
        schedules: [2, 138] float64, step size and epsilon, encoded (see `core.schedules.Row`).
    """

    weights: Floats
    active: Ints
    value: Floats
    trace: Floats
    where: Ints
    place: Ints
    totals: Floats
    last: Floats
    schedules: Floats


def traces_of(memory: Memory) -> dict[str, NDArray[Any]]:
    """Which weights have a trace, and what it is: few of many."""
    where = np.sort(memory.where[: memory.place[TRACED]])
    traced = where[memory.trace[where] != 0.0]
    return {"traced": traced, "trace": memory.trace[traced]}


def restore_traces(memory: Memory, kept: Mapping[str, NDArray[Any]]) -> None:
    """Write traces as they were kept, or one of every weight, as earlier versions kept them."""
    traced = kept["traced"] if "traced" in kept else np.flatnonzero(kept["trace"])
    memory.trace[:] = 0.0
    memory.trace[traced] = kept["trace"] if "traced" in kept else kept["trace"][traced]
    memory.where[: len(traced)] = traced
    memory.place[TRACED] = len(traced)


@compiled
def scheduled(schedule: Floats, steps: int, episodes: int) -> float:
    """A schedule's value now."""
    return value_at(schedule, float(steps if schedule[5] == 0.0 else episodes))


@compiled
def predict(weights: Floats, index: Ints, value: Floats) -> float:
    """The value of one action: its weights [F] over the features."""
    total = 0.0
    for slot in range(len(index)):
        total += weights[index[slot]] * value[slot]
    return total


@compiled
def choose(q: Floats, mask: NDArray[np.bool_], chance: float, draw: float) -> int:
    """An available action: any with probability `chance`, else one of the best. One `draw` from 0 to before 1 decides everything."""
    explores = draw < chance
    rest = draw / chance if explores else (draw - chance) / (1.0 - chance)
    best, count = -np.inf, 0
    for action in range(len(q)):
        if mask[action]:
            best = max(best, q[action])
    for action in range(len(q)):
        if mask[action] and (explores or q[action] == best):
            count += 1
    turn = min(int(rest * count), count - 1)
    for action in range(len(q)):
        if mask[action] and (explores or q[action] == best):
            if turn == 0:
                return action
            turn -= 1
    return -1


@compiled
def values_in(basis: Basis, weights: Floats, observation: NDArray[np.float32], state: int) -> Floats:
    """[A] value of every action in an observation."""
    slots = len(basis.rates)
    index, value, q = np.empty(slots, np.int64), np.empty(slots), np.empty(len(weights))
    encode(basis, observation, state, index, value)
    for action in range(len(q)):
        q[action] = predict(weights[action], index, value)
    return q


@compiled
def values_of_all(basis: Basis, weights: Floats, observations: NDArray[np.float32]) -> Floats:
    """[N, A] value of every action in observations [N, D]; those of numbered states are one-hot."""
    q = np.empty((len(observations), len(weights)))
    for row in range(len(observations)):
        q[row] = values_in(basis, weights, observations[row], int(np.argmax(observations[row])))
    return q


@compiled
def look(basis: Basis, memory: Memory, row: int, observation: NDArray[np.float32], state: int, q: Floats) -> None:
    """Write the features of an observation into a row of the memory, and the value of every action in it into `q`."""
    index, value = memory.active[row], memory.value[row]
    encode(basis, observation, state, index, value)
    for action in range(len(q)):
        q[action] = predict(memory.weights[action], index, value)


@compiled
def begin(basis: Basis, memory: Memory, observation: NDArray[np.float32], state: int, mask: NDArray[np.bool_], draw: float) -> int:
    """Begin an episode: forget traces and sums, choose the first action."""
    place, totals, trace, where = memory.place, memory.totals, memory.trace, memory.where
    for one in range(place[4]):
        trace[where[one]] = 0.0
    place[2], place[4] = 0, 0
    totals[:] = 0.0
    q = np.empty(len(memory.weights))
    look(basis, memory, 0, observation, state, q)
    place[3] = choose(q, mask, scheduled(memory.schedules[1], place[0], place[1]), draw)
    return int(place[3])


@compiled
def finish(
    memory: Memory, discount: float, q: float, reward: float, following: float, error: float, terminated: bool, over: bool,
    step_size: float, state: int, next_action: int,
) -> int:  # fmt: skip
    """End a step: note the update, move on to the next features and action; return the action, or -1 where values are not finite."""
    index, value, place, totals, last = memory.active, memory.value, memory.place, memory.totals, memory.last
    last[0], last[1], last[2], last[3], last[4], last[5] = place[3], q, reward, following, error, terminated
    last[6], last[7] = step_size, scheduled(memory.schedules[1], place[0], place[1])
    last[8], last[9], last[10] = last[10], state, state
    index[0], value[0] = index[1], value[1]
    totals[0], totals[1], totals[2] = totals[0] + reward, totals[1] + abs(error), totals[2] + q
    totals[4] = 1.0 + discount * totals[4]
    totals[5] += reward * totals[4]
    place[0], place[1], place[2], place[3] = place[0] + 1, place[1] + over, place[2] + 1, next_action
    return next_action if np.isfinite(error) else -1
