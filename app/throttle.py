"""How fast a run may go, and how fast it goes."""

import time

from core.learner import UNBOUNDED


class Throttle:
    """Hands out units so that no more than `speed` of them are done a second, and measures how many are.

    Attributes:
        speed: units a second; None for as fast as it goes.
        rate: units a second over the last half second or more.
    """

    def __init__(self) -> None:
        self.speed: float | None = None
        self.rate = 0.0
        self.restart()

    def restart(self) -> None:
        """Begin to count now: after a pause or a change of speed."""
        self._since = self._rate_since = time.perf_counter()
        self._spent = self._rate_units = 0

    def allowed(self) -> int:
        """Units that may be done now."""
        if self.speed is None:
            return UNBOUNDED
        due = int((time.perf_counter() - self._since) * self.speed) + 1 - self._spent
        if due > self.speed + 1:  # a second behind: go on from here instead of racing to catch up
            self.restart()
            return 1
        return due

    def spend(self, units: int) -> None:
        """Units that were done."""
        self._spent += units
        self._rate_units += units
        now = time.perf_counter()
        if now - self._rate_since > 0.5:
            self.rate = self._rate_units / (now - self._rate_since)
            self._rate_since, self._rate_units = now, 0
