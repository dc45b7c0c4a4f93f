"""Environments of gymnasium that are stepped."""

import math
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.demonstration import Demonstration, Seen
from core.errors import EnvironmentFailure, WorldError
from core.pictures import Picture, Pictures
from core.worlds.environment import Environment, Outcome, Sight, no_action
from core.worlds.gym import GymWorld
from core.worlds.rendering import render

if TYPE_CHECKING:
    from core.worlds.foreign.host import Host


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
                raise no_action(action)

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
