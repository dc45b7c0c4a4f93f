"""Random streams: one generator per member and use, all spawned from one seed, none global.

Member k of seed S draws the same numbers however many members train beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.random import PCG64, Generator, SeedSequence


@dataclass(frozen=True, slots=True)
class Streams:
    """What one member draws from.

    Attributes:
        world: starts, outcomes and the seeds of episodes.
        exploration: whether and how to explore, ties between actions.
        replay: which transitions are replayed.
        initialisation: first weights.
    """

    world: Generator
    exploration: Generator
    replay: Generator
    initialisation: Generator

    @classmethod
    def spawn(cls, seed: int, member: int) -> "Streams":
        """The streams of one member, by `SeedSequence` spawn keys (member, use)."""
        return cls(*(Generator(PCG64(SeedSequence(seed, spawn_key=(member, use)))) for use in range(4)))

    def state(self) -> dict[str, Any]:
        """JSON-able positions of all four generators."""
        return {name: getattr(self, name).bit_generator.state for name in self.__slots__}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Put every generator where `state()` found it."""
        for name in self.__slots__:
            getattr(self, name).bit_generator.state = state[name]
