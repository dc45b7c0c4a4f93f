"""Going to moments of a run's past, in parts: any other wish is heard between two of them."""

import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import chain

from core.learner import UNBOUNDED, Explanation, Learner, Snapshot
from core.runs.keeper import Keeper
from core.runs.keyframes import Keyframe
from core.runs.revisit import Coming, Moment, Revisit, moment_of
from core.runs.session import Session

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
        newest: the present.
        by: so many units after the moment on show, or before it where negative.
        by_boundary: 1 for the next end of an episode (sweep) after it, -1 for the latest one before.
        boundaries: when so many episodes (sweeps) had ended.
        units: after so many units of work.
        exactly: False while the person is still dragging, where near is good enough if it is quick.
    """

    units: int | None = None
    boundaries: int | None = None
    newest: bool = False
    by: int = 0
    by_boundary: int = 0
    exactly: bool = True

    @property
    def relative(self) -> bool:
        """Whether it counts from another moment: that on show, or the one which is being come to."""
        return self.by != 0 or self.by_boundary != 0


class Looking:
    """Goes to moments of one session, of which states are kept. Used in the session's thread.

    Attributes:
        session: the run.
        keeper: of its states.
        moment: of the past, on show; None for the present.
        coming: the moment that is being come to; None where that on show is the one that was wished for.

    Args:
        session: the run.
        keeper: of its states.
        memory: bytes that states put by on the way to a moment may take.
    """

    def __init__(self, session: Session, keeper: Keeper, memory: int) -> None:
        self.session, self.keeper = session, keeper
        self.moment: Moment | None = None
        self.coming: Coming | None = None
        self._revisit = Revisit(memory)
        self._way: Iterator[None] = iter(())
        self._after: Generator[None] | None = None

    @property
    def keyframes(self) -> list[Keyframe]:
        """The kept states, in order."""
        return self.keeper.kept.frames

    @property
    def learner(self) -> Learner:
        """The learner on show: that of the past moment gone to last, as it is on the way to another; else the run's own."""
        past = self._revisit.session
        return self.session.learner if self.moment is None or past is None else past.learner

    def look(self, wish: Wish) -> None:
        """Show a moment; one that is the newest is the present."""
        self.seek(wish)
        self.come()

    def seek(self, wish: Wish) -> None:
        """Begin to go to a moment, for which `come` does the work. Where that is much, the kept state before it is on show meanwhile."""
        if wish.newest:
            self.leave()
            return
        self.stay()
        if self.coming is not None and wish.relative:
            self._way = chain(self._way, self._toward(wish))
        else:
            self.coming, self._way = None, self._toward(wish)
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

    def before(self, units: int, boundaries: int = 0) -> Keyframe:
        """The newest state that is there from before the end of that episode (sweep), or after at most so many units."""
        kept = self.keyframes[max(self.keeper.kept.until_boundary(boundaries), self.keeper.kept.until(units), 0)]
        put_by = [one for one in self._revisit.way if one.units > kept.units and (one.units <= units or one.boundaries < boundaries)]
        return put_by[-1] if put_by else kept

    def stay(self) -> None:
        """Come to the moment wished for and no further: what was to be done there is not."""
        if self._after is not None:
            self._after.close()
        self._after = None

    def leave(self) -> None:
        """Back to the present."""
        self.stay()
        self.moment = self.coming = None
        self._way = iter(())

    def close(self) -> None:
        """Let go of the second session; the run's own is its owner's."""
        self.leave()
        self._revisit.close()

    def _toward(self, wish: Wish) -> Iterator[None]:
        """On the way to the moment wished for, from that on show as it begins."""
        here = self.moment or self.session
        if wish.by:
            yield from self._to(here.units + wish.by)
        elif wish.by_boundary > 0:
            yield from self._to_boundary(here.boundaries + 1)
        elif wish.by_boundary < 0:
            yield from self._to_boundary(here.boundaries, here.units)
        elif wish.boundaries is not None:
            yield from self._to_boundary(wish.boundaries)
        else:
            yield from self._to(self.session.units if wish.units is None else wish.units, wish.exactly)

    def _to(self, units: int, exactly: bool = True) -> Iterator[None]:
        """On the way to the moment after so many units."""
        units = min(max(units, 0), self.session.units)
        place, before = self.keeper.kept.until(units), self.before(units)
        if not exactly and (units - before.units) * self._seconds_a_unit(place) > PATIENCE:
            units = min((before, *self.keyframes[place + 1 : place + 2]), key=lambda one: abs(units - one.units)).units
            place = self.keeper.kept.until(units)
        near = units - NEAR if self.keeper.cost < CHEAP else 0
        yield from self._walk(place, (near, units) if near > self.keyframes[place].units else (units,))

    def _to_boundary(self, number: int, before: int = UNBOUNDED) -> Iterator[None]:
        """On the way to the end of that episode (sweep), the present where it has not ended yet, or to the end of the one before where it
        ended after `before` units or later."""
        if number > self.session.boundaries:
            yield from self._to(self.session.units)
            return
        moment = yield from self._walk(self.keeper.kept.until_boundary(number), (self.session.units,), max(number, 0))
        if number > 0 and moment.units >= before:
            yield from self._to_boundary(number - 1)

    def _walk(self, place: int, stops: tuple[int, ...], boundaries: int = UNBOUNDED) -> Generator[None, None, Moment]:
        """On the way from a kept state, a part at a time; where that has led."""
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
        return self.moment

    def _do(self, after: Generator[None]) -> None:
        """Begin to do something once the moment wished for is on show, unless something else is wished for before it is done."""
        self._after = after
        self._way = chain(self._way, after)
        self._go_on()

    def _go_on(self) -> None:
        """Another part of the way."""
        try:
            next(self._way)
        except StopIteration:
            self.coming = self._after = None
            if self.moment is not None and self.moment.units >= self.session.units:
                self.leave()

    def _arrived(self, way: Iterator[None]) -> Moment:
        self._way = iter(())
        deque(way, maxlen=0)
        assert self.moment is not None
        self.coming = None
        return self.moment

    def _seconds_a_unit(self, place: int) -> float:
        return self.keeper.kept.seconds_a_unit(place, self.session.units, self.keeper.worked)
