"""How much work fits into a slice of time: keeps every call of `advance` short, whatever a unit costs."""

import time
from collections.abc import Callable

from core.learner import Budget, Progress

PARTS = 5
"""Calls that a slice is made of: when units suddenly cost more, as when a network begins to learn, one part is late, not all."""


class Pacer:
    """Calls `advance` for about `seconds`, in parts whose length is learnt from those before.

    Args:
        seconds: length of a slice to aim at.
    """

    def __init__(self, seconds: float = 0.01) -> None:
        self.seconds = seconds
        self.units = 1

    def slice(self, advance: Callable[[Budget], Progress], most: Budget) -> Progress:
        """One slice of at most `most`; what was done in all, without its rows. The first part is short: it may compile."""
        units = boundaries = 0
        now = began = time.perf_counter()
        while True:
            asked, part = min(self.units, most.units - units), now
            progress = advance(Budget(asked, most.boundaries - boundaries))
            units, boundaries, now = units + progress.units, boundaries + progress.boundaries, time.perf_counter()
            if progress.units == self.units:
                self.units = max(1, int(self.units * min(4.0, max(0.25, self.seconds / PARTS / max(now - part, 1e-6)))))
            over = now - began > self.seconds * (1 - 0.5 / PARTS)
            if over or progress.finished or progress.units < asked or units >= most.units or boundaries >= most.boundaries:
                return Progress(units, boundaries, finished=progress.finished)
