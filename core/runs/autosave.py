"""Runs kept by themselves while they train: one folder for each run, replaced by every save, written in a thread of its own.

Whoever trains a run holds the lock beside its folder, and the system lets go of it when the program ends, however it ends. So a lock that
is there and can be had was left behind by a program that did not come to its end.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock

from core import devices
from core.errors import RunError, sentence_of
from core.locks import had, let_go, orphaned
from core.runs import folder, library
from core.runs.folder import Kept
from core.runs.keyframes import Keyframe
from core.runs.session import Session
from core.runs.spec import RunSpec

APART = 60.0
"""Seconds of training between two saves."""
SHARE = 50
"""Taking the state of a run may take one part in so many of its time."""
LONGEST = 600.0
"""Seconds of training between two saves at most, whatever taking its state took: a computer may have slept meanwhile."""
GOES_ON = "The run goes on, and is kept once that works"
NEVER = -1, -1, False
"""What is known of a run that must be kept anew."""
MOST = 50
"""Runs that nobody asked to keep, at most."""


class Autosave:
    """Keeps the run that is open. Used in the session's thread; files are written in another.

    Args:
        home: the folder of all runs, made where it is missing.
        remove: takes a folder of a run that makes room for newer ones.
        refused: told, in the other thread, why runs cannot be kept: once, until they can be again, which it is told, too.
        kept: told there of the folder, each time that a run was kept without being asked for.
        clock: seconds, from anywhere.

    Attributes:
        on: whether runs are kept without being asked for.
        unkept: whether the run that is open could not be kept the last time that it was to be.
        home: the folder of runs in use: that of all, or of a project.
        place: folder of the run that is open; None before it was kept for the first time.
    """

    def __init__(
        self, home: Path, remove: Callable[[Path], object] = library.set_aside, refused: Callable[[str], None] = print,
        kept: Callable[[Path], None] = lambda place: None, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.all = self.home = home
        self.remove, self.refused, self.kept, self.clock = remove, refused, kept, clock
        self.on, self.unkept = True, False
        self.place: Path | None = None
        self._opened: tuple[Path, tuple[int, int, bool]] | None = None
        self._lock: FileLock | None = None
        self._ending: dict[Path, FileLock] = {}
        self._known = 0, 0, True
        self._next = 0.0
        self._writer = ThreadPoolExecutor(1, "runs")
        self._refusing = False
        self._waiting: dict[Path, Kept] = {}
        self._last: Future[None] | None = None

    def begin(self, session: Session, opened: Path | None = None) -> None:
        """Another run is open: a new one, or one that was kept, in whose folder it goes on if nobody asked for that to be kept."""
        self.leave()
        self._known, self.unkept = _moment(session), False
        self._opened = (opened, self._known) if opened is not None else None
        if opened is not None and opened.parent == self.home:
            entry = library.read(opened)
            self.place = opened if entry.automatic and not entry.notes else None

    def move(self, home: Path | None) -> None:
        """Keep runs in another folder from now on, that of all where it is None; the run that is open gets a new one there."""
        self.release()
        self.home, self.place, self._known, self.unkept = home or self.all, None, NEVER, False

    def leave(self) -> None:
        """No run is open any more, and it need not be offered by the next studio."""
        self.release()
        self.place = self._opened = None

    def release(self) -> None:
        """The run on show has come to its end; it may still go on. A program that breaks down before all is written leaves it behind."""
        if self._lock is not None and self.place is not None:
            self._ending[self.place], self._lock = self._lock, None
            self.then(partial(self._end, self.place))

    def _end(self, place: Path) -> None:
        """In the other thread: let go of a run, unless it goes on meanwhile or there is more to write."""
        lock = None if place in self._waiting else self._ending.pop(place, None)
        if lock is not None:
            let_go(lock)

    def start(self) -> None:
        """It trains from now on."""
        self._next = self.clock() + APART

    @property
    def due(self) -> bool:
        """Whether it has trained long enough since the last time."""
        return self.on and self.clock() >= self._next

    def keep(self, session: Session) -> None:
        """Have the run written as it is now, if something was learnt since; of several that wait, the newest."""
        if not self.on or _moment(session) == self._known:
            return
        began = self.clock()
        self._known, self._next = _moment(session), began + APART
        try:
            place = self._hold(session.spec)
            self._waiting[place] = folder.taken(session)
        except Exception as error:
            self._known, self.unkept = NEVER, True
            if isinstance(error, OSError):
                self._refuse(f"{self.home}: the run cannot be saved ({error.strerror}).")
            elif devices.has_no_room(error):
                self._refuse("The memory of this machine is full.")
            else:
                raise
            return
        self._next += min(SHARE * (self.clock() - began), LONGEST - APART)
        self._last = self._writer.submit(self._write, place)

    def keep_now(self, session: Session, whole: Keyframe | None = None) -> Path | None:
        """The same, whether asked to or not, and written when this returns: the folder; None where it could not be.

        Args:
            session: the run.
            whole: its newest whole state, where it broke down since.

        Raises:
            RunError: where its folder cannot be written.
        """
        if not session.units:
            return None
        self.wait()
        if whole is not None and whole.units:
            if self.place is None or whole.units > self._known[0]:
                folder.write(folder.taken(session, whole), self._had(session.spec), automatic=True)
                self._known = whole.units, len(session.spec.changes), True
            return self.place
        if self.place is None or _moment(session) != self._known or not (self.place / "run.json").exists():
            place = self._had(session.spec)
            folder.write(folder.taken(session), place, automatic=True)
            self._known = _moment(session)
        return self.place

    def write(self, session: Session, place: Path, told: Callable[[str | None], object]) -> None:
        """Have the run as it is now written to a folder that a person chose; `told`, in the other thread, why it could not be or None."""
        kept = folder.taken(session)

        def written() -> None:
            try:
                folder.write(kept, place)
            except Exception as error:
                told(sentence_of(error))
            else:
                told(None)

        self.then(written)

    def opened(self, session: Session) -> Path | None:
        """The folder from which the run was opened, where it is there still and nothing was learnt since."""
        place, moment = self._opened or (None, None)
        return place if place is not None and moment == _moment(session) and (place / "run.json").exists() else None

    def then(self, job: Callable[[], None]) -> None:
        """Have something done in the other thread, after all that is to be written; it must not raise."""
        self._last = self._writer.submit(job)

    def wait(self) -> None:
        """Until everything is written."""
        if self._last is not None:
            self._last.result()

    def close(self) -> None:
        """Write what waits and let go of the run."""
        self.leave()
        self._writer.shutdown()

    def _hold(self, spec: RunSpec) -> Path:
        """The run's folder, locked: a new one where it has none, or where another program trains it."""
        if self.place is not None:
            self._lock = self._lock or self._ending.pop(self.place, None)
        if self._lock is not None and self.place is not None and lock_of(self.place).exists():
            return self.place
        if self._lock is not None:  # its file has vanished with the folder around it
            let_go(self._lock)
            self._lock = None
        self.home.mkdir(parents=self.home == self.all, exist_ok=True)  # a project whose folder has vanished is not begun anew
        wanted, number = self.place or self.home / library.name_of(spec), 1
        place = wanted
        while True:
            lock = had(lock_of(place))
            if lock is not None and (place == self.place or not place.exists()):
                self.place, self._lock = place, lock
                return place
            if lock is not None:
                let_go(lock)
            number += 1
            place = wanted.with_name(f"{wanted.name} {number}")

    def _had(self, spec: RunSpec) -> Path:
        try:
            return self._hold(spec)
        except OSError as error:
            remedy = "Choose another folder or free some space"
            raise RunError(f"the run cannot be saved ({error.strerror})", where=str(self.home), remedy=remedy) from error

    def _write(self, place: Path) -> None:
        kept = self._waiting.pop(place, None)
        if kept is None:
            return
        new = not place.exists()
        try:
            folder.write(kept, place, automatic=True)
            self.kept(place)
            if new and place.parent == self.all:
                make_room(self.all, self.remove, place)
        except Exception as error:
            if place == self.place:
                self._known, self.unkept = NEVER, True
            self._refuse(sentence_of(error))
            return
        if place == self.place:
            self.unkept = False
        if self._refusing:
            self._refusing = False
            self.refused("The run is kept again")

    def _refuse(self, problem: str) -> None:
        if not self._refusing:
            self._refusing = True
            self.refused(f"{problem} {GOES_ON}")


