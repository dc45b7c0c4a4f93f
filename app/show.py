"""What there is to see of the run, made in its thread: the watched episodes, the episode under way, and the pictures for the window."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.mailbox import Mailbox
from app.picture import Picture, picture_of
from app.text import tr
from app.throttle import Throttle
from app.viewing.viewer import Viewer
from core.demonstration import Demonstration
from core.errors import RunError
from core.learner import Learner
from core.runs import folder
from core.runs.session import Session
from core.runs.timeline import Timeline
from core.runs.trail import Tracker
from core.worlds.gym import GymWorld
from core.worlds.world import World

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
        guest, invited: the kept run whose policy plays, and its folder; None where the run on show plays.
    """

    def __init__(self, mailbox: Mailbox[Picture], filmed: Callable[[Path, str | None], None]) -> None:
        self.mailbox = mailbox
        self.viewer = Viewer(filmed)
        self.tracker = Tracker()
        self.watching = False
        self.guest: Session | None = None
        self.invited: Path | None = None
        self._next = 0.0

    def play(self, timeline: Timeline) -> Demonstration | None:
        """Whatever is due in the watched episodes; what a person has played for the agent to learn from."""
        session = self.guest or timeline.session
        if not self.viewer.opened:
            self.viewer.open(session.spec.at(session.units))
        self.viewer.work(self._player(timeline))
        return self.viewer.take_played()

    def invite(self, where: Path | None, timeline: Timeline) -> None:
        """Let the policy of a kept run play, in its own world; None for that of the run on show.

        Raises:
            RunError: where there is no whole run, or it was trained in another environment. The one who plays now plays on.
        """
        guest = None if where is None else folder.resume(where, device="cpu")  # playing is little work, and the run may need its GPU
        world = timeline.session.spec.world
        if guest is not None and not _alike(guest.spec.world, world):
            guest.close()
            one, other = guest.spec.world.title, world.title
            raise RunError(tr("it was trained in '{one}', not in '{other}'", one=one, other=other), where=str(where))
        self.dismiss()
        self.guest, self.invited = guest, where
        self.viewer.close()

    def dismiss(self) -> None:
        """Let go of the kept run whose policy plays."""
        if self.guest is not None:
            self.guest.close()
        self.guest = self.invited = None

    def _player(self, timeline: Timeline) -> Learner:
        """Whose policy plays."""
        return timeline.learner if self.guest is None else self.guest.learner

    def post(self, number: int, timeline: Timeline, throttle: Throttle, running: bool, force: bool = False) -> None:
        """A picture of run `number`, if it is time for one and the one before was taken; `force` it otherwise."""
        steady = not running or (throttle.speed is not None and throttle.speed <= FOLLOWED)
        self.tracker.glance(timeline, steady)
        now = time.perf_counter()
        if not (force or (now >= self._next and self.mailbox.empty)):
            return
        self._next = now + PICTURE
        viewed = self.viewer.frame(self._player(timeline)) if self.watching else None
        if viewed is not None and self.invited is not None:
            viewed = replace(viewed, invited=self.invited)
        trail = (self.tracker.follow(timeline) if steady else None) or self.tracker.passing(timeline)
        self.mailbox.put(picture_of(number, timeline, throttle.rate, viewed, steady, trail))

    def forget(self) -> None:
        """There is another run, or none."""
        self.dismiss()
        self.viewer.close()
        self.tracker.close()
        self.mailbox.take()


def _alike(one: World, other: World) -> bool:
    """Whether both are the same environment, whatever its arguments."""
    return (
        isinstance(one, GymWorld)
        and isinstance(other, GymWorld)
        and (one.id, one.source, one.finite) == (other.id, other.source, other.finite)
    )
