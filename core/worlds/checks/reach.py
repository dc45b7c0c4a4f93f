"""What cannot be come to."""

from collections.abc import Iterator

import numpy as np

from core.worlds import table_edits
from core.worlds.checks.problem import HINT, WARNING, Fix, Problem
from core.worlds.checks.subject import Subject
from core.worlds.grid import Cell, GridWorld
from core.worlds.table import TableWorld, Transition


def goals(subject: Subject) -> Iterator[Problem]:
    """Goals of a grid that cannot be come to from any start."""
    world = subject.world
    if not isinstance(world, GridWorld):
        return
    visited = np.append(subject.visited, False)
    lost = [(row, column) for row, column in world.find(Cell.goal) if not visited[world.compiled.layers[:, row, column]].any()]
    if lost:
        row, column = lost[0]
        one = f"The goal in row {row}, column {column} cannot be reached from where episodes start"
        sentence = one if len(lost) == 1 else f"{len(lost)} goals cannot be reached from where episodes start"
        yield Problem("goal", WARNING, sentence, tuple(f"{row},{column}" for row, column in lost))


def cut_off(subject: Subject) -> Iterator[Problem]:
    """Starts from which no end and no reward above 0 can be come to, where there are such at all."""
    mdp, world = subject.table, subject.world
    worth = np.zeros(mdp.states, bool)
    worth[subject.source[mdp.terminated | (mdp.reward > 0)]] = True
    if not worth.any():
        return
    start = mdp.start > 0
    lost = start & ~subject.leading_to(worth)
    if not lost.any():
        return
    first = subject.names(lost)[0]
    if (lost == start).all():
        if not (isinstance(world, GridWorld) and world.find(Cell.goal)):  # `goals` has said it
            yield Problem("cut off", WARNING, "No end and no reward can be reached from where episodes start", subject.names(lost))
    elif lost.sum() == 1:
        sentence = f"Episodes may start in '{first}', from where no end and no reward can be reached"
        yield Problem("cut off", WARNING, sentence, (first,))
    else:
        sentence = f"Episodes may start in {lost.sum()} states from where no end and no reward can be reached, such as '{first}'"
        yield Problem("cut off", WARNING, sentence, subject.names(lost))


def dead_ends(subject: Subject) -> Iterator[Problem]:
    """States of a table without actions that earn nothing: ends that were perhaps not meant to be some."""
    mdp, world = subject.table, subject.world
    if not isinstance(world, TableWorld) or not mdp.reward.any():
        return
    earns = np.zeros(mdp.states, bool)
    earns[mdp.next_state[mdp.reward != 0]] = True
    for state in np.flatnonzero(mdp.absorbing & ~earns).tolist():
        name = mdp.state_names[state]
        action = "stay" if "stay" in world.actions else world.actions[0]
        stays = Transition(state=name, action=action, next=name)
        fix = Fix("Add an action that stays", lambda name=name, stays=stays: table_edits.with_outcomes(world, name, stays.action, [stays]))  # type: ignore[misc]
        yield Problem("dead end", HINT, f"State '{name}' has no actions and earns nothing: episodes end there", (name,), fix)


def unvisited(subject: Subject) -> Iterator[Problem]:
    """States of a table that no episode can come to."""
    if not isinstance(subject.world, TableWorld):
        return
    lost = ~subject.visited
    if lost.any():
        first = subject.names(lost)[0]
        one = f"State '{first}' cannot be reached from where episodes start"
        many = f"{lost.sum()} states cannot be reached from where episodes start, such as '{first}'"
        yield Problem("unvisited", HINT, one if lost.sum() == 1 else many, subject.names(lost))
