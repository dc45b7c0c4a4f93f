"""Maps of gymnasium's FrozenLake: S start, F frozen, H hole, G goal, as a JSON list of texts (`desc`) or as lines.

Read as FrozenLake-v1 plays them: slippery, with a probability of 1/3 for each side, and at most 100 steps. Actions have other
numbers there: 0 left, 1 down, 2 right, 3 up.
"""

import json
import re

from core.errors import WorldError
from core.formats.format import Format, Found
from core.formats.grids import checked, fields_lost, grid, rows_of, rules_lost
from core.formats.texts import decoded, json_of
from core.worlds.grid import Cell, GridWorld
from core.worlds.world import World

SIGNS = {"S": Cell.start, "F": Cell.floor, "H": Cell.trap, "G": Cell.goal}
RULES = {"slip": 1 / 3, "trap_reward": 0.0, "traps_end": True, "step_limit": 100}
NOTE = "Slippery as in FrozenLake-v1: a slip of 1/3. Set the slip to 0 for ice that is not."
WRITTEN = {
    Cell.start: "S", Cell.floor: "F", Cell.trap: "H", Cell.goal: "G", Cell.end: "H", Cell.wall: "H", Cell.door_a: "H", Cell.door_b: "H",
    Cell.door_c: "H", Cell.door_d: "H",
}  # fmt: skip
"""What each kind of cell becomes; floor where nothing is said. A hole is the nearest to a cell that one does not get past."""


def read(data: bytes, where: str) -> Found:
    """A grid with the rules of FrozenLake-v1."""
    values = json_of(data, where) if data.lstrip()[:1] in (b"[", b"{") else None
    if values is None:
        rows = checked(rows_of(decoded(data, where), where), SIGNS, where)
    elif isinstance(values, list) and all(isinstance(row, str) for row in values):
        rows = checked(list(enumerate(values, 1)), SIGNS, where, "row")
    else:
        raise WorldError("this is no map of FrozenLake", where=where, remedy='It should be a list of rows, such as ["SF", "HG"]')
    lake = tuple("".join(SIGNS[sign].value for sign in row) for row in rows)
    return Found(grid(where, map=lake, **RULES), (NOTE,))


def write(world: World, name: str) -> bytes:
    """A JSON list, which Python reads as well."""
    if not isinstance(world, GridWorld):
        raise WorldError("only a grid can be written in this format", where=name)
    rows = ["".join(WRITTEN.get(Cell(sign), "F") for sign in row) for row in world.map]
    if not world.find(Cell.start):
        row, column = _first_start(world)
        rows[row] = rows[row][:column] + "S" + rows[row][column + 1 :]
    return (json.dumps(rows, indent=1) + "\n").encode()


def loses(world: World) -> list[str]:
    """Cells that become others, and rules that FrozenLake-v1 has not."""
    if not isinstance(world, GridWorld):
        return []
    signs = set("".join(world.map))
    lost = []
    for become, text in (("H", "become holes"), ("F", "become frozen floor")):
        families = {cell.family: None for cell in Cell if cell in signs and cell not in SIGNS.values() and WRITTEN.get(cell, "F") == become}
        lost += [f"Cells of the kind '{family}' {text}." for family in families]
    if not world.find(Cell.start):
        lost.append("There must be a start: it is the first free cell.")
    return lost + fields_lost(world) + rules_lost(world, **RULES)


def own(data: bytes) -> bool:
    """Whether it is a list of texts, the first of FrozenLake's signs, or lines of them with an F or H, which no map of ours has."""
    if re.match(rb'\s*\[\s*"[SFHG]*"', data):
        return True
    signs = set(b"".join(data.split()))
    return signs <= set(b"SFHG") and bool(signs & set(b"FH"))


def _first_start(world: GridWorld) -> tuple[int, int]:
    free = [(row, column) for row, line in enumerate(world.map) for column, sign in enumerate(line) if WRITTEN.get(Cell(sign), "F") == "F"]
    if not free:
        raise WorldError("there is no free cell to start from", remedy="Leave at least one cell free")
    return free[0]


FORMAT = Format(
    name="frozen-lake",
    title="FrozenLake map",
    description="A map of gymnasium's FrozenLake: S start, F frozen, H hole, G goal.",
    extensions=(".json", ".txt"),
    read=read,
    write=write,
    loses=loses,
    writes="grid",
    own=own,
    order=30,
)
