"""The past of a run, any moment of which can be come to again.

How a learner's work is split changes none of its numbers, so the past need not be kept: a second session restores a state from before the
moment and does the same work once more. States are kept as often as that takes but an instant. Where they outgrow their memory, older ones
are let go, so that the work between any two stays as little as it can: a long past takes longer to come to, the newest never does.
Where it takes long, it is come to in parts, between which the run's thread obeys.
"""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import DeviceError
from core.learner import UNBOUNDED, Budget, Explanation, Learner, Snapshot
from core.runs.keyframes import Keyframe, Keyframes
from core.runs.lean import lean
from core.runs.revisit import Coming, Moment, Revisit, moment_of
from core.runs.session import Session
from core.runs.spec import Change

MEMORY = 256 * 2**20
"""Bytes that kept states take at most."""
APART = 0.012
"""Seconds of work from one kept state to the next at least."""
SHARE, FIRST = 30, 10
"""Keeping a state may take one part in so many of the run's time; one in so many until memory is short for the first time."""
LOST = 60.0
"""Seconds of work that may be lost when a run goes on from the newest kept state."""
REDONE = 5.0
"""Seconds of work that are done again at most to keep a run that broke down as it was just before."""
PATIENCE = 0.03
"""Seconds of work that are done again while somebody drags through the past; beyond, the nearest kept state is shown."""
NEAR = 500
"""Units before a moment gone to at which a state is put by, for the way of its episode."""
CHEAP = 0.002
"""Seconds that putting it by may take."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A moment of the run that a person wants to see: the first of these that is given.

    Attributes:
        back: so many units before the moment on show.
        back_to_boundary: the latest end of an episode (sweep) before it.
        boundaries: when so many episodes (sweeps) had ended.
        units: after so many units of work.
        newest: the present.
        exactly: False while the person is still dragging, where near is good enough if it is quick.
    """

    units: int | None = None
    boundaries: int | None = None
    newest: bool = False
    back: int | None = None
    back_to_boundary: bool = False
    exactly: bool = True


