"""When states of a run are kept for its past. Learning never waits long for that, and goes on where the machine's memory is full."""

import math
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from core import devices
from core.memory import usable_memory
from core.runs.keyframes import Keyframe, Keyframes
from core.runs.lean import lean
from core.runs.session import Session

MEMORY = 256 * 2**20
"""Bytes that kept states take at most, where nobody chose otherwise."""
LEAST = 16 * 2**20
"""Bytes that somebody may choose at least."""
APART = 0.01
"""Seconds of work from one kept state to the next at least."""
SHARE, FIRST = 30, 16
"""Keeping a state may take one part in so many of the run's time; one in so many until memory is short for the first time."""
AGAIN = 10.0
"""Seconds of work until another state is kept after the machine's memory was full."""
FEW = 8
"""Kept states of which no half is let go."""
FULL = (
    "The memory of this machine was full: the run goes on, and fewer moments of its past are reached at once. "
    "Choose something smaller, or close other programs."
)


def most_memory() -> int:
    """Bytes that somebody may choose at most: half of what there is."""
    return max(usable_memory() // 2, LEAST)


class Keeper:
    """Keeps states of one session. Used in the session's thread.

    Attributes:
        kept: the states; the first one is always there.
        worked: seconds of work since the start of the run.
        cost: seconds that keeping one takes.
        notices: what a person should know: why it keeps less than it should, and what to do.

    Args:
        session: the run.
        memory: bytes that the states may take; 0 for the first and the newest alone.
        apart: seconds of work between two of them at least.
        kept: states of before, where the session goes on from another one.
        worked: seconds of work until there.

    Raises:
        MemoryError: where there is no room for the first state; torch raises RuntimeError then.
    """

    def __init__(self, session: Session, memory: int, apart: float = APART, kept: Sequence[Keyframe] = (), worked: float = 0.0) -> None:
        self.session, self.apart, self.worked = session, apart, worked
        self.kept, self._memory = Keyframes(memory, kept), memory
        self.cost = 0.0
        self.notices: tuple[str, ...] = ()
        self._costs: deque[float] = deque(maxlen=4)
        self._newest: Any = kept[-1].state if kept else None
        self._pause = 0.0
        self.keep()

    @property
    def memory(self) -> int:
        """Bytes that the states may take; they take less once the machine's memory was full."""
        return self._memory

    @memory.setter
    def memory(self, memory: int) -> None:
        self._memory = memory
        self.kept.limit(memory)
        self.notices, self._pause = (), 0.0

    def note(self, seconds: float) -> None:
        """The session has worked for so long since the last call; keep its state if it is time."""
        self.worked += seconds
        newest = self.kept.frames[-1]
        apart = max(self.apart, (SHARE if self.kept.thinned else FIRST) * self.cost)
        if self.worked >= max(newest.worked + apart, self._pause) and self.session.units > newest.units:
            self.keep()

    def keep(self) -> None:
        """Keep its state now, if there is room; a GPU that has none for it raises what torch raises."""
        frames, units = self.kept.frames, self.session.units
        if frames and frames[-1].units == units:
            return
        began = time.thread_time()
        try:
            state = self.session.state()
            held = lean(state, self._newest, frames[-1].held if frames else None)
        except Exception as error:
            if not frames or not devices.has_no_room(error):
                raise
            self._give_way()
            return
        if not self.kept.add(Keyframe(units, self.session.boundaries, self.worked, held)):
            self.notices, self._pause = (_too_large(self.memory),), math.inf
            return
        self._newest = state
        self._costs.append(time.thread_time() - began)
        self.cost = min(self._costs)

    def _give_way(self) -> None:
        """Let half of what is kept go, at last all but the first and the newest, and wait a while."""
        self.kept.limit(self.kept.size // 2 if len(self.kept.frames) > FEW else 0)
        self.notices, self._pause = (FULL,), self.worked + AGAIN


def _too_large(memory: int) -> str:
    return (
        f"A state of this run is too large for the memory of its past ({memory >> 20} MB): newer moments take long to reach. "
        "Give the past more memory in the menu Run."
    )