@dataclass(frozen=True, eq=False)
class Left:
    """A run that was being trained when its program came to no proper end; held by its lock until that is let go."""

    folder: Path
    lock: FileLock

    def let_go(self) -> None:
        """It need not be offered again."""
        let_go(self.lock)


def left(home: Path) -> list[Left]:
    """Runs that were being trained when their programs broke down, the newest first; held until they are let go."""
    found = []
    for place, lock in orphaned(home):
        if (place / "run.json").exists():
            found.append(Left(place, lock))
        else:
            let_go(lock)
    return sorted(found, key=lambda each: -(each.folder / "run.json").stat().st_mtime)


def make_room(home: Path, remove: Callable[[Path], object], new: Path | None = None, most: int | None = None) -> None:
    """Remove the oldest of the runs that nobody asked to keep, where there are too many; none that a person named, tagged or noted, nor
    the `new` one, whatever the clock says."""
    entries = [library.read(place) for place in library.folders(home) if place != new]
    unwanted = sorted((entry for entry in entries if entry.automatic and not entry.notes), key=lambda entry: -entry.saved)
    surplus = unwanted[(MOST if most is None else most) - (new is not None) :]
    for entry in surplus:
        if not lock_of(entry.folder).exists():
            with suppress(OSError):
                remove(entry.folder)


def lock_of(place: Path) -> Path:
    """The file beside a run's folder that is locked while the run is open."""
    return place.with_name(f"{place.name}.lock")


def is_open(place: Path) -> bool:
    """Whether a studio has the run in a folder open."""
    if not lock_of(place).exists():
        return False
    lock = had(lock_of(place))
    if lock is not None:
        lock.release()
    return lock is None


def _moment(session: Session) -> tuple[int, int, bool]:
    """Tells whether anything happened since."""
    return session.units, len(session.spec.changes), session.settled
