"""The cliff of Sutton and Barto (2018), example 6.6: falling costs 100 and sends back to the start, and the episode goes on.

States are the cells on which one can stand, row by row. Start and goal are the lower corners, the cliff lies between.
"""

import numpy as np

from core.config import Config, setting
from core.worlds.build import from_rows
from core.worlds.generator import Generator
from core.worlds.grid import ACTIONS, MOVES
from core.worlds.mdp import FiniteMDP


class Cliff(Config):
    """Numbers of a cliff."""

    rows: int = setting(4, "Rows", "Cells from top to bottom.", unit="cells", ge=2, le=1000)
    columns: int = setting(12, "Columns", "Cells from left to right.", unit="cells", ge=3, le=1000)


def make(config: Cliff) -> FiniteMDP:
    """Every step costs 1; one over the edge of the cliff costs 100 and ends at the start."""
    rows, columns = config.rows, config.columns
    safe = np.arange((rows - 1) * columns + 2)
    row, column = safe // columns, safe % columns
    first, last = len(safe) - 2, len(safe) - 1
    row[last], column[last] = rows - 1, columns - 1
    state, action = (part.ravel() for part in np.meshgrid(safe[:-1], np.arange(4), indexing="ij"))
    down, across = MOVES[action].T
    to_row, to_column = np.clip(row[state] + down, 0, rows - 1), np.clip(column[state] + across, 0, columns - 1)
    fell = (to_row == rows - 1) & (to_column > 0) & (to_column < columns - 1)
    next_state = np.where(to_row < rows - 1, to_row * columns + to_column, np.where(to_column == columns - 1, last, first))
    next_state[fell] = first
    return from_rows(
        [f"{row},{column}" for row, column in zip(row.tolist(), column.tolist(), strict=True)],
        ACTIONS,
        state=state,
        action=action,
        next_state=next_state,
        probability=np.ones(len(state)),
        reward=np.where(fell, -100.0, -1.0),
        terminated=next_state == last,
        start=np.eye(len(safe))[first],
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
