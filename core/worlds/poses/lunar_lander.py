"""LunarLander: drag the craft; its legs go with it, and touch nothing yet.

The whole craft is moved as one rigid body, so that its joints stay as they were. Where the ground is comes with the start seed alone.
"""

import math
from typing import Any

import numpy as np

from core.worlds.gym import Quantity
from core.worlds.poses import Handle, Pose, State

HALF_WIDTH, HALF_HEIGHT = 10.0, 200 / 30
"""Metres of half the picture."""
LEG, RATE = 18 / 30, 50.0
"""Metres from the craft's middle to the ground where it stands, and steps a second."""


class LunarLanderPose(Pose):
    """(horizontal position, height, their velocities, angle, angular velocity), in the units of the observation."""

    environment = ("LunarLander",)

    def quantities(self, environment: Any) -> tuple[Quantity, ...]:
        return (
            Quantity(name="horizontal position", low=-0.9, high=0.9),
            Quantity(name="height", low=0.1, high=1.4),
            Quantity(name="horizontal velocity", low=-1, high=1),
            Quantity(name="vertical velocity", low=-1, high=1),
            Quantity(name="angle", unit="rad", low=-1, high=1),
            Quantity(name="angular velocity", low=-1, high=1),
        )

    def read(self, environment: Any) -> State:
        craft = environment.lander
        place, speed = craft.position, craft.linearVelocity
        return (
            (place.x - HALF_WIDTH) / HALF_WIDTH,
            (place.y - environment.helipad_y - LEG) / HALF_HEIGHT,
            speed.x * HALF_WIDTH / RATE,
            speed.y * HALF_HEIGHT / RATE,
            craft.angle,
            20 * craft.angularVelocity / RATE,
        )

    def place(self, environment: Any, state: State) -> Any:
        craft = environment.lander
        old, turn = tuple(craft.position), state[4] - craft.angle
        new = HALF_WIDTH * (1 + state[0]), HALF_HEIGHT * state[1] + environment.helipad_y + LEG
        speed, spin = (state[2] * RATE / HALF_WIDTH, state[3] * RATE / HALF_HEIGHT), state[5] * RATE / 20
        cos, sin = math.cos(turn), math.sin(turn)
        for body in (craft, *environment.legs):
            across, up = body.position.x - old[0], body.position.y - old[1]
            arm = across * cos - up * sin, across * sin + up * cos
            body.position = new[0] + arm[0], new[1] + arm[1]
            body.angle += turn
            body.linearVelocity = speed[0] - spin * arm[1], speed[1] + spin * arm[0]
            body.angularVelocity = spin
        for leg in environment.legs:
            leg.ground_contact = False
        seen = np.array([*state, 0, 0], np.float32)
        environment.game_over = False
        environment.prev_shaping = -100 * (math.hypot(*state[:2]) + math.hypot(*state[2:4]) + abs(state[4]))
        return seen

    def handles(self, environment: Any, state: State) -> tuple[Handle, ...]:
        height = HALF_HEIGHT * state[1] + environment.helipad_y + LEG
        return (Handle("lander", (1 + state[0]) / 2, 1 - height / (2 * HALF_HEIGHT)),)

    def drag(self, environment: Any, state: State, handle: int, x: float, y: float) -> State:
        height = (1 - y) * 2 * HALF_HEIGHT - environment.helipad_y - LEG
        return (2 * x - 1, height / HALF_HEIGHT, *state[2:])


POSE = LunarLanderPose()
