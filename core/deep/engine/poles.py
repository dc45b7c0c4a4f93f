"""CartPole for K members at once, as tensors on their device (gymnasium's cartpole.py, after Barto, Sutton and Anderson 1983).

Every operation is that of gymnasium, in its order and in float64. On a processor sines come from numpy, as there: then states are the same
to the bit. A GPU has sines of its own.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.minibatch import TERMINATED, TRUNCATED

GRAVITY, CART, POLE, HALF, PUSH, SECONDS = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
"""m/s², masses of cart and pole in kg, half of the pole's length in m, the force of an action in N, the time of a step."""
MASS, MOMENT = POLE + CART, POLE * HALF
FAR, STEEP = 2.4, 12 * 2 * math.pi / 360
"""Beyond which distance, in m, and angle, in rad, an episode terminates."""
Sine = Callable[[Tensor], Tensor]

REWARD = 1.0
"""Of every step."""
SHORTEST = 8
"""Steps of an episode at least: so long a pole takes to fall from the worst start if it is always pushed the wrong way."""


def start(seed: int) -> NDArray[np.float64]:
    """[4] where the episode of a seed begins."""
    from gymnasium.utils.seeding import np_random

    return np_random(seed)[0].uniform(-0.05, 0.05, 4)


class Poles:
    """K carts, each with a pole.

    Args:
        members: K.
        limit: steps after which an episode is truncated.
        device: where they are.

    Attributes:
        state: [K, 4] float64, position, velocity, angle and angular velocity.
        lengths: [K] int64, steps of the episode under way.
    """

    def __init__(self, members: int, limit: int, device: torch.device) -> None:
        self.state = torch.zeros(members, 4, dtype=torch.float64, device=device)
        self.lengths = torch.zeros(members, dtype=torch.int64, device=device)
        self._limit = limit
        self._sin: Sine = _sin if device.type == "cpu" else torch.sin
        self._cos: Sine = _cos if device.type == "cpu" else torch.cos

    @property
    def seen(self) -> Tensor:
        """[K, 4] float32, what each member observes."""
        return self.state.float()

    def step(self, action: Tensor) -> Tensor:
        """Push every cart to the left or to the right.

        Args:
            action: [K] int64, 0 or 1.

        Returns:
            [K] float32, how that ended: GOES_ON, TRUNCATED or TERMINATED.
        """
        place, speed, angle, turn = self.state.unbind(1)
        force = action.double() * (2.0 * PUSH) - PUSH
        sine, cosine = self._sin(angle), self._cos(angle)
        push = (force + MOMENT * turn.square() * sine) / MASS
        fall = (GRAVITY * sine - cosine * push) / (HALF * (4.0 / 3.0 - POLE * cosine.square() / MASS))
        gain = push - MOMENT * fall * cosine / MASS
        moved = (place + SECONDS * speed, speed + SECONDS * gain, angle + SECONDS * turn, turn + SECONDS * fall)
        torch.stack(moved, 1, out=self.state)
        self.lengths.add_(1)
        fallen = (self.state[:, 0].abs() > FAR) | (self.state[:, 2].abs() > STEEP)
        late = (self.lengths >= self._limit) & ~fallen
        return fallen * TERMINATED + late * TRUNCATED  # not `where`, which brings its numbers from the host

    def begin(self, which: Tensor, starts: Tensor) -> None:
        """Begin an episode for members in `which` [K] bool where `starts` [K, 4] says."""
        self.state.copy_(torch.where(which[:, None], starts, self.state))
        self.lengths.mul_(~which)

    def repeat(self, seeds: Sequence[int], actions: Sequence[Sequence[int]]) -> None:
        """Go to where the episodes of these seeds are after these actions, each [K]."""
        self.state.copy_(torch.from_numpy(np.array([start(seed) for seed in seeds])))
        lengths = [len(own) for own in actions]
        taken = np.zeros((max(lengths), len(actions)), np.int64)
        for member, own in enumerate(actions):
            taken[: len(own), member] = own
        before = torch.empty_like(self.state)
        ends = torch.tensor(lengths, device=self.state.device)
        for number, action in enumerate(torch.from_numpy(taken).to(self.state.device)):
            before.copy_(self.state)
            self.step(action)
            self.state.copy_(torch.where((ends > number)[:, None], self.state, before))
        self.lengths.copy_(ends)


def _sin(angle: Tensor) -> Tensor:
    return torch.from_numpy(np.sin(angle.contiguous().numpy()))


def _cos(angle: Tensor) -> Tensor:
    return torch.from_numpy(np.cos(angle.contiguous().numpy()))
