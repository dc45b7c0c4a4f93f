"""The cliff of Sutton and Barto (2018), example 6.6: falling costs 100 and sends back to the start, and the episode goes on.

States are the cells on which one can stand, row by row. Start and goal are the lower corners, the cliff lies between.
"""

from core.config import Config, setting
from core.worlds.generator import Generator
from core.worlds.grid import Cell, GridWorld


class Cliff(Config):
    """Numbers of a cliff."""

    rows: int = setting(4, "Rows", "Cells from top to bottom.", unit="cells", ge=2, le=1000)
    columns: int = setting(12, "Columns", "Cells from left to right.", unit="cells", ge=3, le=1000)


def make(config: Cliff) -> GridWorld:
    """Every step costs 1; one over the edge of the cliff costs 99 more and ends at the start."""
    edge = Cell.start + Cell.trap * (config.columns - 2) + Cell.goal
    return GridWorld(
        map=(*[Cell.floor * config.columns] * (config.rows - 1), edge),
        living_reward=-1.0,
        goal_reward=0.0,
        trap_reward=-99.0,
        traps_end=False,
        traps_lead_back=True,
    )


GENERATOR = Generator(
    name="cliff",
    title="Cliff",
    title_ko="절벽",
    description="The shortest way runs along the edge of a cliff; falling costs 100 and sends back to the start "
    "(Sutton and Barto 2018, example 6.6).",
    description_ko="가장 짧은 길은 벼랑 끝을 따라간다. 떨어지면 100을 잃고 출발점으로 돌아간다 (서튼과 바르토 2018, 예제 6.6).",
    config=Cliff,
    make=make,
    discount=1.0,
)
