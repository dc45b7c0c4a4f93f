"""Members side by side. Their pictures are drawn in turn, as many at a time as there is time for."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.viewing.frames import Companion
from app.viewing.seat import Seat

SHARE = 0.005
"""Seconds of drawing at most before the learner has its turn again."""


class Company:
    """Remembers the newest picture of each member."""

    def __init__(self) -> None:
        self._pictures: dict[int, NDArray[np.uint8] | None] = {}
        self._turn = 0

    def look(self, seats: Sequence[Seat], front: NDArray[np.uint8] | None, hurry: bool) -> tuple[Companion, ...]:
        """All of them, with the picture of the first; `hurry` whether the others may be of a moment before."""
        self._pictures[seats[0].member] = front
        began = time.perf_counter()
        for _ in seats[1:]:
            self._turn = self._turn % (len(seats) - 1) + 1
            seat = seats[self._turn]
            self._pictures[seat.member] = seat.environment.render()
            if hurry and time.perf_counter() - began > SHARE:
                break
        return tuple(
            Companion(seat.member, self._pictures.get(seat.member), seat.episode.total, seat.episode.steps, seat.episode.ended,
                      seat.last_return)
            for seat in seats
        )  # fmt: skip
