"""Worlds that can be stepped: one interface over finite MDPs and gymnasium environments.

After a step that ends the episode, observation, mask and state are those of the last moment, so that a truncated
episode can be bootstrapped from them; the next call must be `reset`.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from core.demonstration import Demonstration, Seen
from core.errors import EnvironmentFailure, WorldError
from core.pictures import Picture, Pictures
from core.worlds.gym import GymWorld
from core.worlds.mdp import FiniteMDP
from core.worlds.rendering import render
from core.worlds.world import World

if TYPE_CHECKING:
    from core.worlds.foreign.host import Host


class Outcome(NamedTuple):
    """What a step returned.

    Attributes:
        reward: of this step.
        terminated: the episode ended by the world's own rules: nothing follows.
        truncated: it was cut off by the step limit: something would have followed.
    """

    reward: float
    terminated: bool
    truncated: bool


class Sight(NamedTuple):
    """What an environment shows at one moment; see `Environment`. Of a game that was shown it is the newest picture alone, of uint8."""

    observation: NDArray[Any]
    mask: NDArray[np.bool_]
    state: int | None = None


class Environment(ABC):
    """One copy of a world, stepped by one owner in one thread.

    Attributes:
        observation: [D] float32, what the agent sees now; a new array on every step.
        mask: [A] bool, which actions are available now.
        state: index of the state where states are numbered, else None.
        episode_seed: of the episode under way, where it was begun with one.
        lives: that the player has left in a game; 0 elsewhere.
    """

    observation: NDArray[np.float32]
    mask: NDArray[np.bool_]
    state: int | None = None
    episode_seed: int = 0
    lives: int = 0
    slow: ClassVar[bool] = False
    """Whether a step may take long: then learners look between any two of them whether they are `held`."""

    @property
    def held(self) -> bool:
        """Whether somebody wants its learner to hold still."""
        return False

    @abstractmethod
    def reset(self) -> None:
        """Begin an episode."""

    @abstractmethod
    def begin(self, seed: int) -> None:
        """Begin the episode of that seed: start and chance come from it alone."""

    @abstractmethod
    def step(self, action: int) -> Outcome:
        """Take an available action."""

    def expect(self, action: int) -> None:  # noqa: B027
        """Be told the next action before the step, with which it may already begin."""

    @abstractmethod
    def position(self) -> dict[str, Any]:
        """Where it is, without its random stream: JSON-able or numpy."""

    @abstractmethod
    def restore(self, position: dict[str, Any]) -> None:
        """Go to where `position()` was taken; the random stream is its owner's."""

    @abstractmethod
    def check(self, shown: Demonstration) -> None:
        """WorldError where it has no such moments or actions."""

    @abstractmethod
    def sight(self, seen: Seen | Picture) -> Sight:
        """What it shows in a moment of a demonstration that was checked."""

    def render(self) -> NDArray[np.uint8] | None:
        """[height, width, 3] picture of now, where there is one."""
        return None

    def close(self) -> None:  # noqa: B027
        """Let go of windows and handles."""


