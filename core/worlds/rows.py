"""The transitions of any finite world as rows to read and edit, whether it compiles or not.

A table has its own rows. A grid has those that its rules make, and its own in their place; edited rows become its own, and a pair
that has lost all of them goes back to what the rules make. Rows that a program makes can only be read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from core.errors import WorldError
from core.worlds.build import TOLERANCE
from core.worlds.grid import GridWorld
from core.worlds.mdp import Bools, FiniteMDP, Floats, Ints
from core.worlds.table import TableWorld
from core.worlds.transition import Columns, Transition
from core.worlds.world import World

Pair = tuple[str, str]
"""State and action by name."""


@dataclass(frozen=True, eq=False)
class Rows(Columns):
    """The transitions of a world, in the order of its document."""

    @cached_property
    def pair(self) -> Ints:
        """[N] int64, a number for the state and action of each row."""
        return self.state * len(self.actions) + self.action

    @cached_property
    def sums(self) -> Floats:
        """[N] what the probabilities of the row's pair add up to."""
        if not len(self):
            return np.empty(0)
        order = None if (np.diff(self.pair) >= 0).all() else np.argsort(self.pair, kind="stable")
        pair, chance = (self.pair, self.probability) if order is None else (self.pair[order], self.probability[order])
        first = np.flatnonzero(np.append(True, np.diff(pair) > 0))
        sums = np.repeat(np.add.reduceat(chance, first), np.diff(np.append(first, len(pair))))
        if order is None:
            return sums
        unsorted = np.empty_like(sums)
        unsorted[order] = sums
        return unsorted

    @cached_property
    def wrong(self) -> Bools:
        """[N] whether the row's pair does not add up to 1."""
        return np.abs(self.sums - 1) > TOLERANCE

    @cached_property
    def over(self) -> Bools:
        """[S] whether a state has no actions, so that the episode ends there."""
        over = np.ones(len(self.states), bool)
        over[self.state] = False
        return over

    @cached_property
    def state_rank(self) -> Ints:
        """[S] int64, the place of each state among the names in their natural order: s2 before s10."""
        return _rank(self.states)

    @cached_property
    def action_rank(self) -> Ints:
        """[A] int64, likewise."""
        return _rank(self.actions)

    def same(self, others: Iterable[Transition]) -> list[int]:
        """Numbers of the rows that lead from the state of one of the others by its action to its next state."""
        state, action = ({name: place for place, name in enumerate(names)} for names in (self.states, self.actions))
        keys = [
            (state[row.state] * len(action) + action[row.action]) * len(state) + state[row.next]
            for row in others if row.state in state and row.action in action and row.next in state
        ]  # fmt: skip
        return np.flatnonzero(np.isin(self.pair * len(state) + self.next_state, np.array(keys, np.int64))).tolist()

    def pair_names(self, number: int) -> Pair:
        """State and action of a row."""
        return self.states[self.state[number]], self.actions[self.action[number]]


def rows_of(world: World, mdp: FiniteMDP | None) -> Rows:
    """The rows of a finite world.

    Args:
        world: a table, a grid, or one that a program makes.
        mdp: what it compiles to; None where it does not.

    Raises:
        WorldError: where a world that is neither table nor grid does not compile.
    """
    if isinstance(world, TableWorld):
        return _given(world.columns)
    if mdp is not None:
        return _compiled(mdp)
    if isinstance(world, GridWorld):
        ruled = _compiled(world.model_copy(update={"transitions": ()}).compile())
        own = _given(Columns.of(world.transitions, ruled.states, ruled.actions))
        states, actions = own.states, own.actions
        pair = ruled.state * len(actions) + ruled.action
        kept = ~np.isin(pair, own.pair)
        order = np.argsort(np.concatenate([pair[kept], own.pair]), kind="stable")
        columns = ("state", "action", "next_state", "probability", "reward", "ends")
        joined = {name: np.concatenate([getattr(ruled, name)[kept], getattr(own, name)])[order] for name in columns}
        return Rows(states, actions, **joined)
    return _compiled(world.compile())


def changed(world: World, rows: Rows, changes: Mapping[int, Transition | None], added: Iterable[Transition] = ()) -> World:
    """The world with other rows, all at once. Names that a table does not know become new states and actions.

    Args:
        world: a table or a grid.
        rows: its rows.
        changes: what takes the place of a row, by its number; None takes it out.
        added: further rows, each put behind those of its pair or state.

    Raises:
        WorldError: where a grid would need other states or actions, or the rows are made by a program.
    """
    added = list(added)
    if isinstance(world, TableWorld) and isinstance(world.transitions, Columns):
        return _changed_columns(world, rows, changes, added)
    if isinstance(world, TableWorld):
        kept = [changes.get(number, row) for number, row in enumerate(world.transitions)]
        transitions = _inserted([row for row in kept if row is not None], added)
        new = [row for row in (*changes.values(), *added) if row is not None]
        states = dict.fromkeys([*world.states, *(name for row in new for name in (row.state, row.next))])
        actions = dict.fromkeys([*world.actions, *(row.action for row in new)])
        fields = {"states": tuple(states), "actions": tuple(actions), "transitions": tuple(transitions)}
        return world.model_copy(update={name: value for name, value in fields.items() if value != getattr(world, name)})
    if isinstance(world, GridWorld):
        return _changed_grid(world, rows, changes, added)
    raise WorldError("The transitions of this world are made by a program", remedy="Make it a table first, then edit it")


