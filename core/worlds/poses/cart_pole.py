"""CartPole: drag the cart, or the tip of the pole."""

import math
from typing import Any

import numpy as np

from core.worlds.gym import Quantity
from core.worlds.poses import Handle, Pose, State

WIDTH, HEIGHT = 600, 400
RAIL, AXLE = 300, 7.5
"""Pixels from the top to the cart's middle, and from there up to the axle."""


class CartPolePose(Pose):
    """(position, velocity, angle, angular velocity); the pole's angle grows to the right."""

    environment = ("CartPoleEnv",)

    def quantities(self, environment: Any) -> tuple[Quantity, ...]:
        track, lean = environment.x_threshold, environment.theta_threshold_radians
        return (
            Quantity(name="cart position", unit="m", low=-track, high=track),
            Quantity(name="cart velocity", unit="m/s", low=-3, high=3),
            Quantity(name="pole angle", unit="rad", low=-lean, high=lean),
            Quantity(name="pole angular velocity", unit="rad/s", low=-3.5, high=3.5),
        )

    def read(self, environment: Any) -> State:
        return tuple(float(number) for number in environment.state)

    def place(self, environment: Any, state: State) -> Any:
        environment.state = np.array(state)
        environment.steps_beyond_terminated = None
        return np.array(state, np.float32)

    def handles(self, environment: Any, state: State) -> tuple[Handle, ...]:
        scale = WIDTH / (2 * environment.x_threshold)
        cart, pole = WIDTH / 2 + state[0] * scale, 2 * environment.length * scale
        tip = cart + pole * math.sin(state[2]), RAIL - AXLE - pole * math.cos(state[2])
        return Handle("cart", cart / WIDTH, RAIL / HEIGHT), Handle("pole", tip[0] / WIDTH, tip[1] / HEIGHT)

    def drag(self, environment: Any, state: State, handle: int, x: float, y: float) -> State:
        position, velocity, angle, spin = state
        scale = WIDTH / (2 * environment.x_threshold)
        if handle == 0:
            return (x * WIDTH - WIDTH / 2) / scale, velocity, angle, spin
        across, up = x * WIDTH - (WIDTH / 2 + position * scale), RAIL - AXLE - y * HEIGHT
        return position, velocity, math.atan2(across, max(up, 1.0)), spin


POSE = CartPolePose()
