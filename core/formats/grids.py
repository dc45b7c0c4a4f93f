"""What formats of maps share: rows of signs, and what a map alone does not tell."""

from collections.abc import Collection, Iterable
from typing import Any

from pydantic import ValidationError

from core.config import explain
from core.errors import WorldError
from core.worlds.grid import LARGEST, GridRules, GridWorld

FIELDS = {
    "rewards": "Rewards of single cells are not kept.",
    "starts": "Weights of starts are not kept.",
    "slips": "Slips of single cells are not kept.",
    "winds": "Winds are not kept.",
    "fences": "Fences are not kept.",
    "transitions": "Transitions of its own are not kept.",
}


def rows_of(text: str, where: str) -> list[tuple[int, str]]:
    """The lines of a map that are not empty, without spaces, each with its number from 1."""
    return [(number, "".join(line.split())) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def checked(rows: Iterable[tuple[int, str]], signs: Collection[str], where: str, unit: str = "line") -> tuple[str, ...]:
    """Rows of one length that hold nothing but signs; WorldError names line and column of the first that is none."""
    found = list(rows)
    if not found:
        raise WorldError("there is no map in it", where=where, remedy="A map is a row of signs for each row of cells")
    if len(found) > LARGEST or len(found[0][1]) > LARGEST:
        raise WorldError(f"a map has at most {LARGEST} rows and columns", where=where)
    width = len(found[0][1])
    for number, row in found:
        place = f"{where}, {unit} {number}"
        if len(row) != width:
            raise WorldError(f"this row has {len(row):,} cells, the first has {width:,}", where=place, remedy="Make all rows as long")
        if not set(row) <= set(signs):
            column = next(column for column, sign in enumerate(row) if sign not in signs)
            known = " ".join(sign for sign in signs)
            raise WorldError(f"'{row[column]}' is no sign of a cell", where=f"{place}, column {column + 1}", remedy=f"Signs are {known}")
    return tuple(row for _, row in found)


def grid(where: str, **fields: Any) -> GridWorld:
    """A grid of what was read; WorldError names the file and what is wrong."""
    try:
        return GridWorld.model_validate(fields)
    except ValidationError as error:
        fault = explain(GridWorld, error, where)
        raise WorldError(fault.what, where=fault.where, remedy=fault.remedy) from None


def fields_lost(world: GridWorld) -> list[str]:
    """A sentence for each field by which single cells have more than their signs."""
    return [sentence for field, sentence in FIELDS.items() if getattr(world, field)]


def rules_lost(world: GridWorld, **read: Any) -> list[str]:
    """A sentence for each rule that is other than a map is read with: the default, but for `read`."""
    return [
        f"{info.title} is not kept: {_shown(getattr(world, name))}."
        for name, info in GridRules.model_fields.items()
        if getattr(world, name) != read.get(name, info.default) and _matters(world, name)
    ]


def _matters(world: GridWorld, name: str) -> bool:
    """Whether a rule changes anything in this world."""
    signs = set("".join(world.map))
    needs = {"trap_reward": "T", "traps_end": "T", "traps_lead_back": "T", "goal_reward": "G", "stickiness": "%"}
    return not (name in needs and needs[name] not in signs) and not (name == "gusts" and not world.winds)


def _shown(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
