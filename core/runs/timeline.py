"""The past of a run, any moment of which can be come to again.

How a learner's work is split changes none of its numbers, so the past need not be kept: a second session restores a state from before the
moment and does the same work once more. States are kept as often as that takes but an instant. Where they outgrow their memory, older ones
are let go, evenly: what is long past takes longer to come to, the newest never does.
"""

import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DeviceError
from core.learner import UNBOUNDED, Budget, Explanation, Learner, Snapshot
from core.runs.keyframes import Keyframe, size_of, thinned
from core.runs.session import Session
from core.runs.spec import Change

MEMORY = 256 * 2**20
"""Bytes that kept states take at most."""
APART = 0.012
"""Seconds of work from one kept state to the next at least."""
SHARE = 30
"""Keeping a state may take one part in so many of the run's time."""
LOST = 60.0
"""Seconds of work that may be lost when a run goes on from the newest kept state."""
REDONE = 5.0
"""Seconds of work that are done again at most to keep a run that broke down as it was just before."""
PATIENCE = 0.03
"""Seconds of work that are done again while somebody drags through the past; beyond, the nearest kept state is shown."""
NEAR = 500
"""Units before a moment gone to at which a state is put by, for the moments around it and for the way of its episode."""
CHEAP = 0.002
"""Seconds that putting it by may take."""


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
        size: bytes that kept states take.

    Args:
        session: the run.
        memory: bytes that kept states may take.
        apart: seconds of work between two of them at least.
        kept: states of before, where the session goes on from another one.
    """

    def __init__(self, session: Session, memory: int = MEMORY, apart: float = APART, kept: Sequence[Keyframe] = ()) -> None:
        self.session, self.memory, self.apart = session, memory, apart
        self.keyframes = list(kept)
        self.size = sum(keyframe.size for keyframe in kept)
        self.worked = kept[-1].worked if kept else 0.0
        self._cost = 0.0
        self.moment: Moment | None = None
        self._past: Session | None = None
        self._from: Keyframe | None = None
        self._near: tuple[Keyframe, Keyframe] | None = None
        """The state put by, and the kept one from which it was come to."""
        self._keep()

    @property
    def learner(self) -> Learner:
        """The learner on show: that of the past moment gone to last, else the run's own."""
        return self._past.learner if self._past is not None and self._from is not None else self.session.learner

    def note(self, seconds: float) -> None:
        """The session has worked for so long since the last call; keep its state if it is time."""
        self.worked += seconds
        since = self.worked - self.keyframes[-1].worked
        if since >= max(self.apart, SHARE * self._cost) and self.session.units > self.keyframes[-1].units:
            self._keep()

    def look(self, wish: Wish) -> None:
        """Show a moment; one that is the newest is the present."""
        if wish.newest:
            self.leave()
            return
        here = self.moment or self.session
        at, ended = here.units, here.boundaries
        if wish.back is not None:
            moment = self.go(at - wish.back)
        elif wish.back_to_boundary:
            moment = self.go_to_boundary(ended)
            if moment.units >= at:
                moment = self.go_to_boundary(ended - 1)
        elif wish.boundaries is not None:
            moment = self.go_to_boundary(wish.boundaries)
        else:
            moment = self.go(self.session.units if wish.units is None else wish.units, wish.exactly)
        if moment.units >= self.session.units:
            self.leave()
        else:
            self.moment = moment

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
        units = min(max(units, 0), self.session.units)
        place = bisect_right(self.keyframes, units, key=lambda keyframe: keyframe.units) - 1
        keyframe = self.keyframes[place]
        if not exactly and (units - keyframe.units) * self._seconds_a_unit(place) > PATIENCE:
            after = self.keyframes[min(place + 1, len(self.keyframes) - 1)]
            keyframe = after if after.units - units < units - keyframe.units else keyframe
            units = keyframe.units
        past = self._at(keyframe, units)
        if self._cost < CHEAP and units - NEAR > past.units:
            past.advance(Budget(units - NEAR - past.units))
            self._near = Keyframe(past.units, past.boundaries, keyframe.worked, past.state(), 0), keyframe
        past.advance(Budget(units - past.units))
        return self._moment()

    def go_to_boundary(self, number: int) -> Moment:
        """Go to the moment at which the `number`-th episode (sweep) had just ended; 0 for the start of the run."""
        number = min(max(number, 0), self.session.boundaries)
        place = max(bisect_right(self.keyframes, number - 1, key=lambda keyframe: keyframe.boundaries) - 1, 0)
        past = self._at(self.keyframes[place], self.keyframes[place].units)
        if number > past.boundaries:
            past.advance(Budget(self.session.units - past.units, number - past.boundaries))
        return self._moment()

    def before(self, units: int, boundaries: int) -> Keyframe:
        """The newest kept state from before the end of that episode (sweep), or after at most so many units."""
        ended = bisect_right(self.keyframes, boundaries - 1, key=lambda keyframe: keyframe.boundaries) - 1
        done = bisect_right(self.keyframes, units, key=lambda keyframe: keyframe.units) - 1
        kept = self.keyframes[max(ended, done, 0)]
        near = None if self._near is None else self._near[0]
        fits = near is not None and near.units > kept.units and (near.units <= units or near.boundaries < boundaries)
        return near if fits and near is not None else kept

    def branch(self) -> "Timeline":
        """A session that goes on from the past moment gone to last, with the past up to then; LookupError where there is none."""
        if self._past is None or self._from is None:
            raise LookupError("no moment of the past was gone to")
        branched = self._made_again(self._from, self._past.units)
        place = self.keyframes.index(self._from)
        return Timeline(branched, self.memory, self.apart, self.keyframes[: place + 1])

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
        made = spec.changes[: int(newest.state["changed"])]
        change = Change(units=newest.units, config=spec.after(len(made)).config, device=device)
        self.close()
        self.session.close()
        spec = spec.model_copy(update={"changes": (*made, change)})
        moved = Session.resume(spec, newest.state | {"changed": len(spec.changes)})
        moved.history.pace.restore(self.session.history.pace.view(), newest.units)
        return Timeline(moved, self.memory, self.apart, self.keyframes)

    def leave(self) -> None:
        """Back to the present."""
        self._from = self.moment = None

    def close(self) -> None:
        """Let go of the second session; the run's own is its owner's."""
        self.leave()
        if self._past is not None:
            self._past.close()
        self._past = self._near = None

    def _at(self, keyframe: Keyframe, units: int) -> Session:
        """The second session, at the keyframe or already past it on the way to `units`; it is not measured."""
        if self._past is not None and self._past.spec is not self.session.spec:
            self.close()
        if self._past is None:
            self._past = Session(self.session.spec)
        near = self._near[0] if self._near is not None and self._near[1] is keyframe and self._near[0].units <= units else None
        if self._from is keyframe and (keyframe if near is None else near).units <= self._past.units <= units:
            return self._past
        self._past.restore(keyframe.state | {"history": {}, "meter": None} if near is None else near.state)
        self._from = keyframe
        return self._past

    def _moment(self) -> Moment:
        assert self._past is not None
        return Moment(self._past.units, self._past.boundaries, self._past.snapshot(), self._past.learner.explain())

    def _seconds_a_unit(self, place: int) -> float:
        """What a unit took behind a keyframe."""
        here = self.keyframes[place]
        units, worked = self.session.units, self.worked
        if place + 1 < len(self.keyframes):
            units, worked = self.keyframes[place + 1].units, self.keyframes[place + 1].worked
        return (worked - here.worked) / max(units - here.units, 1)

    def _keep(self) -> None:
        began = time.perf_counter()
        state = self.session.state()
        took = time.perf_counter() - began
        self._cost = min(took, 2 * self._cost) if 0 < self._cost < UNBOUNDED else took  # a stall of the machine is no cost of the state
        if self.keyframes and self.keyframes[-1].units == self.session.units:
            return
        size = size_of(state, self.keyframes[-1].state if self.keyframes else {})
        if self.keyframes and size > self.memory / 8:
            self._cost = UNBOUNDED
            return
        self.keyframes.append(Keyframe(self.session.units, self.session.boundaries, self.worked, state, size))
        self.size += size
        if self.size > self.memory:
            self.keyframes = thinned(self.keyframes, self.worked, self.memory)
            self.size = sum(keyframe.size for keyframe in self.keyframes)