class MDPEnvironment(Environment):
    """A finite MDP, observed as a one-hot vector of its state."""

    state: int

    def __init__(self, mdp: FiniteMDP, stream: Generator) -> None:
        self.mdp = mdp
        self.stream = stream
        self._eye = np.eye(mdp.states, dtype=np.float32) if mdp.states <= 2048 else None
        self._start = np.cumsum(mdp.start)
        self.reset()

    def reset(self) -> None:
        self._begin(self.stream)

    def begin(self, seed: int) -> None:
        self.episode_seed = seed
        self._begin(Generator(PCG64(SeedSequence(seed))))

    def _begin(self, chance: Generator) -> None:
        self._chance = chance
        self._place(min(int(np.searchsorted(self._start, chance.random(), side="right")), self.mdp.states - 1))
        self.length = 0

    def step(self, action: int) -> Outcome:
        mdp = self.mdp
        pair = mdp.pair_of(self.state, action)
        first, last = mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1]
        outcome = int(first + np.searchsorted(mdp.cumulative[first:last], self._chance.random(), side="right"))
        self.length += 1
        self._place(int(mdp.next_state[outcome]))
        terminated = bool(mdp.terminated[outcome])
        return Outcome(float(mdp.reward[outcome]), terminated, not terminated and self.length == mdp.step_limit)

    def check(self, shown: Demonstration) -> None:
        if isinstance(shown.seen, Pictures):
            raise WorldError("the world shows states, not pictures")
        for state, action in zip_longest(shown.seen, shown.actions):
            if not isinstance(state, int) or not 0 <= state < self.mdp.states:
                raise WorldError(f"the world has no state {state}")
            if action is not None and (not 0 <= action < self.mask.size or not self.mdp.available[state, action]):
                raise _no_action(action)

    def sight(self, seen: Seen | Picture) -> Sight:
        assert isinstance(seen, int)
        return Sight(self._observed(seen), self.mdp.available[seen], seen)

    def position(self) -> dict[str, Any]:
        return {"state": self.state, "length": self.length}

    def restore(self, position: dict[str, Any]) -> None:
        self._place(int(position["state"]))
        self.length = int(position["length"])
        self._chance = self.stream

    def _place(self, state: int) -> None:
        self.state = state
        self.mask = self.mdp.available[state]
        self.observation = self._observed(state)

    def _observed(self, state: int) -> NDArray[np.float32]:
        if self._eye is not None:
            return self._eye[state]
        observation = np.zeros(self.mdp.states, np.float32)
        observation[state] = 1.0
        return observation


