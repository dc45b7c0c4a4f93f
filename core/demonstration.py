"""What a person did in a world, for a learner to learn from: an episode, or the beginning of one.

It is kept as what was seen, done and received, not as a seed to play again: so it stays what it was when an environment's own code changes.
"""

from collections.abc import Iterator
from typing import NamedTuple, Self

from pydantic import model_validator

from core.config import Config, setting

Seen = int | tuple[float, ...]
"""The number of a state where states can be listed, else an observation [D]."""


class Passage(NamedTuple):
    """One step: what was seen before and after it, and whether the episode ended there by the world's rules or was cut off."""

    before: Seen
    action: int
    reward: float
    after: Seen
    terminated: bool
    truncated: bool


class Demonstration(Config):
    """T steps in a row."""

    seen: tuple[Seen, ...] = setting(..., "Seen", "What was seen before each step and after the last.", min_length=2)
    actions: tuple[int, ...] = setting(..., "Actions", "What was done at each step.")
    rewards: tuple[float, ...] = setting(..., "Rewards", "What was received at each step.")
    terminated: bool = setting(False, "Terminated", "Whether the last step ended the episode by the world's own rules.")

    @property
    def total(self) -> float:
        """The undiscounted return."""
        return sum(self.rewards)

    def passages(self) -> Iterator[Passage]:
        """Step by step; the last one is cut off unless it ended the episode."""
        last = len(self.actions) - 1
        for step, (action, reward) in enumerate(zip(self.actions, self.rewards, strict=True)):
            ends = step == last
            yield Passage(
                self.seen[step], action, reward, self.seen[step + 1], ends and self.terminated, ends and not self.terminated
            )  # fmt: skip

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if not len(self.seen) - 1 == len(self.actions) == len(self.rewards):
            raise ValueError(f"{len(self.actions)} actions need {len(self.actions)} rewards and one more that was seen")
        return self
