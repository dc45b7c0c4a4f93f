"""A grid as rows of our own signs: . floor, # wall, S start, G goal, T trap and so on, as in `core.worlds.grid.Cell`.

Spaces between signs and empty lines do not count. Rules are the defaults.
"""

from core.errors import WorldError
from core.formats.format import Format, Found
from core.formats.grids import checked, fields_lost, grid, rows_of, rules_lost
from core.formats.texts import decoded
from core.worlds.grid import SIGNS, Cell, GridWorld
from core.worlds.world import World


def read(data: bytes, where: str) -> Found:
    """A grid with this map and the rules that a new one has."""
    rows = rows_of(decoded(data, where), where)
    return Found(grid(where, map=checked(rows, [cell.value for cell in Cell], where)))


def write(world: World, name: str) -> bytes:
    """A line for each row."""
    if not isinstance(world, GridWorld):
        raise WorldError("only a grid can be written in this format", where=name)
    return ("\n".join(world.map) + "\n").encode()


def loses(world: World) -> list[str]:
    """Everything but the map."""
    return [*fields_lost(world), *rules_lost(world)] if isinstance(world, GridWorld) else []


def own(data: bytes) -> bool:
    """Whether there is nothing but signs, in rows of one length."""
    try:
        rows = {len(row) for _, row in rows_of(data.decode(), "") if SIGNS.issuperset(row)}
        return len(rows) == 1 and SIGNS.issuperset("".join(data.decode().split()))
    except UnicodeDecodeError:
        return False


FORMAT = Format(
    name="map",
    title="Map of signs",
    description="The cells of a grid as rows of signs, such as S.#G.",
    extensions=(".txt", ".map"),
    read=read,
    write=write,
    loses=loses,
    writes="grid",
    own=own,
    order=20,
)
