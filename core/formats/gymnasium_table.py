"""Gymnasium's dictionary of transitions, P[state][action] = [(probability, next state, reward, terminated), ...].

A state in which whatever is done ends the episode where it is, for nothing, is terminal, as in gymnasium's own. States and
actions have numbers from 0, and where an episode starts, the discount and the step limit are not told.
"""

import math
from typing import Any

import numpy as np

from core.errors import WorldError
from core.formats.format import Found
from core.formats.tables import MOST_ROWS, Rows, names_lost, rules_lost, table, without_standstill
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World

Outcome = tuple[float, int, float, bool]


def of_dictionary(values: Any, where: str) -> Found:
    """The world of a dictionary that may hold anything; WorldError names the entry at fault."""
    if not isinstance(values, dict) or not values:
        raise WorldError("this is no dictionary of transitions", where=where, remedy=REMEDY)
    columns: tuple[list[Any], ...] = tuple([] for _ in range(6))
    states, actions = 0, 0
    for state, row in _numbered(values, where, "state"):
        states = max(states, state + 1)
        place = f"{where}, P[{state}]"
        for action, outcomes in _numbered(row, place, "action"):
            actions = max(actions, action + 1)
            if not isinstance(outcomes, list | tuple):
                raise WorldError("this is no list of outcomes", where=f"{place}[{action}]", remedy=REMEDY)
            for number, outcome in enumerate(outcomes):
                probability, following, reward, ends = _checked(outcome, f"{place}[{action}][{number}]")
                for column, value in zip(columns, (state, action, following, probability, reward, ends), strict=True):
                    column.append(value)
        if len(columns[0]) > MOST_ROWS:
            raise WorldError(f"there are more than {MOST_ROWS:,} transitions", where=where)
    if states > len(values):
        missing = next(number for number in range(states) if str(number) not in values and number not in values)
        raise WorldError(f"there is a state {states - 1} but no state {missing}", where=where, remedy="Number the states from 0")
    rows = Rows(
        np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(columns[2], np.int64), np.array(columns[3], np.float64),
        np.array(columns[4], np.float64), np.array(columns[5], bool),
    )  # fmt: skip
    named = [str(number) for number in range(states)], [str(number) for number in range(max(actions, 1))]
    return Found(table(where, *named, without_standstill(rows, ends=True)))


def dictionary(world: World) -> dict[int, dict[int, list[Outcome]]]:
    """P of a finite world."""
    from core.worlds.table_env import TableEnv

    return TableEnv(world.compile()).P


def loses(world: World) -> list[str]:
    """Names and rules, and states that gymnasium's way of writing terminal ones does not tell from them."""
    mdp = world.compile()
    lost = names_lost(mdp) + rules_lost(mdp, "discount", "step_limit", "start")
    idle = _ending_at_once(mdp)
    if idle is not None:
        lost.append(f"The state '{mdp.state_names[idle]}', where every action ends the episode for nothing, is read as a terminal one.")
    unused = mdp.actions - 1 - int(mdp.pair_action.max())
    if unused and not mdp.absorbing.any():
        lost.append(f"The last {unused} actions, which are never available, are not kept.")
    return lost


REMEDY = "Write {state: {action: [[probability, next state, reward, terminated], ...]}}"


def _ending_at_once(mdp: FiniteMDP) -> int | None:
    """The first state that is not terminal and looks so."""
    state = np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))
    stays = (mdp.next_state == state) & (mdp.reward == 0) & mdp.terminated
    idle = np.setdiff1d(state, state[~stays])
    return int(idle[0]) if len(idle) else None


def _numbered(values: Any, where: str, what: str) -> list[tuple[int, Any]]:
    """The entries of a dictionary whose keys are numbers or numbers as text."""
    if not isinstance(values, dict):
        raise WorldError(f"this is no dictionary by {what}", where=where, remedy=REMEDY)
    found = {}
    for key, value in values.items():
        written = isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) < 10
        number = key if type(key) is int else int(key) if written else -1
        if not 0 <= number < 1_000_000:
            raise WorldError(f"{str(key)[:30]!r} is no number of {what}s", where=where, remedy=REMEDY)
        if number in found:
            raise WorldError(f"the {what} {number} is there twice", where=where, remedy="Take one of them out")
        found[number] = value
    return list(found.items())


def _checked(outcome: Any, where: str) -> Outcome:
    if not isinstance(outcome, list | tuple) or len(outcome) != 4:
        raise WorldError("this is no outcome", where=where, remedy="Write [probability, next state, reward, terminated]")
    probability, following, reward, ends = outcome
    for value, what in ((probability, "probability"), (reward, "reward")):
        if type(value) not in (int, float) or not math.isfinite(value) or abs(value) > 1e300:
            raise WorldError(f"the {what} {str(value)[:30]!r} is no number", where=where)
    if type(following) is not int or not 0 <= following < 1_000_000:
        raise WorldError(f"the next state {str(following)[:30]!r} is no number of a state", where=where)
    if not (isinstance(ends, bool) or (type(ends) is int and ends in (0, 1))):
        raise WorldError(f"terminated is {str(ends)[:30]!r}", where=where, remedy="It must be true or false")
    return float(probability), following, float(reward), bool(ends)
