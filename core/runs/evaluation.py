"""What a learnt policy is worth: greedy episodes from fresh starts, apart from every training stream."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from core.learner import Learner
from core.worlds.copies import make_environment
from core.worlds.environment import Environment
from core.worlds.world import World

LONGEST = 10_000
"""Steps of an evaluation episode at most, where the world itself sets no limit: a greedy policy may go in circles."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One step of an episode: what was taken, and what came of it."""

    action: int
    action_values: NDArray[np.float64]
    reward: float
    episode_return: float
    step: int
    ended: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reckoning:
    """What was expected of an episode and what came, step by step.

    Attributes:
        expected: [T] Q of each action when it was taken.
        came: [T] the discounted return from there on.
        cut: whether the episode was cut off, so that something would have followed.
    """

    expected: NDArray[np.float64]
    came: NDArray[np.float64]
    cut: bool


class Episode:
    """One episode under way in an environment that was just begun.

    Args:
        environment: stepped by nobody else.
        discount: of the discounted return.

    Attributes:
        total, discounted: sums of the rewards so far.
        ended: whether it is over, by the world's rules or because it was cut off after `LONGEST` steps at most.
        cut: whether it was cut off.
    """

    def __init__(self, environment: Environment, discount: float = 1.0) -> None:
        self.environment, self.discount = environment, discount
        self.total = self.discounted = 0.0
        self.ended = self.cut = False
        self.rewards: list[float] = []
        self.expected: list[float] = []

    @property
    def steps(self) -> int:
        """Taken so far."""
        return len(self.rewards)

    def take(self, action: int, action_values: NDArray[np.float64]) -> Moment:
        """Take an action of which `action_values` [A] were expected."""
        outcome = self.environment.step(action)
        self.total += outcome.reward
        self.discounted += self.discount**self.steps * outcome.reward
        self.rewards.append(outcome.reward)
        self.expected.append(float(action_values[action]))
        self.cut = not outcome.terminated and (outcome.truncated or self.steps >= LONGEST)
        self.ended = outcome.terminated or self.cut
        return Moment(action, action_values, outcome.reward, self.total, self.steps, self.ended)

    def reckoning(self) -> Reckoning:
        """What was expected and what came so far."""
        came = np.zeros(self.steps)
        following = 0.0
        for step in reversed(range(self.steps)):
            came[step] = following = self.rewards[step] + self.discount * following
        return Reckoning(np.array(self.expected), came, self.cut)


def evaluation_stream(seed: int) -> Generator:
    """The stream that evaluation and viewers draw starts from; no training stream ever equals it."""
    return Generator(PCG64(SeedSequence(seed, spawn_key=(2**31,))))


def greedy_action(action_values: NDArray[np.float64]) -> int:
    """The first best available action."""
    return int(np.nanargmax(action_values))


def play(learner: Learner, environment: Environment, member: int = 0) -> Iterator[Moment]:
    """One greedy episode, moment by moment, from a fresh start."""
    environment.reset()
    episode = Episode(environment)
    while not episode.ended:
        values = learner.action_values(environment, member)
        yield episode.take(greedy_action(values), values)


def evaluate(learner: Learner, world: World, episodes: int = 100, seed: int = 0, member: int = 0) -> list[float]:
    """The undiscounted returns of greedy episodes from fresh starts."""
    environment = make_environment(world, evaluation_stream(seed))
    try:
        return [list(play(learner, environment, member))[-1].episode_return for _ in range(episodes)]
    finally:
        environment.close()
