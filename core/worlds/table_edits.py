"""Edits of a table of transitions: each makes a new world and leaves the old one as it was.

What an edit leaves incomplete (probabilities that do not add up to 1) is kept as it is; compiling says what is missing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from core.errors import WorldError
from core.worlds.document import Document
from core.worlds.mdp import FiniteMDP
from core.worlds.table import TableWorld
from core.worlds.transition import MANY, Columns, Transition


def outcomes(world: TableWorld, state: str, action: str) -> tuple[Transition, ...]:
    """The outcomes of an action in a state; none where it is unavailable."""
    return tuple(row for row in world.transitions if row.state == state and row.action == action)


def with_outcomes(world: TableWorld, state: str, action: str, rows: Iterable[Transition]) -> TableWorld:
    """With these outcomes in place of those of the pair, where the pair stood; without rows the action becomes unavailable."""
    rows = tuple(rows)
    if any((row.state, row.action) != (state, action) for row in rows):
        raise ValueError("outcomes of another state or action")
    ours = [number for number, row in enumerate(world.transitions) if (row.state, row.action) == (state, action)]
    first = ours[0] if ours else _after(world, state)
    kept = [row for row in world.transitions if (row.state, row.action) != (state, action)]
    return _changed(world, transitions=(*kept[:first], *rows, *kept[first:]))


def with_state(world: TableWorld, name: str, place: tuple[float, float] | None = None) -> TableWorld:
    """With another state, without actions yet."""
    places = world.places | ({} if place is None else {name: place})
    return _changed(world, states=(*world.states, _new(name, world.states, "state")), places=places)


def with_action(world: TableWorld, name: str) -> TableWorld:
    """With another action, available nowhere yet."""
    return _changed(world, actions=(*world.actions, _new(name, world.actions, "action")))


def without_state(world: TableWorld, name: str) -> TableWorld:
    """Without a state, its actions, and every outcome that leads to it; what remains of those actions is kept as it is."""
    if world.states == (name,):
        raise WorldError("A world needs at least one state", remedy="Add another state first")
    return _changed(
        world,
        states=tuple(state for state in world.states if state != name),
        transitions=tuple(row for row in world.transitions if name not in (row.state, row.next)),
        start={state: chance for state, chance in world.start.items() if state != name},
        places={state: place for state, place in world.places.items() if state != name},
    )


def without_action(world: TableWorld, name: str) -> TableWorld:
    """Without an action and all its outcomes."""
    if world.actions == (name,):
        raise WorldError("A world needs at least one action", remedy="Add another action first")
    return _changed(
        world,
        actions=tuple(action for action in world.actions if action != name),
        transitions=tuple(row for row in world.transitions if row.action != name),
    )


def renamed_state(world: TableWorld, old: str, new: str) -> TableWorld:
    """With another name for a state, everywhere."""
    if old == new:
        return world
    _new(new, world.states, "state")
    names = {old: new}
    return _changed(
        world,
        states=tuple(names.get(state, state) for state in world.states),
        transitions=tuple(
            row.model_copy(update={"state": names.get(row.state, row.state), "next": names.get(row.next, row.next)})
            if old in (row.state, row.next) else row for row in world.transitions
        ),
        start={names.get(state, state): chance for state, chance in world.start.items()},
        places={names.get(state, state): place for state, place in world.places.items()},
    )  # fmt: skip


def renamed_action(world: TableWorld, old: str, new: str) -> TableWorld:
    """With another name for an action, everywhere."""
    if old == new:
        return world
    _new(new, world.actions, "action")
    return _changed(
        world,
        actions=tuple(new if action == old else action for action in world.actions),
        transitions=tuple(row.model_copy(update={"action": new}) if row.action == old else row for row in world.transitions),
    )


def normalised(world: TableWorld, state: str, action: str) -> TableWorld:
    """With the probabilities of a pair divided by their sum."""
    rows = outcomes(world, state, action)
    total = sum(row.probability for row in rows)
    return with_outcomes(world, state, action, [row.model_copy(update={"probability": row.probability / total}) for row in rows])


def placed(world: TableWorld, places: Mapping[str, tuple[float, float]]) -> TableWorld:
    """With states drawn elsewhere."""
    return _changed(world, places=world.places | dict(places))


def started(world: TableWorld, start: Mapping[str, float]) -> TableWorld:
    """With other probabilities of starting; uniform if empty."""
    return _changed(world, start=dict(start))


def table_of(mdp: FiniteMDP, **rest: Any) -> TableWorld:
    """The table of a compiled MDP: `compile` makes the same one of it again.

    Args:
        mdp: with unique names.
        rest: further fields of the document, such as title and places.
    """
    state_names, action_names = tuple(mdp.state_names), tuple(mdp.action_names)
    counts, over = np.diff(mdp.outcome_offsets), mdp.absorbing
    columns = Columns(
        state_names, action_names, np.repeat(mdp.pair_state, counts), np.repeat(mdp.pair_action, counts), mdp.next_state, mdp.probability,
        mdp.reward, mdp.terminated & ~over[mdp.next_state],
    )  # fmt: skip
    rows = columns if len(columns) > MANY else tuple(columns)
    active = ~over
    uniform = bool((mdp.start == active / active.sum()).all())
    start = {} if uniform else {state_names[state]: chance for state, chance in enumerate(mdp.start.tolist()) if chance > 0}
    known = {"discount": mdp.discount, "step_limit": mdp.step_limit}
    return TableWorld.model_validate(known | rest | {"states": state_names, "actions": action_names, "transitions": rows, "start": start})


def words(world: Document) -> dict[str, Any]:
    """Title and description in both languages, for a document made of another one."""
    return {name: getattr(world, name) for name in ("title", "title_ko", "description", "description_ko")}


def _changed(world: TableWorld, **fields: Any) -> TableWorld:
    return world.model_copy(update=fields)


def _after(world: TableWorld, state: str) -> int:
    """The place behind the last row of a state; the end where it has none."""
    return max((number + 1 for number, row in enumerate(world.transitions) if row.state == state), default=len(world.transitions))


def _new(name: str, names: tuple[str, ...], what: str) -> str:
    article = "An" if what == "action" else "A"
    if not name.strip():
        raise WorldError(f"{article} {what} needs a name")
    if name in names:
        raise WorldError(f"There is {article.lower()} {what} '{name}' already", remedy="Choose another name")
    return name
