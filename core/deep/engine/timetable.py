"""A schedule as each member meets it: every member has its own count of episodes, all share the count of steps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.schedules import Clock, Kind, Schedule


class Timetable:
    """Values of one schedule for K members.

    Args:
        schedules: [K] what each follows.

    Attributes:
        values: [K] float64, as of the last `update`.
        alike: whether all members have the same value at any time: theirs is one schedule, by steps.
    """

    def __init__(self, schedules: Sequence[Schedule]) -> None:
        self.values: NDArray[np.float64] = np.array([schedule.value(0.0) for schedule in schedules])
        self.constant = all(schedule.kind is Kind.constant for schedule in schedules)
        self._by_episode = [schedule.per is Clock.episode for schedule in schedules]
        self._schedules = schedules
        self.alike = len(set(schedules)) == 1 and not self._by_episode[0]

    def restore(self, values: NDArray[np.float64]) -> None:
        """Take up the values of another one at the same moment; a constant stays what it is, whatever was before."""
        if not self.constant:
            self.values[:] = values

    def update(self, step: int, episodes: Sequence[int]) -> None:
        """Move to `step`, with this many episodes ended by each member."""
        if self.constant:
            return
        if self.alike:
            self.values[:] = self._schedules[0].value(step)
        else:
            times = [episode if counts else step for counts, episode in zip(self._by_episode, episodes, strict=True)]
            self.values[:] = [schedule.value(time) for schedule, time in zip(self._schedules, times, strict=True)]
