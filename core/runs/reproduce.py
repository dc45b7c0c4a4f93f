"""Makes a kept run again from its spec alone, and says in what the two differ."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.learner import Budget, State
from core.runs import folder
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.worlds.world import hash_of

CHANGED_WORLD = "world: its description was changed after the run was kept"


def reproduce(kept: Path, told: Callable[[float], None] = lambda _: None) -> list[str]:
    """Train the kept run again and compare every number: weights or tables, replay, random streams, measurements.

    Args:
        kept: the run's folder.
        told: called now and then with the share of the work that is done.

    Returns:
        the parts that differ, such as "learner/q: 3 of 44 numbers differ, by 1e-16 at most"; none where the two are equal to the bit.

    Raises:
        RunError: where the folder holds no whole run.
    """
    old = folder.resume(kept)
    new = Session(old.spec)
    try:
        pacer = Pacer(0.2)
        while new.units < old.units and not new.finished:
            pacer.slice(new.advance, Budget(old.units - new.units))
            told(new.units / old.units)
            if new.still:
                break
        for session in (old, new):
            session.settle()
        world = [] if folder.describe(kept).get("world_hash") in (None, hash_of(old.spec.world)) else [CHANGED_WORLD]
        return [*world, *differences(in_order(new.state()), in_order(old.state()))]
    finally:
        new.close()
        old.close()


def differences(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """What differs between two trees of arrays and numbers, a text for each leaf."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys([*one, *other]):
            inside = f"{path}/{name}".lstrip("/")
            if name in one and name in other:
                yield from differences(one[name], other[name], inside)
            else:
                yield f"{inside}: only in {'the new run' if name in one else 'the kept run'}"
        return
    first, second = np.asarray(one), np.asarray(other)
    if first.shape != second.shape:
        yield f"{path}: {first.size} numbers instead of {second.size}"
        return
    numbers = first.dtype.kind == "f" and second.dtype.kind == "f"
    differs = ~((first == second) | (np.isnan(first) & np.isnan(second))) if numbers else first != second
    if np.any(differs):
        least = f", by {np.nanmax(np.abs(first - second)[differs]):.2g} at most" if numbers else ""
        yield f"{path}: {np.count_nonzero(differs)} of {first.size} numbers differ{least}"


def in_order(state: State) -> State:
    """A session's state with measurements by member: in which order rows of different members come, the split of the work decides."""
    for channel in state["history"].values():
        columns = channel["columns"]
        if "member" in columns:
            order = np.lexsort((next(iter(columns.values())), columns["member"]))
            channel["columns"] = {name: column[order] for name, column in columns.items()}
    return state
