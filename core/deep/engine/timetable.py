"""A schedule as each member meets it: every member has its own count of episodes, all share the count of steps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.schedules import Clock, Kind, Schedule, value_at


class Timetable:
    """Values of one schedule for K members.

    Args:
        schedule: what is followed.
        members: K.

    Attributes:
        values: [K] float64, as of the last `update`.
    """

    def __init__(self, schedule: Schedule, members: int) -> None:
        self.values: NDArray[np.float64] = np.full(members, schedule.value(0.0))
        self.constant = schedule.kind is Kind.constant
        self._by_episode = schedule.per is Clock.episode
        self._encoded = schedule.encode()

    def update(self, step: int, episodes: Sequence[int]) -> None:
        """Move to `step`, with this many episodes ended by each member."""
        if self.constant:
            return
        if self._by_episode:
            self.values[:] = [value_at.function(self._encoded, episode) for episode in episodes]
        else:
            self.values[:] = value_at.function(self._encoded, step)
