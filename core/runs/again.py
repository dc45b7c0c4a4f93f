"""Sessions made again from a kept state of another one: as it was then, or on another device."""

from collections import deque
from collections.abc import Generator

from core.learner import Budget, State
from core.runs.keyframes import Keyframe
from core.runs.pacer import Pacer
from core.runs.session import Session, changes_in
from core.runs.spec import Change, RunSpec

PART = 0.01
"""Seconds of work between two looks at whether somebody wants something else."""


def made_again(session: Session, kept: Keyframe, units: int) -> Session:
    """A session as that one was after so many units, with all that was measured until then: the work since the kept state is done once
    more."""
    return deque(making_again(session, kept, units), maxlen=1).pop()


def making_again(session: Session, kept: Keyframe, units: int) -> Generator[Session]:
    """The same a part of the work at a time. Each time it is the session so far, the last time the whole one; closed if it ends before."""
    spec = session.spec
    spec = spec.model_copy(update={"changes": tuple(change for change in spec.changes if change.units <= units)})
    made, pacer = Session.resume(spec, kept.state), Pacer(PART)
    if made.changed == session.changed:
        made.meter.trust(session.meter)
    try:
        while made.units < units or not made.settled:
            pacer.slice(made.advance, Budget(units - made.units))
            if made.still:
                break
            yield made
        made.history.pace.restore(session.history.pace.view(), units)
    except BaseException:
        made.close()
        raise
    yield made


def moved(session: Session, kept: Keyframe, device: str) -> Session:
    """A session that goes on from a kept state on another device; closes the one before."""
    session.close()
    made = Session.resume(*elsewhere(session.spec, kept.state, device))
    made.history.pace.restore(session.history.pace.view(), kept.units)
    return made


def elsewhere(spec: RunSpec, state: State, device: str) -> tuple[RunSpec, State]:
    """Spec and state of a run that goes on from a state of its own on another device. That is one of its changes; those that come after
    the state are still to come."""
    made = changes_in(spec, state)
    change = Change(units=int(state["units"]), config=spec.after(made).config, device=device)
    changes = (*spec.changes[:made], change, *spec.changes[made:])
    return spec.model_copy(update={"changes": changes}), {**state, "changed": made + 1}