class Timeline:
    """Keeps states of one session and goes back to moments of it. Used in the session's thread.

    Attributes:
        moment: of the past, on show; None for the present.
        coming: the moment that is being come to; None where that on show is the one that was wished for.

    Args:
        session: the run.
        memory: bytes that kept states may take.
        apart: seconds of work between two of them at least.
        kept: states of before, where the session goes on from another one.
    """

    def __init__(self, session: Session, memory: int = MEMORY, apart: float = APART, kept: Sequence[Keyframe] = ()) -> None:
        self.session, self.apart = session, apart
        self.kept = Keyframes(memory, kept)
        self.worked = kept[-1].worked if kept else 0.0
        self.moment: Moment | None = None
        self.coming: Coming | None = None
        self._cost = 0.0
        self._costs: deque[float] = deque(maxlen=4)
        self._newest: Any = kept[-1].state if kept else None
        self._revisit = Revisit(memory // 8)
        self._way: Iterator[None] = iter(())
        self._keep()

    @property
    def keyframes(self) -> list[Keyframe]:
        """The kept states, in order."""
        return self.kept.frames

    @property
    def memory(self) -> int:
        """Bytes that they may take."""
        return self.kept.memory

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return self.kept.size

    @property
    def learner(self) -> Learner:
        """The learner on show: that of the past moment gone to last, else the run's own."""
        past = self._revisit.session
        return self.session.learner if self.moment is None or past is None else past.learner

    def note(self, seconds: float) -> None:
        """The session has worked for so long since the last call; keep its state if it is time."""
        self.worked += seconds
        since = self.worked - self.keyframes[-1].worked
        apart = max(self.apart, (SHARE if self.kept.thinned else FIRST) * self._cost)
        if since >= apart and self.session.units > self.keyframes[-1].units:
            self._keep()

    def look(self, wish: Wish) -> None:
        """Show a moment; one that is the newest is the present."""
        self.seek(wish)
        self.come()

    def seek(self, wish: Wish) -> None:
        """Begin to go to a moment, for which `come` does the work. Where that is much, the kept state before it is on show meanwhile."""
        if self.coming is not None and (wish.back is not None or wish.back_to_boundary):
            self.come()
        if wish.newest:
            self.leave()
            return
        here = self.moment or self.session
        if wish.back is not None:
            self._way = self._to(here.units - wish.back)
        elif wish.back_to_boundary:
            self._way = self._to_boundary(here.boundaries, here.units)
        elif wish.boundaries is not None:
            self._way = self._to_boundary(wish.boundaries)
        else:
            self._way = self._to(self.session.units if wish.units is None else wish.units, wish.exactly)
        self._go_on()

    def come(self, seconds: float = UNBOUNDED) -> bool:
        """Go on for about so long; whether the moment wished for is on show."""
        until = time.perf_counter() + seconds
        while self.coming is not None and time.perf_counter() < until:
            self._go_on()
        return self.coming is None

    def snapshot(self) -> Snapshot:
        """The first member at the moment on show."""
        return self.session.snapshot() if self.moment is None else self.moment.snapshot

    def explain(self) -> Explanation | None:
        """The last update at the moment on show."""
        return self.session.learner.explain() if self.moment is None else self.moment.explanation

    def go(self, units: int, exactly: bool = True) -> Moment:
        """Go to the moment after so many units, from 0 to the session's own.

        Args:
            units: of work.
            exactly: otherwise the nearest kept state will do where coming to the very moment takes long.
        """
        return self._arrived(self._to(units, exactly))

    def go_to_boundary(self, number: int) -> Moment:
        """Go to the moment at which the `number`-th episode (sweep) had just ended; 0 for the start of the run."""
        return self._arrived(self._to_boundary(number))

    def before(self, units: int, boundaries: int) -> Keyframe:
        """The newest kept state from before the end of that episode (sweep), or after at most so many units."""
        kept = self.keyframes[max(self.kept.until_boundary(boundaries), self.kept.until(units), 0)]
        put_by = [one for one in self._revisit.way if one.units > kept.units and (one.units <= units or one.boundaries < boundaries)]
        return put_by[-1] if put_by else kept

    def branch(self) -> "Timeline":
        """A session that goes on from the moment of the past on show, with the past up to then; LookupError where there is none."""
        self.come()
        if self.moment is None:
            raise LookupError("no moment of the past was gone to")
        units = self.moment.units
        kept = self.keyframes[: self.kept.until(units) + 1]
        return Timeline(self._made_again(kept[-1], units), self.memory, self.apart, kept)

    def mended(self) -> Session:
        """Another session as this one was before it broke down in the middle of some work: what came before is done once more.

        Raises:
            LookupError: where that would take long.
        """
        newest, session = self.keyframes[-1], self.session
        if (session.units - newest.units) * self._seconds_a_unit(len(self.keyframes) - 1) > REDONE:
            raise LookupError("no state was kept for long")
        return self._made_again(newest, session.units)

    def _made_again(self, keyframe: Keyframe, units: int) -> Session:
        """A session of its own after so many units, with all that was measured until then."""
        spec = self.session.spec
        spec = spec.model_copy(update={"changes": tuple(change for change in spec.changes if change.units <= units)})
        made = Session.resume(spec, keyframe.state)
        try:
            made.advance(Budget(units - made.units))
        except BaseException:
            made.close()
            raise
        made.history.pace.restore(self.session.history.pace.view(), units)
        return made

    def moved(self, device: str) -> "Timeline":
        """A session that goes on from the newest kept state on another device, with the past up to then. This one's is closed.

        Raises:
            DeviceError: where no state was kept for long, so that too much would be lost.
        """
        newest, spec = self.keyframes[-1], self.session.spec
        if self.worked - newest.worked > LOST:
            raise DeviceError("the memory of the GPU is full", remedy="Choose a smaller batch, fewer members or the CPU")
        state = newest.state
        made = spec.changes[: int(state["changed"])]
        change = Change(units=newest.units, config=spec.after(len(made)).config, device=device)
        self.close()
        self.session.close()
        spec = spec.model_copy(update={"changes": (*made, change)})
        moved = Session.resume(spec, state | {"changed": len(spec.changes)})
        moved.history.pace.restore(self.session.history.pace.view(), newest.units)
        return Timeline(moved, self.memory, self.apart, self.keyframes)

    def leave(self) -> None:
        """Back to the present."""
        self.moment = self.coming = None
        self._way = iter(())

    def close(self) -> None:
        """Let go of the second session; the run's own is its owner's."""
        self.leave()
        self._revisit.close()

    def _to(self, units: int, exactly: bool = True) -> Iterator[None]:
        """On the way to the moment after so many units."""
        units = min(max(units, 0), self.session.units)
        place = self.kept.until(units)
        keyframe = self.keyframes[place]
        if not exactly and (units - keyframe.units) * self._seconds_a_unit(place) > PATIENCE:
            after = min(place + 1, len(self.keyframes) - 1)
            place = after if self.keyframes[after].units - units < units - keyframe.units else place
            units = self.keyframes[place].units
        near = units - NEAR if self._cost < CHEAP else 0
        yield from self._walk(place, (near, units) if near > self.keyframes[place].units else (units,))

    def _to_boundary(self, number: int, before: int = UNBOUNDED) -> Iterator[None]:
        """On the way to the end of that episode (sweep), or of the one before where it ended after `before` units or later."""
        number = min(max(number, 0), self.session.boundaries)
        yield from self._walk(self.kept.until_boundary(number), (self.session.units,), number)
        if self.moment is not None and self.moment.units >= before:
            yield from self._to_boundary(number - 1)

    def _walk(self, place: int, stops: tuple[int, ...], boundaries: int = UNBOUNDED) -> Iterator[None]:
        """On the way from a kept state, a part at a time."""
        origin, known = self.keyframes[place], boundaries == UNBOUNDED
        end = stops[-1] if known or place + 1 == len(self.keyframes) else self.keyframes[place + 1].units
        far = (units := end - origin.units) * self._seconds_a_unit(place) > PATIENCE
        for session in self._revisit.to(self.session.spec, origin, stops, boundaries):
            here = self.moment or self.session
            if far and self.coming is None and abs(here.units - end) > end - session.units:
                self.moment = moment_of(session)
            self.coming = Coming(end if known else None, min((session.units - origin.units) / max(units, 1), 1.0))
            yield
        self.moment = moment_of(session)

    def _go_on(self) -> None:
        """Another part of the way."""
        try:
            next(self._way)
        except StopIteration:
            self.coming = None
            if self.moment is not None and self.moment.units >= self.session.units:
                self.leave()

    def _arrived(self, way: Iterator[None]) -> Moment:
        deque(way, maxlen=0)
        assert self.moment is not None
        self.coming = None
        return self.moment

    def _seconds_a_unit(self, place: int) -> float:
        return self.kept.seconds_a_unit(place, self.session.units, self.worked)

    def _keep(self) -> None:
        if self.keyframes and self.keyframes[-1].units == self.session.units:
            return
        began = time.thread_time()
        state = self.session.state()
        held = lean(state, self._newest, self.keyframes[-1].held if self.keyframes else None)
        added = self.kept.add(Keyframe(self.session.units, self.session.boundaries, self.worked, held))
        took = time.thread_time() - began
        if not added:
            self._cost = UNBOUNDED
            return
        self._newest = state
        self._costs.append(took)
        self._cost = min(self._costs)
