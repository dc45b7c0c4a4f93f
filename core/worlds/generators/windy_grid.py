"""The windy grid of Sutton and Barto (2018), example 6.5 and exercises 6.9 and 6.10.

A move is carried upwards by the wind of the column that is left, in cells; the edge holds it back. With stochastic wind, a
wind above 0 is one cell weaker or stronger with probability 1/3 each. Every step costs 1 until the goal is reached.
"""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from core.config import Config, setting
from core.worlds.build import from_rows
from core.worlds.generator import Generator
from core.worlds.grid import ACTIONS, MOVES
from core.worlds.mdp import FiniteMDP

DIAGONALS = {"up right": (-1, 1), "down right": (1, 1), "down left": (1, -1), "up left": (-1, -1)}


class WindyGrid(Config):
    """Numbers of a windy grid; start and goal lie in one row, the start at the left edge."""

    rows: int = setting(7, "Rows", "Cells from top to bottom.", unit="cells", ge=1, le=1000)
    wind: tuple[Annotated[int, Field(ge=0, le=1000)], ...] = setting(
        (0, 0, 0, 1, 1, 1, 2, 2, 1, 0), "Wind", "Cells that each column is carried upwards.", unit="cells", min_length=2, max_length=1000
    )
    row: int = setting(3, "Row", "The row of start and goal, counted from 0 at the top.", ge=0)
    goal: int = setting(7, "Goal", "The column of the goal, counted from 0 at the left.", ge=1)
    moves: Literal["four", "king", "king or stay"] = setting(
        "four", "Moves", "Four directions, or eight like a king in chess, or staying too."
    )
    stochastic: bool = setting(False, "Stochastic wind", "Whether the wind is sometimes one cell weaker or stronger.")

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.row >= self.rows or self.goal >= len(self.wind):
            raise ValueError(f"row {self.row}, column {self.goal} is not on a grid of {self.rows} × {len(self.wind)} cells")
        return self


def make(config: WindyGrid) -> FiniteMDP:
    """States are cells, row by row, named as in a grid."""
    ways = dict(zip(ACTIONS, MOVES.tolist(), strict=True))
    ways |= DIAGONALS if config.moves != "four" else {}
    ways |= {"stay": (0, 0)} if config.moves == "king or stay" else {}
    rows, columns = config.rows, len(config.wind)
    gusts = np.array([-1, 0, 1] if config.stochastic else [0])
    cell = np.delete(np.arange(rows * columns), config.row * columns + config.goal)
    state, way, gust = (part.ravel() for part in np.meshgrid(cell, np.arange(len(ways)), gusts, indexing="ij"))
    wind = np.array(config.wind)[state % columns]
    down, across = np.array(list(ways.values()))[way].T
    row = np.clip(state // columns + down - wind - np.where(wind > 0, gust, 0), 0, rows - 1)
    next_state = row * columns + np.clip(state % columns + across, 0, columns - 1)
    start = np.zeros(rows * columns)
    start[config.row * columns] = 1
    return from_rows(
        [f"{row},{column}" for row in range(rows) for column in range(columns)],
        list(ways),
        state=state,
        action=way,
        next_state=next_state,
        probability=np.full(len(state), 1 / len(gusts)),
        reward=np.full(len(state), -1.0),
        terminated=next_state == config.row * columns + config.goal,
        start=start,
    )


GENERATOR = Generator(
    name="windy-grid",
    title="Windy grid",
    title_ko="바람 부는 그리드",
    description="A grid with a crosswind that carries every move upwards in the middle columns (Sutton and Barto 2018, example 6.5).",
    description_ko="가운데 열에서 옆바람이 모든 이동을 위로 밀어 올리는 그리드 (서튼과 바르토 2018, 예제 6.5).",
    config=WindyGrid,
    make=make,
    discount=1.0,
)
