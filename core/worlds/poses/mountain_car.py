"""MountainCar: drag the car along the hill."""

import math
from typing import Any

import numpy as np

from core.worlds.gym import Quantity
from core.worlds.poses import Handle, Pose, State

WIDTH, HEIGHT = 600, 400
ABOVE = 20
"""Pixels of the car's middle above the road."""


class MountainCarPose(Pose):
    """(position, velocity)."""

    environment = ("MountainCarEnv", "Continuous_MountainCarEnv")

    def quantities(self, environment: Any) -> tuple[Quantity, ...]:
        fastest = environment.max_speed
        return (
            Quantity(name="position", low=environment.min_position, high=environment.goal_position - 0.01),
            Quantity(name="velocity", low=-fastest, high=fastest),
        )

    def read(self, environment: Any) -> State:
        return tuple(float(number) for number in environment.state)

    def place(self, environment: Any, state: State) -> Any:
        environment.state = np.array(state)
        return np.array(state, np.float32)

    def handles(self, environment: Any, state: State) -> tuple[Handle, ...]:
        scale = WIDTH / (environment.max_position - environment.min_position)
        height = (0.45 * math.sin(3 * state[0]) + 0.55) * scale + ABOVE
        return (Handle("car", (state[0] - environment.min_position) * scale / WIDTH, 1 - height / HEIGHT),)

    def drag(self, environment: Any, state: State, handle: int, x: float, y: float) -> State:
        return environment.min_position + x * (environment.max_position - environment.min_position), state[1]


POSE = MountainCarPose()
