"""What a person did in a world, for a learner to learn from: an episode, or the beginning of one.

It is kept as what was seen, done and received, not as a seed to play again: so it stays what it was when an environment's own code changes.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from pydantic import model_validator

from core.config import Config, setting
from core.pictures import Picture, Pictures

Seen = int | tuple[float, ...]
"""The number of a state where states can be listed, else an observation [D]."""


class Passage(NamedTuple):
    """One step: what was seen before and after it (of a game the newest picture), whether the episode ended there by the world's rules or
    was cut off, and whether a life was lost."""

    before: Seen | Picture
    action: int
    reward: float
    after: Seen | Picture
    terminated: bool
    truncated: bool
    lost: bool


class Demonstration(Config):
    """T steps in a row."""

    seen: tuple[Seen, ...] | Pictures = setting(..., "Seen", "What was seen before each step and after the last.")
    actions: tuple[int, ...] = setting(..., "Actions", "What was done at each step.")
    rewards: tuple[float, ...] = setting(..., "Rewards", "What was received at each step.")
    terminated: bool = setting(False, "Terminated", "Whether the last step ended the episode by the world's own rules.")
    lost: tuple[int, ...] = setting((), "Lost", "The steps, from 0, at which a life was lost.")

    @classmethod
    def of(
        cls,
        seen: Sequence[Seen | Picture] | Pictures,
        actions: Sequence[int],
        rewards: Sequence[float],
        terminated: bool,
        lost: Sequence[int],
    ) -> Self:
        """What was seen may be pictures, which are packed if they are not yet; the others as the attributes."""
        packed: tuple[Seen, ...] | Pictures
        if isinstance(seen, Pictures):
            packed = seen
        elif pictures := [each for each in seen if isinstance(each, np.ndarray)]:
            packed = Pictures.of(pictures)
        else:
            packed = tuple(each for each in seen if not isinstance(each, np.ndarray))
        return cls(seen=packed, actions=tuple(actions), rewards=tuple(rewards), terminated=terminated, lost=tuple(lost))

    @property
    def total(self) -> float:
        """The undiscounted return."""
        return sum(self.rewards)

    def passages(self) -> Iterator[Passage]:
        """Step by step; the last one is cut off unless it ended the episode."""
        last, lost = len(self.actions) - 1, set(self.lost)
        seen: Iterator[tuple[Seen | Picture, Seen | Picture]]
        seen = pairwise(self.seen.each() if isinstance(self.seen, Pictures) else self.seen)
        for step, (action, reward, (before, after)) in enumerate(zip(self.actions, self.rewards, seen, strict=True)):
            ends = step == last
            over, cut = ends and self.terminated, ends and not self.terminated
            yield Passage(before, action, reward, after, over, cut, step in lost)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        seen = self.seen.count if isinstance(self.seen, Pictures) else len(self.seen)
        if not 0 < seen - 1 == len(self.actions) == len(self.rewards):
            raise ValueError(f"{len(self.actions)} actions need {len(self.actions)} rewards and one more that was seen")
        return self