def normalised(world: World, rows: Rows, numbers: Iterable[int]) -> World:
    """With the probabilities of the pairs of these rows divided by their sum."""
    pairs = rows.pair[np.fromiter(numbers, np.int64)]
    found = np.flatnonzero(np.isin(rows.pair, pairs) & rows.wrong).tolist()
    return changed(
        world, rows, {n: rows[n].model_copy(update={"probability": min(float(rows.probability[n] / rows.sums[n]), 1.0)}) for n in found}
    )


def _changed_grid(world: GridWorld, rows: Rows, changes: Mapping[int, Transition | None], added: list[Transition]) -> GridWorld:
    state, action = ({name: place for place, name in enumerate(names)} for names in (rows.states, rows.actions))
    new = [row for row in (*changes.values(), *added) if row is not None]
    for row in new:
        for what, name, known in (("state", row.state, state), ("action", row.action, action), ("state", row.next, state)):
            if name not in known:
                raise WorldError(f"there is no {what} '{name}'", remedy="Make the grid a table to add states and actions")
    touched = {rows.pair_names(number) for number in changes} | {(row.state, row.action) for row in new}
    pairs = [state[s] * len(rows.actions) + action[a] for s, a in touched]
    there = np.flatnonzero(np.isin(rows.pair, pairs)).tolist()
    outcomes = [changes[number] if number in changes else rows[number] for number in there]
    kept = [row for row in world.transitions if (row.state, row.action) not in touched]
    own = sorted((row for row in (*outcomes, *added) if row is not None), key=lambda row: (state[row.state], action[row.action]))
    return world.model_copy(update={"transitions": (*kept, *own)})


def _changed_columns(world: TableWorld, rows: Rows, changes: Mapping[int, Transition | None], added: list[Transition]) -> TableWorld:
    """The same for many transitions: columns in which nothing changes are those of the world before."""
    replaced = {number: row for number, row in changes.items() if row is not None}
    new = Columns.of([*replaced.values(), *added], rows.states, rows.actions)
    where = np.fromiter(replaced, np.int64, len(replaced))
    gone = [number for number, row in changes.items() if row is None]
    found = {}
    for field in fields(Columns)[2:]:
        column, values = getattr(rows, field.name), getattr(new, field.name)[: len(where)]
        if not np.array_equal(column[where], values):
            column = column.copy()
            column[where] = values
        found[field.name] = np.delete(column, gone) if gone else column
    if added:
        behind = _behind(found["state"], found["action"], new, len(where))
        found = {name: np.insert(column, behind, getattr(new, name)[len(where) :]) for name, column in found.items()}
    told = {name: names for name, names in (("states", new.states), ("actions", new.actions)) if names != getattr(world, name)}
    return world.model_copy(update=told | {"transitions": Columns(new.states, new.actions, **found)})


def _behind(state: Ints, action: Ints, new: Columns, first: int) -> Ints:
    """[new − first] how many rows stand before each new one: it goes behind those of its pair, of its state, or to the end."""
    found = []
    for here, done in zip(new.state[first:].tolist(), new.action[first:].tolist(), strict=True):
        there = np.flatnonzero(state == here)
        same = there[action[there] == done]
        last = same if len(same) else there
        found.append(int(last[-1]) + 1 if len(last) else len(state))
    return np.array(found, np.int64)


def _inserted(rows: list[Transition], added: list[Transition]) -> list[Transition]:
    """With each new row behind the last of its pair, of its state, or at the end."""
    if not added:
        return rows
    behind: dict[str | Pair, int] = {}
    for number, row in enumerate(rows):
        behind[row.state] = behind[row.state, row.action] = number
    new: dict[int, list[Transition]] = {}
    for row in added:
        place = behind.get((row.state, row.action), behind.get(row.state, len(rows) - 1))
        new.setdefault(place, []).append(row)
    found = new.pop(-1, [])
    for number, row in enumerate(rows):
        found += [row, *new.get(number, [])]
    return found


def _given(columns: Columns) -> Rows:
    return Rows(*(getattr(columns, field.name) for field in fields(Columns)))


def _compiled(mdp: FiniteMDP) -> Rows:
    counts = np.diff(mdp.outcome_offsets)
    return Rows(
        mdp.state_names,
        mdp.action_names,
        np.repeat(mdp.pair_state, counts),
        np.repeat(mdp.pair_action, counts),
        mdp.next_state,
        mdp.probability,
        mdp.reward,
        mdp.terminated & ~mdp.absorbing[mdp.next_state],
    )


def _rank(names: Sequence[str]) -> Ints:
    natural = [[(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name)] for name in names]
    rank = np.empty(len(names), np.int64)
    rank[sorted(range(len(names)), key=natural.__getitem__)] = np.arange(len(names))
    return rank
