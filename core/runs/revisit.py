"""A second session of a run, in which moments of its past are come to: by restoring a state from before and doing the same work again."""

import time
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from core.learner import UNBOUNDED, Budget, Explanation, Snapshot
from core.runs.again import PART
from core.runs.keyframes import Keyframe
from core.runs.lean import inventory
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.spec import RunSpec

APART = 0.02
"""Seconds of work from one state that is put by on the way to the next."""
SHARE = 10
"""Putting one by may take one part in so many of that."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One member at a moment of the past.

    Attributes:
        units, boundaries: where in the run it is.
        snapshot, explanation: as the learner gave them then.
    """

    units: int
    boundaries: int
    snapshot: Snapshot
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class Coming:
    """A moment that is being come to.

    Attributes:
        units: after so many units of work; None where that is not known before.
        share: of the way to it that is done, from 0 to 1.
    """

    units: int | None
    share: float


class Revisit:
    """Goes to moments of one run. It is not measured: that would cost more than the work itself.

    Attributes:
        session: the second one; None before the first moment.
        way: states put by on the way from one kept state to the moment gone to last, for the moments around it.

    Args:
        memory: bytes that those may take.
    """

    def __init__(self, memory: int) -> None:
        self.memory = memory
        self.session: Session | None = None
        self.way: list[Keyframe] = []
        self._from: Keyframe | None = None
        self._pacer = Pacer(PART)
        self._size = 0

    def to(self, spec: RunSpec, origin: Keyframe, stops: tuple[int, ...], boundaries: int) -> Iterator[Session]:
        """Go on the way that begins at a kept state, a part of the work at a time.

        Args:
            spec: of the run.
            origin: the kept state.
            stops: units of work at which states are put by, in order; the last is where it ends.
            boundaries: where it ends, unless before, so many episodes (sweeps) having ended.
        """
        session = self._at(spec, origin, stops[-1], boundaries)
        if waits := spec.members > 1 and boundaries < UNBOUNDED:  # members that wait for others make it no moment to go on from
            self._from = None
        yield session
        put_by = time.thread_time()
        for stop in stops:
            while (session.units < stop and session.boundaries < boundaries) or not session.settled:
                self._pacer.slice(session.advance, Budget(stop - session.units, boundaries - session.boundaries))
                if session.still:
                    return
                now = time.thread_time()
                if now - put_by > APART and session.units < stop and not waits:
                    self._put_by(origin, session)
                    put_by = now + max(0.0, SHARE * (time.thread_time() - now) - APART)
                yield session
            if stop != stops[-1] and session.units == stop:
                self._put_by(origin, session)

    def close(self) -> None:
        """Let go of the session."""
        if self.session is not None:
            self.session.close()
        self.session = None
        self._forget()

    def _at(self, spec: RunSpec, origin: Keyframe, units: int, boundaries: int) -> Session:
        """The session at the best place on the way from the kept state to the moment: where it is already, or at a state put by."""
        if self.session is not None and self.session.spec is not spec:
            self.close()
        session = self.session = self.session or Session(spec)
        if fresh := self._from is not origin:
            self._forget()
        before = [one for one in self.way if one.units <= units and one.boundaries < boundaries]
        start = before[-1] if before else origin
        if fresh or not (start.units <= session.units <= units and session.boundaries < boundaries):
            session.restore(start.bare)
        self._from = origin
        return session

    def _forget(self) -> None:
        """The way led elsewhere."""
        self._from, self._size = None, 0
        self.way.clear()

    def _put_by(self, origin: Keyframe, session: Session) -> None:
        place = bisect_right(self.way, session.units, key=lambda one: one.units)
        if place and self.way[place - 1].units == session.units:
            return
        one = Keyframe(session.units, session.boundaries, origin.worked, session.state())
        self.way.insert(place, one)
        self._size += _size(one)
        while self._size > self.memory:
            self._size -= _size(self.way.pop(0))


def _size(one: Keyframe) -> int:
    """Bytes of its own: read-only arrays are those of a replay's other states, too."""
    beside, parts = inventory(one.held)
    return beside + sum(part.nbytes for part in parts if not isinstance(part, bytes) and part.flags.writeable)


def moment_of(session: Session) -> Moment:
    """Where a session stands."""
    return Moment(session.units, session.boundaries, session.snapshot(), session.learner.explain())
