"""Worlds that can be stepped: one interface over finite MDPs and gymnasium environments.

After a step that ends the episode, observation, mask and state are those of the last moment, so that a truncated
episode can be bootstrapped from them; the next call must be `reset`.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.demonstration import Demonstration, Seen
from core.errors import WorldError
from core.pictures import Picture


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


def no_action(action: int) -> WorldError:
    """The mistake of a demonstration that takes this action."""
    return WorldError(f"what was shown takes action {action}, which is not there")
