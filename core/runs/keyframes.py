"""Kept states of a run, and which of them are let go where they outgrow their memory."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

from numpy.typing import NDArray

from core.learner import State
from core.runs.lean import inventory, whole


@dataclass(frozen=True, eq=False)
class Keyframe:
    """A kept state.

    Attributes:
        units, boundaries: where in the run it is.
        worked: seconds of work from the start of the run.
        held: the session's state, made lean (see `core.runs.lean`); its history is a view, which takes no memory of its own.
    """

    units: int
    boundaries: int
    worked: float
    held: Any

    @property
    def state(self) -> State:
        """The session's state."""
        state: State = whole(self.held)
        return state

    @cached_property
    def inventory(self) -> tuple[int, list[bytes | NDArray[Any]]]:
        """Bytes that it takes for itself, and what of it is large and may be shared."""
        history, _ = inventory(self.held.get("history"))
        beside, parts = inventory({name: part for name, part in self.held.items() if name != "history"})
        return history + beside, parts

    @property
    def bare(self) -> State:
        """The same without what was measured, for a session that is not measured."""
        return self.state | {"history": {}, "meter": None}


class Keyframes:
    """The kept states of one run in order, within their memory. What several of them share counts once.

    Attributes:
        frames: the states.
        size: bytes that they take.
        memory: bytes that they may take.

    Args:
        memory: bytes that they may take; 0 for the first and the newest alone.
        frames: those there are already.
    """

    def __init__(self, memory: int, frames: Sequence[Keyframe] = ()) -> None:
        self.memory, self.size = memory, 0
        self.frames: list[Keyframe] = []
        self._users: dict[int, int] = {}
        self._apart = 0.0
        for frame in frames:
            self.frames.append(frame)
            self._hold(frame)

    def add(self, frame: Keyframe) -> bool:
        """Keep one more, and let go of older ones where memory is short; False where it is too large to be kept beside the first."""
        before = self.size
        self._hold(frame)
        if self.frames and self.memory and self.size - before > self.memory / 2:
            self._release(frame)
            return False
        self.frames.append(frame)
        if self.size > self.memory:
            self._thin()
        return True

    def limit(self, memory: int) -> None:
        """Let them take so many bytes from now on."""
        if memory > self.memory:
            self._apart = 0.0
        self.memory = memory
        if self.size > memory:
            self._thin()

    @property
    def thinned(self) -> bool:
        """Whether memory was short before."""
        return self._apart > 0

    def until(self, units: int) -> int:
        """The place of the newest from at most so many units."""
        return bisect_right(self.frames, units, key=lambda frame: frame.units) - 1

    def until_boundary(self, number: int) -> int:
        """The place of the newest from before the end of that episode (sweep)."""
        return max(bisect_right(self.frames, number - 1, key=lambda frame: frame.boundaries) - 1, 0)

    def seconds_a_unit(self, place: int, units: int, worked: float) -> float:
        """What a unit took behind one of them, of a run that has done so many units in so many seconds."""
        here = self.frames[place]
        if place + 1 < len(self.frames):
            units, worked = self.frames[place + 1].units, self.frames[place + 1].worked
        return (worked - here.worked) / max(units - here.units, 1)

    def _thin(self) -> None:
        """Free an eighth of the memory. Of the older states those go, the oldest first, without which neighbours lie no further apart, in
        seconds of work, than they must; the first one and the newest eighth stay."""
        if len(self.frames) > 2:
            self._apart = self._apart or max(median(after.worked - frame.worked for frame, after in pairwise(self.frames)), 1e-9)
        while self.size > self.memory * 7 / 8 and len(self.frames) > 2:
            frames, newest = self.frames, max(len(self.frames) // 8, 1)
            self.frames = frames[:1]
            for frame, after in pairwise(frames[1 : len(frames) - newest + 1]):
                near = after.worked - self.frames[-1].worked <= self._apart
                if near and self.size > self.memory * 7 / 8:
                    self._release(frame)
                else:
                    self.frames.append(frame)
            self.frames += frames[-newest:]
            if self.size > self.memory * 7 / 8:
                self._apart *= 1.1

    def _hold(self, frame: Keyframe) -> None:
        beside, parts = frame.inventory
        self.size += beside
        for part in parts:
            users = self._users.get(id(part), 0)
            self._users[id(part)] = users + 1
            self.size += 0 if users else _length(part)

    def _release(self, frame: Keyframe) -> None:
        beside, parts = frame.inventory
        self.size -= beside
        for part in parts:
            users = self._users.pop(id(part)) - 1
            if users:
                self._users[id(part)] = users
            else:
                self.size -= _length(part)


def _length(part: bytes | NDArray[Any]) -> int:
    return len(part) if isinstance(part, bytes) else part.nbytes
