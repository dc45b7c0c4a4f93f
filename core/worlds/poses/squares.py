"""FrozenLake and CliffWalking: put the agent on any square."""

from typing import Any

from core.worlds.gym import Quantity
from core.worlds.poses import Handle, Pose, State


class SquaresPose(Pose):
    """(square,), counted row by row."""

    environment = ("FrozenLakeEnv", "CliffWalkingEnv")
    whole = True

    def quantities(self, environment: Any) -> tuple[Quantity, ...]:
        rows, columns = _shape(environment)
        return (Quantity(name="square", low=0, high=rows * columns - 1),)

    def read(self, environment: Any) -> State:
        return (float(environment.s),)

    def place(self, environment: Any, state: State) -> Any:
        environment.s = int(state[0])
        return environment.s

    def handles(self, environment: Any, state: State) -> tuple[Handle, ...]:
        rows, columns = _shape(environment)
        row, column = divmod(int(state[0]), columns)
        return (Handle("agent", (column + 0.5) / columns, (row + 0.5) / rows),)

    def drag(self, environment: Any, state: State, handle: int, x: float, y: float) -> State:
        rows, columns = _shape(environment)
        row, column = (min(max(int(share * size), 0), size - 1) for share, size in ((y, rows), (x, columns)))
        return (float(row * columns + column),)


def _shape(environment: Any) -> tuple[int, int]:
    """Rows and columns."""
    return environment.shape if hasattr(environment, "shape") else (environment.nrow, environment.ncol)


POSE = SquaresPose()
