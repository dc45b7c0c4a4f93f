"""The range of each number of an observation: features divide it, and what lies outside is clipped to it.

Where the world's file declares a range, that one holds; else the observation space's own where it is finite. For what is
left without either, a random agent is watched: the range it meets in `WATCHED` steps, widened by half its width on both
sides. Its stream is always the same, so that every run and member divides the same range.
"""

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from core.worlds.copies import make_environment
from core.worlds.environment import Environment
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.world import World

Floats = NDArray[np.float64]

WATCHED = 2_000
"""Steps that the random agent takes."""
LARGEST = 1e9
"""Bounds beyond this one, such as the largest float32, count as none."""


def bounds_of(world: World, environment: Environment) -> tuple[Floats, Floats]:
    """The lowest and the highest value of each number that the environment shows: [D] and [D]."""
    size = environment.observation.size
    low, high = np.full(size, -np.inf), np.full(size, np.inf)
    if isinstance(environment, GymEnvironment):
        space = environment.env.observation_space
        for bound, given in ((low, getattr(space, "low", None)), (high, getattr(space, "high", None))):
            if given is not None:
                bound[:] = np.asarray(given, np.float64).reshape(-1)
    if isinstance(world, GymWorld) and len(world.observation) == size:
        for place, quantity in enumerate(world.observation):
            low[place] = low[place] if quantity.low is None else quantity.low
            high[place] = high[place] if quantity.high is None else quantity.high
    unknown = ~((np.abs(low) < LARGEST) & (np.abs(high) < LARGEST) & (low < high))
    if unknown.any():
        least, most = watched(world)
        low[unknown], high[unknown] = least[unknown], most[unknown]
    return low, high


def watched(world: World, steps: int = WATCHED) -> tuple[Floats, Floats]:
    """The range that a random agent meets, widened by half its width on both sides; at least from -1 to 1 around its middle."""
    stream = Generator(PCG64(0))
    environment = make_environment(world, stream)
    try:
        seen = [environment.observation]
        for _ in range(steps):
            outcome = environment.step(int(stream.choice(np.flatnonzero(environment.mask))))
            seen.append(environment.observation)
            if outcome.terminated or outcome.truncated:
                environment.reset()
                seen.append(environment.observation)
    finally:
        environment.close()
    least, most = np.min(seen, axis=0).astype(np.float64), np.max(seen, axis=0).astype(np.float64)
    middle, half = (least + most) / 2, most - least
    half[half == 0] = 1.0
    return middle - half, middle + half
