"""How an observation is kept in the replay buffer, and how the network sees it again."""

from abc import ABC, abstractmethod
from math import prod

import torch
from numpy.typing import ArrayLike
from torch import Tensor

from core.deep.engine.blueprint import Shape
from core.worlds.environment import Environment, Sight
from core.worlds.mdp import FiniteMDP


class Encoding(ABC):
    """Between what is stored and what the network reads.

    Attributes:
        shape: of what the network reads of one observation: (D,) or (channels, rows, columns).
        stored: numbers kept for one observation.
        frames: pictures of a game in one, which the replay of many steps keeps once each; 0 where it is none.
        plain: whether the network reads what is kept as it is.
    """

    shape: Shape
    stored: int
    frames: int = 0
    plain: bool = False

    @abstractmethod
    def store(self, environment: Environment | Sight) -> ArrayLike:
        """What to keep of the environment's observation: [stored]."""

    @abstractmethod
    def expand(self, stored: Tensor) -> Tensor:
        """[K, B, *shape] what the network reads, from [K, B, stored]."""

    def read(self, observations: Tensor) -> Tensor:
        """[B, *shape] what the network reads, from what environments show, [B, D]."""
        return observations


class Vector(Encoding):
    """Kept as it is."""

    plain = True

    def __init__(self, size: int) -> None:
        self.shape, self.stored = (size,), size

    def store(self, environment: Environment | Sight) -> ArrayLike:
        return environment.observation

    def expand(self, stored: Tensor) -> Tensor:
        return stored


class Screens(Encoding):
    """The newest pictures of a game, kept as they are and seen from 0 to 1.

    Args:
        shape: (frames, rows, columns).
    """

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.shape, self.stored, self.frames = shape, prod(shape), shape[0]

    def store(self, environment: Environment | Sight) -> ArrayLike:
        return environment.observation

    def expand(self, stored: Tensor) -> Tensor:
        return stored.view(*stored.shape[:-1], *self.shape) * (1 / 255)

    def read(self, observations: Tensor) -> Tensor:
        return self.expand(observations)


class States(Encoding):
    """A finite world's state, kept as its number: exact in float32 below 2^24.

    Args:
        mdp: the world.
        shape: of what the network reads of a state.
    """

    stored = 1

    def __init__(self, mdp: FiniteMDP, shape: Shape) -> None:
        self.mdp, self.shape = mdp, shape

    def store(self, environment: Environment | Sight) -> ArrayLike:
        assert environment.state is not None
        return environment.state

    def read(self, observations: Tensor) -> Tensor:
        return self.expand(observations.argmax(1)[None, :, None])[0]

    @property
    def numbers(self) -> int:
        """That the network would read to see every state."""
        return self.mdp.states * prod(self.shape)


class OneHot(States):
    """A 1 in the place of the state among zeros."""

    def __init__(self, mdp: FiniteMDP) -> None:
        super().__init__(mdp, (mdp.states,))

    def expand(self, stored: Tensor) -> Tensor:
        members, rows, _ = stored.shape
        zeros = torch.zeros(members, rows, *self.shape, device=stored.device)
        return zeros.scatter_(2, stored.long(), 1.0)

    def read(self, observations: Tensor) -> Tensor:
        return observations
