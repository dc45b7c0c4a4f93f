"""Acrobot: drag either end of the links."""

import math
from typing import Any

import numpy as np

from core.worlds.gym import Quantity
from core.worlds.poses import Handle, Pose, State


class AcrobotPose(Pose):
    """(angle 1, angle 2, their velocities): the first from hanging straight down, the second from the line of the first link."""

    environment = ("AcrobotEnv",)

    def quantities(self, environment: Any) -> tuple[Quantity, ...]:
        first, second = environment.MAX_VEL_1, environment.MAX_VEL_2
        return (
            Quantity(name="angle 1", unit="rad", low=-math.pi, high=math.pi),
            Quantity(name="angle 2", unit="rad", low=-math.pi, high=math.pi),
            Quantity(name="angular velocity 1", unit="rad/s", low=-first, high=first),
            Quantity(name="angular velocity 2", unit="rad/s", low=-second, high=second),
        )

    def read(self, environment: Any) -> State:
        return tuple(float(number) for number in environment.state)

    def place(self, environment: Any, state: State) -> Any:
        environment.state = np.array(state, np.float32)
        first, second, *speeds = state
        return np.array([math.cos(first), math.sin(first), math.cos(second), math.sin(second), *speeds], np.float32)

    def handles(self, environment: Any, state: State) -> tuple[Handle, ...]:
        (upper, lower), size = _links(environment)
        joint = 0.5 + upper * math.sin(state[0]) / size, 0.5 + upper * math.cos(state[0]) / size
        both = state[0] + state[1]
        return Handle("joint", *joint), Handle("tip", joint[0] + lower * math.sin(both) / size, joint[1] + lower * math.cos(both) / size)

    def drag(self, environment: Any, state: State, handle: int, x: float, y: float) -> State:
        first, second, *speeds = state
        if handle == 0:
            return (math.atan2(x - 0.5, y - 0.5), second, *speeds)
        joint = self.handles(environment, state)[0]
        return (first, math.remainder(math.atan2(x - joint.x, y - joint.y) - first, math.tau), *speeds)


def _links(environment: Any) -> tuple[tuple[float, float], float]:
    """Lengths of both links, and the picture's side, in metres."""
    upper, lower = environment.LINK_LENGTH_1, environment.LINK_LENGTH_2
    return (upper, lower), 2 * (upper + lower + 0.2)


POSE = AcrobotPose()
