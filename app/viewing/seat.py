"""One member at play in an environment of its own, with random streams of its own."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from core.demonstration import Seen
from core.learner import Learner
from core.pictures import Picture
from core.runs.evaluation import Episode, Reckoning, evaluation_stream, greedy_action
from core.runs.spec import is_game
from core.worlds.copies import make_gym_environment
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.mdp_environment import MDPEnvironment
from core.worlds.poses import Pose, State
from core.worlds.world import World

if TYPE_CHECKING:
    from core.worlds.foreign.host import Host


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What is expected now, [A], the action for it, and whether that was drawn at random."""

    values: NDArray[np.float64]
    action: int
    explores: bool = False


def environment_of(world: World, starts: Generator, render: bool, host: "Host | None" = None) -> GymEnvironment | MDPEnvironment:
    """An environment of one's own, begun at the first of the starts; one of gymnasium's is played itself, even where its table is known."""
    if isinstance(world, GymWorld):
        return make_gym_environment(world, starts, render, host)
    environment = MDPEnvironment(world.compile(), starts)
    environment.begin(int(starts.integers(2**31)))
    return environment


class Seat:
    """Plays episode after episode.

    Args:
        world: where.
        seed: of the starts: every seat of the same seed has the same ones, in order.
        member: whose values count.
        discount: of discounted returns.
        render: whether there are pictures.
        host: the process of the environments, where their code is not gymnasium's.

    Attributes:
        start: seed of every episode; None where each has its own.
        ended: how many episodes have ended.
        last_return, reckoning: of the newest of them.
        reward: of the last step.
        game: whether what is seen is the screen of a game.
    """

    def __init__(self, world: World, seed: int, member: int, discount: float, render: bool = True, host: "Host | None" = None) -> None:
        self.finite, self.game = world.finite, is_game(world)
        self.starts = evaluation_stream(seed)
        self.environment = environment_of(world, self.starts, render, host)
        self.member, self.discount = member, discount
        self.explorer = Generator(PCG64(SeedSequence(seed, spawn_key=(2**31 + 1, member))))
        self.start: int | None = None
        self.ended = 0
        self.last_return: float | None = None
        self.reckoning: Reckoning | None = None
        self.choice: Choice | None = None
        self._fresh()

    @property
    def seen(self) -> Seen | Picture:
        """What a learner in this world sees now; of a game the newest picture."""
        environment = self.environment
        if self.game:
            assert isinstance(environment, GymEnvironment)
            return environment.picture
        return tuple(environment.observation.tolist()) if environment.state is None or not self.finite else environment.state

    def begin(self) -> None:
        """Begin an episode."""
        self.environment.begin(int(self.starts.integers(2**31)) if self.start is None else self.start)
        self._fresh()

    def begin_at(self, seed: int) -> None:
        """Begin the episode of a seed, once."""
        self.environment.begin(seed)
        self._fresh()

    def pose(self, pose: Pose, state: State) -> None:
        """Begin an episode in a state."""
        assert isinstance(self.environment, GymEnvironment)
        self.environment.pose(lambda bare: pose.place(bare, state))
        self._fresh()

    def consider(self, learner: Learner, epsilon: float = 0.0) -> bool:
        """Ask the learner what it expects now, and choose; whether anything is new. A random choice stands once it is made."""
        if self.episode.ended and self.choice is not None:
            return False
        values, before = learner.action_values(self.environment, self.member), self.choice
        if before is not None and np.array_equal(values, before.values, equal_nan=True):
            return False
        if before is not None and before.explores:
            self.choice = Choice(values, before.action, True)
        elif before is None and epsilon and self.explorer.random() < epsilon:
            self.choice = Choice(values, int(self.explorer.choice(np.flatnonzero(self.environment.mask))), True)
        else:
            self.choice = Choice(values, 0 if np.isnan(values).all() else greedy_action(values))
        return True

    def step(self, learner: Learner, epsilon: float = 0.0, action: int | None = None) -> None:
        """Take the chosen action, or the one given; after the end of an episode, begin the next."""
        if self.episode.ended:
            self.begin()
            return
        self.consider(learner, epsilon)
        assert self.choice is not None
        if action is not None:
            self.choice = Choice(self.choice.values, action)
        taken = self.choice
        self.reward = self.episode.take(taken.action, taken.values).reward
        if self.episode.ended:
            self.ended += 1
            self.last_return, self.reckoning = self.episode.total, self.episode.reckoning()
        else:
            self.choice = None

    def close(self) -> None:
        self.environment.close()

    def _fresh(self) -> None:
        self.episode = Episode(self.environment, self.discount)
        self.choice = None
        self.reward = 0.0