class GymEnvironment(Environment):
    """A gymnasium environment with discrete actions, its observation flattened to a vector.

    Every episode is reset with a seed of its own, drawn from the stream. An episode is thus a seed and its actions: `restore` replays
    them, which is exact for every environment that honours its seed. (ALE's copy of a state lacks what a sticky action repeats.)
    `rate` is that of steps a second in real time; 0 where nobody knows.
    """

    def __init__(self, world: GymWorld, stream: Generator, render: bool = False, host: "Host | None" = None) -> None:
        self.name = world.id
        self.stream = stream
        self.env = world.make(render, host)
        self._screen = world.screen
        self.rate = world.screen.rate if world.screen else float(self.env.metadata.get("render_fps") or 0.0)
        self.actions: list[int] = []
        self._behind = False
        try:
            self._fit()
            self.reset()
        except BaseException:
            self.env.close()
            raise

    def _fit(self) -> None:
        """See whether there is a place here for its actions and observations."""
        import gymnasium

        actions, seen = self.env.action_space, self.env.observation_space
        if not isinstance(actions, gymnasium.spaces.Discrete):
            raise EnvironmentFailure(
                f"its actions are {actions}, not a discrete set", where=self.name, remedy="Choose an environment with discrete actions"
            )
        if not isinstance(seen, gymnasium.spaces.Box | gymnasium.spaces.Discrete):
            raise EnvironmentFailure(f"its observations are {type(seen).__name__}, not a box or a discrete set", where=self.name)
        self._first_action = int(actions.start)
        self._one_hot = int(seen.n) if isinstance(seen, gymnasium.spaces.Discrete) else 0
        self._first_state = int(seen.start) if isinstance(seen, gymnasium.spaces.Discrete) else 0
        self._size = self._one_hot or math.prod(seen.shape or ())
        self.mask = np.ones(int(actions.n), bool)

    def reset(self) -> None:
        self.begin(int(self.stream.integers(2**31)))

    def begin(self, seed: int) -> None:
        self.episode_seed = seed
        self.actions, self._behind = [], False
        try:
            seen, _ = self.env.reset(seed=seed)
        except EnvironmentFailure:
            raise
        except Exception as error:
            raise EnvironmentFailure(f"reset(seed={seed}) raised {type(error).__name__}: {error}", where=self.name) from error
        self.observation = self._vector(seen)

    def pose(self, place: Callable[[Any], Any]) -> None:
        """Begin an episode in a state of one's own, which `restore` cannot repeat.

        Args:
            place: puts the bare environment, just reset, into the state and returns what is observed there.
        """
        self.begin(self.episode_seed)
        self.observation = self._vector(place(self.env.unwrapped))

    def stand(self, seed: int, actions: list[int], observation: NDArray[np.float32]) -> None:
        """Take up an episode that was played elsewhere, by its seed and its actions; it is repeated here before the next step."""
        self.episode_seed, self.actions, self.observation, self._behind = seed, actions, observation, True

    def step(self, action: int) -> Outcome:
        if self._behind:
            self.restore(self.position())
        try:
            seen, reward, terminated, truncated, _ = self.env.step(action + self._first_action)
            reward = float(reward)
        except EnvironmentFailure:
            raise
        except Exception as error:
            raise EnvironmentFailure(f"step({action}) raised {type(error).__name__}: {error}", where=self.name) from error
        if not math.isfinite(reward):
            raise EnvironmentFailure(f"step({action}) returned the reward {reward}", where=self.name)
        self.actions.append(action)
        self.observation = self._vector(seen)
        return Outcome(reward, bool(terminated), bool(truncated) and not terminated)

    def check(self, shown: Demonstration) -> None:
        size, seen = self._screen.side**2 if self._screen else self._size, shown.seen
        fits = seen.size == size if isinstance(seen, Pictures) else all(isinstance(each, tuple) and len(each) == size for each in seen)
        if not fits:
            raise WorldError(f"observations have {size} numbers", where=self.name)
        for action in shown.actions:
            if not 0 <= action < self.mask.size:
                raise _no_action(action)

    def sight(self, seen: Seen | Picture) -> Sight:
        return Sight(seen if isinstance(seen, np.ndarray) else np.array(seen, np.float32), self.mask)

    @property
    def picture(self) -> Picture:
        """[side * side] the newest of the pictures of a game that are observed."""
        assert self._screen is not None
        return self.observation[-(self._screen.side**2) :].astype(np.uint8)

    def position(self) -> dict[str, Any]:
        return {"episode_seed": self.episode_seed, "actions": np.array(self.actions, np.int64)}

    def restore(self, position: dict[str, Any]) -> None:
        self.begin(int(position["episode_seed"]))
        for action in position["actions"]:
            self.step(int(action))

    def render(self) -> NDArray[np.uint8] | None:
        return render(self.env)

    def close(self) -> None:
        with suppress(Exception):  # nobody waits for what goes wrong at its end
            self.env.close()

    def _vector(self, seen: Any) -> NDArray[np.float32]:
        if self._one_hot:
            vector = np.zeros(self._one_hot, np.float32)
            self.state = int(seen) - self._first_state
            vector[self.state] = 1.0
            return vector
        vector = np.array(seen, np.float32).reshape(-1)
        if vector.size != self._size or not np.isfinite(vector).all():
            raise EnvironmentFailure("an observation is not finite or has the wrong shape", where=self.name)
        if self._screen:
            self.lives = int(self.env.get_wrapper_attr("ale").lives())
        return vector


def _no_action(action: int) -> WorldError:
    return WorldError(f"what was shown takes action {action}, which is not there")


def gym_environment(world: GymWorld, stream: Generator, render: bool = False, host: "Host | None" = None) -> GymEnvironment:
    """One copy of a gymnasium environment; where its code is not gymnasium's, in the process `host`, or one of its own."""
    if not world.source:
        return GymEnvironment(world, stream, render)
    from core.worlds.foreign.environment import ForeignEnvironment

    return ForeignEnvironment(world, stream, render, host)


def make_environment(world: World, stream: Generator, render: bool = False) -> Environment:
    """One copy of the world drawing from `stream`; with `render`, one that returns pictures where the world has them."""
    if isinstance(world, GymWorld) and (render or not world.finite):
        return gym_environment(world, stream, render)
    return MDPEnvironment(world.compile(), stream)


def make_environments(world: World, streams: Sequence[Generator]) -> list[Environment]:
    """A copy of the world for each stream; those that need a process share one."""
    if not isinstance(world, GymWorld) or not world.source:
        return [make_environment(world, stream) for stream in streams]
    made: list[Environment] = []
    try:
        host = world.host()
        made += (gym_environment(world, stream, host=host) for stream in streams)
    except BaseException:
        for environment in made:
            environment.close()
        raise
    return made
