"""Mazes: a random spanning tree of rooms, so that every room can be reached in exactly one way (Kruskal's algorithm).

Rooms lie on every second row and column, doors between them. The tree is the minimum spanning tree of a random order of
the doors; the order is a permutation, hence the tree is unique and the same whoever computes it. With `openings`, more
doors are opened at random, and there are several ways. An even number of rows or columns leaves a wall along that edge.
"""

import numpy as np

from core.config import Config, setting
from core.worlds.generator import Generator
from core.worlds.grid import LARGEST, GridWorld


class Maze(Config):
    """Numbers of a maze."""

    rows: int = setting(21, "Rows", "Cells from top to bottom.", unit="cells", ge=3, le=LARGEST)
    columns: int = setting(21, "Columns", "Cells from left to right.", unit="cells", ge=3, le=LARGEST)
    openings: float = setting(0.0, "Openings", "Share of the walls between rooms that are opened beyond need.", ge=0, le=1)
    seed: int = setting(0, "Seed", "Another number gives another maze.", ge=0, lt=2**63)


def make(config: Maze) -> GridWorld:
    """Start at the top left, goal at the bottom right; every step costs 1."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    stream = np.random.Generator(np.random.PCG64(config.seed))
    rooms = np.arange(((config.rows + 1) // 2) * ((config.columns + 1) // 2)).reshape((config.rows + 1) // 2, -1)
    first = np.concatenate([rooms[:, :-1].ravel(), rooms[:-1].ravel()])
    second = np.concatenate([rooms[:, 1:].ravel(), rooms[1:].ravel()])
    order = stream.permutation(len(first)) + 1.0
    tree = minimum_spanning_tree(csr_array((order, (first, second)), shape=(rooms.size, rooms.size)))
    open_ = stream.random(len(first)) < config.openings
    open_[np.argsort(order)[tree.data.astype(np.int64) - 1]] = True

    cells = np.full((config.rows, config.columns), ord("#"), np.uint8)
    cells[::2, ::2] = ord(".")
    width = rooms.shape[1]
    one, other = first[open_], second[open_]
    cells[one // width + other // width, one % width + other % width] = ord(".")
    cells[0, 0], cells[2 * rooms.shape[0] - 2, 2 * width - 2] = ord("S"), ord("G")
    return GridWorld(map=tuple(row.tobytes().decode() for row in cells), living_reward=-1.0, goal_reward=0.0)


GENERATOR = Generator(
    name="maze",
    title="Maze",
    title_ko="미로",
    description="A random maze that can be solved: a spanning tree of rooms (Kruskal 1956). Every step costs 1, "
    "so a value is the number of steps that are left.",
    description_ko="반드시 풀리는 무작위 미로: 방들의 신장 트리 (크러스컬 1956). 걸음마다 1을 잃으므로 가치는 남은 걸음 수이다.",
    config=Maze,
    make=make,
    discount=1.0,
)
