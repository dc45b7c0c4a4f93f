"""Sessions made again from a kept state of another one: as it was then, or on another device."""

from core.learner import Budget
from core.runs.keyframes import Keyframe
from core.runs.session import Session
from core.runs.spec import Change


def made_again(session: Session, kept: Keyframe, units: int) -> Session:
    """A session as that one was after so many units, with all that was measured until then: the work since the kept state is done once
    more."""
    spec = session.spec
    spec = spec.model_copy(update={"changes": tuple(change for change in spec.changes if change.units <= units)})
    made = Session.resume(spec, kept.state)
    try:
        made.advance(Budget(units - made.units))
    except BaseException:
        made.close()
        raise
    made.history.pace.restore(session.history.pace.view(), units)
    return made


def moved(session: Session, kept: Keyframe, device: str) -> Session:
    """A session that goes on from a kept state on another device, which is one of its changes; closes the one before."""
    state, spec = kept.state, session.spec
    before = spec.changes[: int(state["changed"])]
    change = Change(units=kept.units, config=spec.after(len(before)).config, device=device)
    session.close()
    spec = spec.model_copy(update={"changes": (*before, change)})
    made = Session.resume(spec, state | {"changed": len(spec.changes)})
    made.history.pace.restore(session.history.pace.view(), kept.units)
    return made
