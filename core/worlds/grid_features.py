"""What a grid's states look like in numbers: as coordinates, or as pictures of binary planes. Needs no torch."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.worlds.grid import DOORS, KEYS, Cell, GridWorld

AGENT = "agent"
UNSEEN = frozenset({Cell.floor, Cell.start})
"""Cells that make no difference to the agent."""


def keys_in(world: GridWorld) -> str:
    """The letters of the keys that lie somewhere."""
    return "".join(key for key in KEYS if any(key in row for row in world.map))


def coordinates(world: GridWorld) -> NDArray[np.float32]:
    """[S, 2 + keys] row and column of each state, from -1 at the first to 1 at the last, and for each key 1 if it is held, else -1."""
    grid = world.compiled
    last = np.maximum(np.array([world.rows, world.columns]) - 1, 1)
    held = np.array([[1.0 if key in names else -1.0 for key in keys_in(world)] for names in grid.held])
    return np.hstack([2.0 * grid.cell_of_state / last - 1.0, held[grid.layer_of_state]]).astype(np.float32)


def coordinate_count(world: GridWorld) -> int:
    """Numbers of each row of `coordinates`."""
    return 2 + len(keys_in(world))


def plane_names(world: GridWorld) -> tuple[str, ...]:
    """The planes of a picture: the agent, then every kind of cell that is on the map and makes a difference."""
    there = set("".join(world.map))
    return (AGENT, *(cell.name for cell in Cell if cell.value in there and cell not in UNSEEN))


class Planes(NamedTuple):
    """The pictures of a grid's states, in parts.

    Attributes:
        still: [C, rows × columns] float32, 1 where a cell is of the plane's kind; the agent's plane is empty.
        place: [S] int64, the cell of each state.
        gone: [S, C] bool, planes that are empty in a state: keys that are held, and the doors that they open.
    """

    still: NDArray[np.float32]
    place: NDArray[np.int64]
    gone: NDArray[np.bool_]


def planes(world: GridWorld) -> Planes:
    """The parts of which the picture of any state is put together."""
    grid, names = world.compiled, plane_names(world)
    signs = np.frombuffer("".join(world.map).encode(), np.uint8)
    kinds = [Cell[name].value if name != AGENT else "" for name in names]
    still = np.stack([signs == ord(kind) if kind else np.zeros(len(signs), bool) for kind in kinds]).astype(np.float32)
    opened = dict(zip(KEYS + DOORS, KEYS + KEYS, strict=True))
    gone = np.array([[opened.get(kind, " ") in held for kind in kinds] for held in grid.held])
    place = grid.cell_of_state @ np.array([world.columns, 1])
    return Planes(still, place, gone[grid.layer_of_state])
