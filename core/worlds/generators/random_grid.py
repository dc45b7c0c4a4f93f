"""Grids with walls and traps at random, from the top left to the bottom right, where there is always a way.

Every cell is a wall or a trap with its probability, drawn by one uniform number each. Then a path of steps down and to the right
in a random order is cleared, so that the goal can be reached.
"""

import numpy as np

from core.config import Config, again, setting
from core.worlds.generator import Generator
from core.worlds.grid import LARGEST, GridRules, GridWorld


class RandomGrid(Config):
    """Numbers of a random grid."""

    rows: int = setting(10, "Rows", "Cells from top to bottom.", unit="cells", ge=2, le=LARGEST)
    columns: int = setting(10, "Columns", "Cells from left to right.", unit="cells", ge=2, le=LARGEST)
    walls: float = setting(0.25, "Walls", "Probability that a cell is a wall.", ge=0, le=0.9)
    traps: float = setting(0.05, "Traps", "Probability that a cell is a trap.", ge=0, le=0.1)
    slip: float = again(GridRules, "slip", 0.0)
    seed: int = setting(0, "Seed", "Another number gives another world.", ge=0, lt=2**63)


def make(config: RandomGrid) -> GridWorld:
    """Every step costs a little, a trap ends the episode."""
    stream = np.random.Generator(np.random.PCG64(config.seed))
    drawn = stream.random((config.rows, config.columns))
    cells = np.full(drawn.shape, ord("."), np.uint8)
    cells[drawn < config.walls + config.traps] = ord("T")
    cells[drawn < config.walls] = ord("#")
    steps = stream.permutation(np.repeat([0, 1], [config.rows - 1, config.columns - 1]))
    down, right = np.cumsum(steps == 0), np.cumsum(steps == 1)
    cells[down, right] = ord(".")
    cells[0, 0], cells[-1, -1] = ord("S"), ord("G")
    return GridWorld(map=tuple(row.tobytes().decode() for row in cells), slip=config.slip, living_reward=-0.04)


GENERATOR = Generator(
    name="random-grid",
    title="Random grid",
    title_ko="무작위 그리드",
    description="Walls and traps at random, and always a way from the start at the top left to the goal at the bottom right.",
    description_ko="벽과 함정을 무작위로 놓되, 왼쪽 위의 출발 칸에서 오른쪽 아래의 목표까지 가는 길은 언제나 있다.",
    config=RandomGrid,
    make=make,
    discount=0.99,
)
