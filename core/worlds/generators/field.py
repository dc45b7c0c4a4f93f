"""An open field of any size: the plainest grid, for measuring how long an algorithm takes."""

from core.config import Config, setting
from core.worlds.generator import Generator
from core.worlds.grid import LARGEST, GridWorld


class Field(Config):
    """Numbers of a field."""

    rows: int = setting(100, "Rows", "Cells from top to bottom.", unit="cells", ge=1, le=LARGEST)
    columns: int = setting(100, "Columns", "Cells from left to right.", unit="cells", ge=2, le=LARGEST)
    slip: float = setting(0.0, "Slip", "Probability of moving to the right of the intended direction, and again to the left.", ge=0, le=0.5)


def make(config: Field) -> GridWorld:
    """Start at the top left, goal at the bottom right."""
    rows = ["." * config.columns] * config.rows
    rows[-1] = rows[-1][:-1] + "G"
    rows[0] = "S" + rows[0][1:]
    return GridWorld(map=tuple(rows), slip=config.slip)


GENERATOR = Generator(
    name="field",
    title="Open field",
    title_ko="빈 들판",
    description="A grid without walls, from one corner to the other; up to a million cells to measure with.",
    description_ko="벽이 없는 그리드. 한쪽 구석에서 맞은편 구석까지 간다. 백만 칸까지 만들어 속도를 잴 수 있다.",
    config=Field,
    make=make,
)
