"""Why a world does not compile."""

from collections.abc import Iterator

import numpy as np

from core.worlds import table_edits
from core.worlds.build import TOLERANCE
from core.worlds.checks.problem import ERROR, Fix, Problem
from core.worlds.checks.subject import Subject
from core.worlds.grid import GridWorld
from core.worlds.rows import normalised, rows_of
from core.worlds.table import TableWorld


def sums(subject: Subject) -> Iterator[Problem]:
    """Pairs of state and action whose probabilities do not add up to 1."""
    world = subject.world
    if not isinstance(world, TableWorld | GridWorld):
        return
    rows = rows_of(world, None)
    wrong = np.flatnonzero(rows.wrong)
    if not len(wrong):
        return
    _, first = np.unique(rows.pair[wrong], return_index=True)
    state, action = rows.pair_names(int(wrong[first[0]]))
    sentence = f"probabilities of state '{state}', action '{action}' add up to {rows.sums[wrong[first[0]]]:.10g}"
    if len(first) > 1:
        sentence = f"probabilities of {len(first)} pairs of state and action do not add up to 1, such as state '{state}', action '{action}'"
    states = tuple(rows.states[state] for state in np.unique(rows.state[wrong]).tolist())
    yield Problem("sums", ERROR, sentence, states, Fix("Normalise probabilities", lambda: normalised(world, rows, wrong.tolist())))


def start_sum(subject: Subject) -> Iterator[Problem]:
    """Start probabilities that do not add up to 1."""
    world = subject.world
    if not isinstance(world, TableWorld) or not world.start:
        return
    total = sum(world.start.values())
    if abs(total - 1) > TOLERANCE:
        even = {name: chance / total for name, chance in world.start.items()} if total > 0 else {}
        fix = Fix("Normalise start probabilities", lambda: table_edits.started(world, even))
        yield Problem("start", ERROR, f"start probabilities add up to {total:.4g}", tuple(world.start), fix)


def start_over(subject: Subject) -> Iterator[Problem]:
    """Starts in states that are unknown, or where the episode is already over."""
    world = subject.world
    if not isinstance(world, TableWorld):
        return
    acting = {row.state for row in world.transitions}
    left = {name: chance for name, chance in world.start.items() if name in acting}
    over = [name for name, chance in world.start.items() if chance > 0 and name not in acting]
    total = sum(left.values())
    even = {name: chance / total for name, chance in left.items()} if total > 0 else {}
    for name in over if acting else ():
        known = name in world.states
        sentence = f"An episode starts in state '{name}', where it is already over" if known else f"there is no state '{name}'"
        yield Problem("start", ERROR, sentence, (name,), Fix("Start elsewhere", lambda: table_edits.started(world, even)))


def unknown_names(subject: Subject) -> Iterator[Problem]:
    """Transitions of a grid's own that name states or actions it does not have, such as keys that are gone."""
    world = subject.world
    if not isinstance(world, GridWorld) or not world.transitions:
        return
    ruled = world.model_copy(update={"transitions": ()}).compile()
    states, actions = set(ruled.state_names), set(ruled.action_names)
    lost = [row for row in world.transitions if not (row.state in states and row.next in states and row.action in actions)]
    if lost:
        name = next(
            name for name, known in ((lost[0].state, states), (lost[0].next, states), (lost[0].action, actions)) if name not in known
        )
        what = "state" if name in (lost[0].state, lost[0].next) else "action"
        kept = tuple(row for row in world.transitions if row not in lost)
        sentence = f"a transition of the grid's own names the {what} '{name}', which there is not"
        fix = Fix("Take such transitions out", lambda: world.model_copy(update={"transitions": kept}))
        yield Problem("unknown", ERROR, sentence, tuple({row.state for row in lost} & states), fix)
