"""Whole episodes, for Monte Carlo methods: how they are kept, and how their returns are averaged when they end.

An episode under way is a path of outcomes, by their numbers in the table; reward, state and action of each step follow from it.
It is part of a member's state, so it has to end: worlds without a step limit, or with a larger one, are cut after `LONGEST` steps.
A truncated episode counts as if it had ended there: no value is put in the place of what would have come.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.schedules import value_at
from core.tabular.engine.policy import clock
from core.tabular.engine.steps import note_update
from core.tabular.engine.table import Table
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Path = NDArray[np.int32]

LONGEST = 10_000
"""Steps of an episode at most."""


def shortened(table: Table) -> Table:
    """The table with a step limit of at most `LONGEST`."""
    return table._replace(step_limit=min(table.step_limit or LONGEST, LONGEST))


def paths(table: Table, members: int) -> Path:
    """[K, L] int32, room for one episode of each member."""
    return np.zeros((members, table.step_limit), np.int32)


def outcome_pair(mdp: FiniteMDP) -> Ints:
    """[T] the pair of each outcome."""
    return np.repeat(np.arange(mdp.pairs), np.diff(mdp.outcome_offsets))


@borrowing
def average_returns(
    path: Path, length: int, origin: Ints, reward: Floats, first: Ints, every: bool, discount: float, step_size: Floats,
    steps: int, episodes: int, values: Floats, visits: Ints, last: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Move the value of everything that an episode visited towards the return that followed, the newest visit first.

    Args:
        path: [L] outcomes; the episode is the first `length` of them.
        origin: [T] what each outcome is a visit to: the place of its state or of its pair in `values`.
        first: [N] scratch; filled with the time of the first visit.
        every: whether every visit counts or only the first.
        steps: taken before the newest one; with `episodes`, and visits, what step sizes count.
        values: [N], and likewise visits.

    Returns:
        Absolute error and old value, each as the mean of the updates times `length`.
    """
    for time in range(length - 1, -1, -1):
        first[origin[path[time]]] = time
    surprise, expected, updates, back = 0.0, 0.0, 0, 0.0
    for time in range(length - 1, -1, -1):
        outcome = path[time]
        place = origin[outcome]
        target = reward[outcome] + discount * back
        if every or first[place] == time:
            alpha = value_at(step_size, clock(step_size, steps, episodes, visits[place]))
            old = values[place]
            values[place] = old + alpha * (target - old)
            visits[place] += 1
            surprise, expected, updates = surprise + abs(target - old), expected + old, updates + 1
            if time == 0:
                note_update(last, place, outcome, old, back, alpha, values[place])
        back = target
    return surprise * length / updates, expected * length / updates
