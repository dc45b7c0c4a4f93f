"""What a learnt policy is worth: greedy episodes from fresh starts, apart from every training stream."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from core.learner import Learner
from core.worlds.environment import Environment, make_environment
from core.worlds.world import World

LONGEST = 10_000
"""Steps of an evaluation episode at most, where the world itself sets no limit: a greedy policy may go in circles."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One step of a greedy episode: what was taken, and what came of it."""

    action: int
    action_values: NDArray[np.float64]
    reward: float
    episode_return: float
    step: int
    ended: bool


def evaluation_stream(seed: int) -> Generator:
    """The stream that evaluation and viewers draw starts from; no training stream ever equals it."""
    return Generator(PCG64(SeedSequence(seed, spawn_key=(2**31,))))


def greedy_action(action_values: NDArray[np.float64]) -> int:
    """The first best available action."""
    return int(np.nanargmax(action_values))


def play(learner: Learner, environment: Environment, member: int = 0) -> Iterator[Moment]:
    """One greedy episode, moment by moment, from a fresh start."""
    environment.reset()
    total, step, ended = 0.0, 0, False
    while not ended:
        values = learner.action_values(environment, member)
        action = greedy_action(values)
        outcome = environment.step(action)
        total += outcome.reward
        step += 1
        ended = outcome.terminated or outcome.truncated or step >= LONGEST
        yield Moment(action, values, outcome.reward, total, step, ended)


def evaluate(learner: Learner, world: World, episodes: int = 100, seed: int = 0, member: int = 0) -> list[float]:
    """The undiscounted returns of greedy episodes from fresh starts."""
    environment = make_environment(world, evaluation_stream(seed))
    try:
        return [list(play(learner, environment, member))[-1].episode_return for _ in range(episodes)]
    finally:
        environment.close()
