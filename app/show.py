"""What there is to see of the run, made in its thread: the watched episodes, the episode under way, and the pictures for the window."""

import time
from collections.abc import Callable
from pathlib import Path

from app.mailbox import Mailbox
from app.picture import Picture, picture_of
from app.throttle import Throttle
from app.viewing.viewer import Viewer
from core.demonstration import Demonstration
from core.runs.timeline import Timeline
from core.runs.trail import Tracker

FOLLOWED = 200
"""Units a second up to which the stage marks each update and the way of the episode."""
PICTURE = 1 / 25
"""Seconds between two pictures at least: every picture drawn holds up the learners that live in Python."""


class Show:
    """Puts pictures of one run after the other into the mailbox.

    Args:
        mailbox: from which the window takes the newest.
        filmed: told of every recording, in a thread of the camera's.

    Attributes:
        viewer: of the watched episodes.
        watching: whether somebody looks at them.
    """

    def __init__(self, mailbox: Mailbox[Picture], filmed: Callable[[Path, str | None], None]) -> None:
        self.mailbox = mailbox
        self.viewer = Viewer(filmed)
        self.tracker = Tracker()
        self.watching = False
        self._next = 0.0

    def play(self, timeline: Timeline) -> Demonstration | None:
        """Whatever is due in the watched episodes; what a person has played for the agent to learn from."""
        session = timeline.session
        if not self.viewer.opened:
            self.viewer.open(session.spec.at(session.units))
        self.viewer.work(timeline.learner)
        return self.viewer.take_played()

    def post(self, number: int, timeline: Timeline, throttle: Throttle, running: bool, force: bool = False) -> None:
        """A picture of run `number`, if it is time for one and the one before was taken; `force` it otherwise."""
        now = time.perf_counter()
        if not (force or (now >= self._next and self.mailbox.empty)):
            return
        self._next = now + PICTURE
        viewed = self.viewer.frame(timeline.learner) if self.watching else None
        steady = not running or (throttle.speed is not None and throttle.speed <= FOLLOWED)
        trail = self.tracker.follow(timeline) if steady else None
        self.mailbox.put(picture_of(number, timeline, throttle.rate, viewed, steady, trail))

    def forget(self) -> None:
        """There is another run, or none."""
        self.viewer.close()
        self.tracker.close()
        self.mailbox.take()
