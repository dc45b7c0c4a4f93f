"""The windy grid of Sutton and Barto (2018), example 6.5 and exercises 6.9 and 6.10.

A move is carried upwards by the wind of the column that is left, in cells; the edge holds it back. With gusts, a
wind above 0 is one cell weaker or stronger with probability 1/3 each. Every step costs 1 until the goal is reached.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from core.config import Config, again, setting
from core.worlds.generator import Generator
from core.worlds.grid import STRONGEST, Cell, GridRules, GridWorld, Moves


class WindyGrid(Config):
    """Numbers of a windy grid; start and goal lie in one row, the start at the left edge."""

    rows: int = setting(7, "Rows", "Cells from top to bottom.", unit="cells", ge=1, le=1000)
    wind: tuple[Annotated[int, Field(ge=0, le=STRONGEST)], ...] = setting(
        (0, 0, 0, 1, 1, 1, 2, 2, 1, 0), "Wind", "Cells that each column is carried upwards.", unit="cells", min_length=2, max_length=1000
    )
    row: int = setting(3, "Row", "The row of start and goal, counted from 0 at the top.", ge=0)
    goal: int = setting(7, "Goal", "The column of the goal, counted from 0 at the left.", ge=1)
    moves: Moves = again(GridRules, "moves", Moves.four)
    gusts: bool = again(GridRules, "gusts", False)

    @model_validator(mode="after")
    def _inside(self) -> Self:
        if self.row >= self.rows or self.goal >= len(self.wind):
            raise ValueError(f"row {self.row}, column {self.goal} is not on a grid of {self.rows} × {len(self.wind)} cells")
        return self


def make(config: WindyGrid) -> GridWorld:
    """The wind blows in every row of its column."""
    floor = Cell.floor.value * len(config.wind)
    row = Cell.start + floor[1 : config.goal] + Cell.goal + floor[config.goal + 1 :]
    return GridWorld(
        map=(*[floor] * config.row, row, *[floor] * (config.rows - config.row - 1)),
        winds={f"{row},{column}": f"up {wind}" for row in range(config.rows) for column, wind in enumerate(config.wind) if wind},
        moves=config.moves,
        gusts=config.gusts,
        living_reward=-1.0,
        goal_reward=0.0,
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
