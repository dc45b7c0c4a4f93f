"""What is kept of a run that broke down in the middle of some work."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from core.runs.keyframes import Keyframe
from core.runs.session import Session
from core.runs.timeline import Timeline


@contextmanager
def whole(timeline: Timeline) -> Iterator[tuple[Session, Keyframe | None]]:
    """A run as it can be kept: as it is; where it broke down, another session as it was just before that, or else itself with the newest
    state that was kept of it."""
    if not timeline.session.broken:
        yield timeline.session, None
        return
    try:
        mended = timeline.mended()
    except Exception:
        yield timeline.session, timeline.keyframes[-1]
        return
    with closing(mended):
        yield mended, None
