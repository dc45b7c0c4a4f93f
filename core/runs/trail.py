"""The episode under way, step by step: found by doing it once more in a second session, as the past is (see `core.runs.timeline`).

So no kernel keeps it, and training at full speed pays nothing. Who looks every few steps pays for the steps since. Learners with networks
are left out: a step of theirs is too dear to be done twice.
"""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.learner import Budget, Explanation
from core.registry import family
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.timeline import Timeline

LONGEST = 500
"""Steps that are kept: of a longer episode the last ones."""
PATIENCE = 0.25
"""Seconds of work that are done again at most, twice: on the way to the last steps, and for these."""
FAMILIES = ("tabular", "linear")
GLANCED = 50_000
"""States of a world in which updates are picked out while a run is too fast to follow."""


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """What the first member did in its present episode; or, where that is not known, what was seen of it in passing.

    Attributes:
        states: [N] int64, the states it came through, the present one last; none in passing.
        errors: [S] float64, the last TD error in each state, NaN where none was updated, or seen.
    """

    states: NDArray[np.int64]
    errors: NDArray[np.float64]


class Tracker:
    """Follows one run. Used in its thread."""

    def __init__(self) -> None:
        self.timeline: Timeline | None = None
        self.session: Session | None = None
        self._states: list[int] = []
        self._errors: dict[int, float] = {}
        self._told: Explanation | None = None
        self._episode = 0
        self._passing: tuple[Timeline, NDArray[np.float64]] | None = None

    def glance(self, timeline: Timeline, steady: bool) -> None:
        """Note the newest update, of many that may have gone by: costs as much as telling one. Where each of them is found again
        (see `follow`), a `steady` run needs none of that."""
        spec = timeline.session.spec
        known = spec.world.finite and (family(spec.algorithm) == "planning" or (family(spec.algorithm) in FAMILIES and not steady))
        if timeline.moment is not None or not known or (states := spec.world.compile().states) > GLANCED:
            return
        if self._passing is None or self._passing[0] is not timeline or len(self._passing[1]) != states:
            self._passing = timeline, np.full(states, np.nan)
        told = timeline.session.learner.explain()
        if told is not None and told.state is not None and told.error is not None:
            self._passing[1][told.state] = told.error

    def passing(self, timeline: Timeline) -> Trail | None:
        """The last error of each state that was noted; None where there is none, and of moments of the past."""
        if self._passing is None or self._passing[0] is not timeline or timeline.moment is not None:
            return None
        return Trail(np.empty(0, np.int64), self._passing[1].copy())

    def follow(self, timeline: Timeline) -> Trail | None:
        """The trail up to the moment on show; None where states cannot be listed, for other learners, and where it takes too long."""
        spec, here = timeline.session.spec, timeline.moment or timeline.session
        if not here.units or not spec.world.finite or family(spec.algorithm) not in FAMILIES:
            return None
        if timeline is not self.timeline or (self.session is not None and self.session.spec is not spec):
            self.close()
            self.timeline = timeline
        near = self.session is not None and 0 <= here.units - self.session.units <= LONGEST
        if not (near or self._go(timeline, here.units, here.boundaries)) or not self._walk(here.units):
            return None
        errors = np.full(spec.world.compile().states, np.nan)
        errors[list(self._errors)] = list(self._errors.values())
        return Trail(np.array(self._states[-LONGEST:], np.int64), errors)

    def close(self) -> None:
        """Let go of the second session, and of what was noted."""
        self._passing = None
        if self.session is not None:
            self.session.close()
        self.timeline = self.session = None

    def _go(self, timeline: Timeline, units: int, boundaries: int) -> bool:
        """To the end of the last episode, or so near to the moment that few steps are left; whether it got there in time."""
        session = self.session = self.session or Session(timeline.session.spec)
        session.restore(timeline.before(units - LONGEST, boundaries).bare)
        if session.boundaries < boundaries:
            Pacer(PATIENCE).slice(session.advance, Budget(units - session.units, boundaries - session.boundaries))
        far = units - LONGEST - session.units
        if far > 0 and session.boundaries == boundaries:
            Pacer(PATIENCE).slice(session.advance, Budget(far))
        self._begin(session)
        return session.boundaries == boundaries and units - session.units <= LONGEST

    def _begin(self, session: Session) -> None:
        self._episode, state = session.learner.where()
        self._states, self._errors = [] if state is None else [state], {}
        self._told = session.learner.explain()

    def _walk(self, units: int) -> bool:
        """One step after the other up to the moment; whether it got there in time."""
        session, deadline = self.session, time.perf_counter() + PATIENCE
        assert session is not None
        session.advance(Budget(0))  # what is due before the next step, or a part of it
        while session.units < units:
            if time.perf_counter() > deadline or not session.advance(Budget(1)).units:
                return False
            episode, state = session.learner.where()
            if episode != self._episode:
                self._begin(session)
                continue
            told = session.learner.explain()
            if state is not None:
                self._states.append(state)
            if told is not None and told != self._told and told.state is not None and told.error is not None:
                self._errors[told.state] = told.error
            self._told = told
        return session.settled
