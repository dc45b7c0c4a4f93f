"""How much work fits into a slice of time: keeps every call of `advance` short, whatever a unit costs."""

import time
from collections.abc import Callable

from core.learner import Budget, Progress


class Pacer:
    """Calls `advance` with as many units as take about `seconds`, learnt from the calls before.

    Args:
        seconds: length of a slice to aim at.
    """

    def __init__(self, seconds: float = 0.01) -> None:
        self.seconds = seconds
        self.units = 1

    def slice(self, advance: Callable[[Budget], Progress], most: Budget) -> Progress:
        """One slice of at most `most`. The first call is short: it may compile."""
        budget = Budget(min(self.units, most.units), most.boundaries)
        began = time.perf_counter()
        progress = advance(budget)
        took = time.perf_counter() - began
        if progress.units == self.units:
            self.units = max(1, int(self.units * min(4.0, max(0.25, self.seconds / max(took, 1e-6)))))
        return progress
