"""How an observation is kept in the replay buffer, and how the network sees it again."""

from abc import ABC, abstractmethod

from numpy.typing import ArrayLike
from torch import Tensor

from core.worlds.environment import Environment, MDPEnvironment, Sight
from core.worlds.mdp import FiniteMDP


class Encoding(ABC):
    """Between what is stored and what the network reads.

    Attributes:
        size: D, numbers the network reads.
        stored: numbers kept for one observation.
    """

    size: int
    stored: int

    @abstractmethod
    def store(self, environment: Environment | Sight) -> ArrayLike:
        """What to keep of the environment's observation: [stored]."""

    @abstractmethod
    def expand(self, stored: Tensor) -> Tensor:
        """[K, B, D] what the network reads, from [K, B, stored]."""


class Vector(Encoding):
    """Kept as it is."""

    def __init__(self, size: int) -> None:
        self.size = self.stored = size

    def store(self, environment: Environment | Sight) -> ArrayLike:
        return environment.observation

    def expand(self, stored: Tensor) -> Tensor:
        return stored


class OneHot(Encoding):
    """A finite world's state, kept as its number: exact in float32 below 2^24."""

    stored = 1

    def __init__(self, mdp: FiniteMDP) -> None:
        self.mdp = mdp
        self.size = mdp.states

    def store(self, environment: Environment | Sight) -> ArrayLike:
        assert environment.state is not None
        return environment.state

    def expand(self, stored: Tensor) -> Tensor:
        members, rows, _ = stored.shape
        return stored.new_zeros(members, rows, self.size).scatter_(2, stored.long(), 1.0)


def encoding_of(environment: Environment) -> Encoding:
    """The encoding that fits the environment."""
    if isinstance(environment, MDPEnvironment):
        return OneHot(environment.mdp)
    return Vector(environment.observation.size)
