"""Taxi: drag the taxi, the passenger, and where they want to go."""

import sys
from typing import Any

from core.worlds.gym import Quantity
from core.worlds.poses import Handle, Pose, State

INSIDE = 4
"""The passenger's place in the taxi."""


class TaxiPose(Pose):
    """(row, column, passenger's place, destination); places are 0 to 3 on the map, and 4 in the taxi."""

    environment = ("TaxiEnv",)
    whole = True

    def quantities(self, environment: Any) -> tuple[Quantity, ...]:
        return (
            Quantity(name="row", low=0, high=4),
            Quantity(name="column", low=0, high=4),
            Quantity(name="passenger", low=0, high=INSIDE),
            Quantity(name="destination", low=0, high=3),
        )

    def read(self, environment: Any) -> State:
        return tuple(float(number) for number in environment.decode(int(environment.s)))

    def place(self, environment: Any, state: State) -> Any:
        environment.s = environment.encode(*map(int, state))
        return environment.s

    def handles(self, environment: Any, state: State) -> tuple[Handle, ...]:
        row, column, passenger, goal = map(int, state)
        taxi, end = _middle(environment, (row, column)), _middle(environment, environment.locs[goal])
        waiting = _middle(environment, environment.locs[passenger]) if passenger < INSIDE else taxi
        return Handle("taxi", *taxi), Handle("passenger", *waiting), Handle("destination", *end)

    def drag(self, environment: Any, state: State, handle: int, x: float, y: float) -> State:
        row, column, passenger, goal = map(int, state)
        squares = [(down, across) for down in range(5) for across in range(5)]
        if handle == 0:
            row, column = min(squares, key=lambda square: _far(environment, square, x, y))
            return row, column, passenger, goal
        places = [*environment.locs, *([(row, column)] if handle == 1 else [])]
        here = passenger if handle == 1 else goal
        nearest = min(range(len(places)), key=lambda place: (_far(environment, places[place], x, y), place != here))
        return (row, column, nearest, goal) if handle == 1 else (row, column, passenger, nearest)


def _middle(environment: Any, square: tuple[int, int]) -> tuple[float, float]:
    """Of a square, as shares of the picture, which changed its size and layout between versions of gymnasium."""
    left, top = environment.get_surf_loc(square)
    width, height = sys.modules[type(environment).get_surf_loc.__module__].WINDOW_SIZE
    wide, high = environment.cell_size
    return (left + wide / 2) / width, (top + high / 2) / height


def _far(environment: Any, square: tuple[int, int], x: float, y: float) -> float:
    middle = _middle(environment, square)
    return (middle[0] - x) ** 2 + (middle[1] - y) ** 2


POSE = TaxiPose()
