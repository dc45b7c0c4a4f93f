"""The past of a run, any moment of which can be come to again.

How a learner's work is split changes none of its numbers, so the past need not be kept: a second session restores a state from before the
moment and does the same work once more. States are kept as often as that takes but an instant. Where they outgrow their memory, older ones
are let go, so that the work between any two stays as little as it can: a long past takes longer to come to, the newest never does.
Where it takes long, it is come to in parts, between which the run's thread obeys.
"""

from collections.abc import Generator, Sequence
from contextlib import closing

from core import devices
from core.errors import DeviceError
from core.runs.again import made_again, making_again, moved
from core.runs.keeper import APART, MEMORY, Keeper
from core.runs.keyframes import Keyframe
from core.runs.looking import Looking
from core.runs.looking import Wish as Wish
from core.runs.revisit import Coming
from core.runs.session import Session

LOST = 60.0
"""Seconds of work that may be lost when a run goes on from the newest kept state."""
REDONE = 5.0
"""Seconds of work that are done again at most to keep a run that broke down as it was just before."""


class Timeline(Looking):
    """Keeps states of one session and goes back to moments of it. Used in the session's thread.

    Attributes:
        session: the run.
        moment: of the past, on show; None for the present.
        coming: the moment that is being come to; None where that on show is the one that was wished for.
        branched: what goes on from a moment of the past, once `fork` has led to it.

    Args:
        session: the run.
        memory: bytes that kept states may take; those put by on the way to a moment take an eighth of that more.
        apart: seconds of work between two of them at least.
        kept: states of before, where the session goes on from another one.
        worked: seconds of work until there.

    Raises:
        MemoryError: where there is no room for the first state; torch raises RuntimeError then.
    """

    def __init__(
        self, session: Session, memory: int = MEMORY, apart: float = APART, kept: Sequence[Keyframe] = (), worked: float = 0.0
    ) -> None:
        super().__init__(session, Keeper(session, memory, apart, kept, worked), memory // 8)
        self.branched: Timeline | None = None

    @property
    def memory(self) -> int:
        """Bytes that they may take. With less than they take, older ones are let go."""
        return self.keeper.memory

    @memory.setter
    def memory(self, memory: int) -> None:
        self.keeper.memory = memory
        self._revisit.memory = memory // 8

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return self.keeper.kept.size

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know: why moments take longer than they should, and what to do."""
        return self.keeper.notices

    def note(self, seconds: float) -> None:
        """The session has worked for so long since the last call; keep its state if it is time."""
        self.keeper.note(seconds)

    def branch(self) -> "Timeline":
        """A session that goes on from the moment of the past on show, or wished for, with the past up to then.

        Raises:
            LookupError: where that is the present.
        """
        self.fork()
        self.come()
        if self.branched is None:
            raise LookupError("no moment of the past was gone to")
        return self.branched

    def fork(self) -> None:
        """Begin to branch, for which `come` does the work, unless something else is wished for meanwhile: `branched` is it."""
        if self._after is None:
            self.branched = None
            self._do(self._branching())

    @property
    def branching(self) -> bool:
        """Whether it is about to branch."""
        return self._after is not None

    def mended(self) -> Session:
        """Another session as this one was before it broke down in the middle of some work: what came before is done once more.

        Raises:
            LookupError: where that would take long.
        """
        newest, session = self.keyframes[-1], self.session
        if (session.units - newest.units) * self._seconds_a_unit(len(self.keyframes) - 1) > REDONE:
            raise LookupError("no state was kept for long")
        return made_again(session, newest, session.units)

    def moved(self, device: str) -> "Timeline":
        """A session that goes on on another device, with the past up to then: from here, or where work broke down, or there is no room
        for the state, from the newest kept one. This one's is closed.

        Raises:
            DeviceError: where no state was kept for long, so that too much would be lost.
        """
        if not self.session.broken:
            try:
                self.keeper.keep()
            except Exception as error:
                if not devices.is_full(error):
                    raise
        newest = self.keyframes[-1]
        if self.keeper.worked - newest.worked > LOST:
            raise DeviceError("the memory of the GPU is full", remedy="Choose a smaller batch, fewer members or the CPU")
        self.close()
        session = moved(self.session, newest, device)
        return Timeline(session, self.memory, self.keeper.apart, self.keyframes, newest.worked)

    def _branching(self) -> Generator[None]:
        """On the way to a session that goes on from the moment on show; from the present, there is none."""
        if self.moment is None or self.moment.units >= self.session.units:
            return
        units, place = self.moment.units, self.keeper.kept.until(self.moment.units)
        kept = self.keyframes[: place + 1]
        origin, apart = kept[-1], units - kept[-1].units
        worked = origin.worked + apart * self._seconds_a_unit(place)
        with closing(making_again(self.session, origin, units)) as way:
            for made in way:
                self.coming = Coming(units, (made.units - origin.units) / max(apart, 1))
                yield
        self.branched = Timeline(made, self.memory, self.keeper.apart, kept, worked)
