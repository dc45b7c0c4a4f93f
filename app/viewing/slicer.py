"""Maps values over two numbers of the observation, in pieces so short that nothing waits for them."""

import time

import numpy as np
from numpy.typing import NDArray

from app.viewing.frames import SliceMap
from app.viewing.orders import Slice
from core.learner import Learner
from core.worlds.environment import Environment
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.world import World

SIDE = 60
"""Places along each side of a map."""
PIECE = 0.003
"""Seconds of work at most between two looks at the clock."""
APART = 0.25
"""Seconds between the beginnings of two maps at least."""
SHARE = 0.1
"""Of the time that maps may take at most."""
LARGEST = 1e6
"""Bounds beyond this one count as none."""


class Slicer:
    """Makes one map after the other. Used where the learner is.

    Attributes:
        newest: the newest complete map.
    """

    def __init__(self) -> None:
        self.order: Slice | None = None
        self.newest: SliceMap | None = None
        self._seen: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        self._rows: NDArray[np.float32] | None = None
        self._values, self._actions, self._done = np.empty(SIDE * SIDE), np.empty(SIDE * SIDE, np.int64), 0
        self._chunk, self._next, self._began, self._spent = SIDE, 0.0, 0.0, 0.0

    def clear(self) -> None:
        """Forget the run."""
        self.newest = self._seen = None
        self._drop()

    def ask(self, order: Slice | None) -> None:
        """What to map from now on."""
        if order != self.order:
            self.order = order
            self._drop()

    def work(self, world: World, environment: Environment, learner: Learner, member: int) -> bool:
        """A piece of the present map, for `PIECE` seconds; whether one has become complete."""
        order, size = self.order, environment.observation.size
        if not isinstance(world, GymWorld) or not isinstance(environment, GymEnvironment) or order is None or max(order.x, order.y) >= size:
            return False
        began = time.perf_counter()
        if self._rows is None:
            if began < self._next:
                return False
            self._began, self._spent = began, 0.0
            self._begin(world, environment, order)
        assert self._rows is not None
        while self._done < SIDE * SIDE and time.perf_counter() - began < PIECE:
            piece = time.perf_counter()
            values = learner.values_of(self._rows[self._done : self._done + self._chunk], member)
            if values is None:
                self.order, self._rows = None, None
                return False
            self._values[self._done : self._done + self._chunk] = np.fmax.reduce(values, axis=1)
            self._actions[self._done : self._done + self._chunk] = np.where(np.isnan(values), -np.inf, values).argmax(axis=1)
            self._done += len(values)
            spent = max(time.perf_counter() - piece, 1e-6)
            self._chunk = int(min(max(self._chunk * min(PIECE / spent, 4.0), 1), SIDE * SIDE))
        self._spent += time.perf_counter() - began
        if self._done < SIDE * SIDE:
            return False
        self._next = self._began + max(APART, self._spent / SHARE)
        shape, (low, high) = (SIDE, SIDE), self._bounds
        self.newest = SliceMap(
            order.x, order.y, (low[order.x], low[order.y]), (high[order.x], high[order.y]),
            self._values.reshape(shape), self._actions.reshape(shape), self._held,
        )  # fmt: skip
        self._rows = None
        return True

    def _begin(self, world: GymWorld, environment: GymEnvironment, order: Slice) -> None:
        seen = environment.observation
        self._bounds = low, high = self._range(world, environment)
        self._held = np.zeros_like(seen) if order.zero else seen.copy()
        rows = np.repeat(self._held[None], SIDE * SIDE, axis=0)
        across, up = (np.linspace(low[one], high[one], SIDE, dtype=np.float32) for one in (order.x, order.y))
        rows[:, order.x] = np.tile(across, SIDE)
        rows[:, order.y] = np.repeat(up, SIDE)
        self._rows = rows
        self._values, self._actions, self._done = np.empty(SIDE * SIDE), np.empty(SIDE * SIDE, np.int64), 0

    def _range(self, world: GymWorld, environment: GymEnvironment) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bounds of each number: the world's, else the environment's, else what was seen so far, at least from -1 to 1."""
        seen = environment.observation.astype(np.float64)
        least, most = (np.minimum(seen, -1.0), np.maximum(seen, 1.0)) if self._seen is None else self._seen
        self._seen = np.minimum(least, seen), np.maximum(most, seen)
        space = environment.env.observation_space
        low, high = (np.array(getattr(space, name, np.full(seen.size, np.inf)), np.float64).reshape(-1) for name in ("low", "high"))
        for place, one in enumerate(world.observation[: seen.size]):
            low[place] = low[place] if one.low is None else one.low
            high[place] = high[place] if one.high is None else one.high
        unknown = ~((np.abs(low) < LARGEST) & (np.abs(high) < LARGEST) & (low < high))
        low[unknown], high[unknown] = self._seen[0][unknown], self._seen[1][unknown]
        return low, high

    def _drop(self) -> None:
        self._rows, self._chunk, self._next = None, SIDE, 0.0
