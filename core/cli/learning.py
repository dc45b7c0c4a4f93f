"""Trains without a window, and keeps the run whatever happens: interrupted, broken down, without a disk or without a GPU's memory."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import RunError

if TYPE_CHECKING:
    from core.runs.pacer import Pacer
    from core.runs.session import Session

AUTOSAVE = 60.0
"""Seconds between two saves of a run that has a folder."""
APART = 2.0
"""Seconds of work between two states that are kept to fall back on at least."""
SLICE = 0.05
"""Seconds of work between two looks at the clock, the folder and Ctrl-C."""


class Learning:
    """Trains one session.

    Args:
        session: closed with this; another one takes its place where it has to leave a GPU.
        out: the folder that the run is kept in; None for none.
    """

    def __init__(self, session: "Session", out: Path | None) -> None:
        from core.runs.timeline import Timeline

        self.out = out
        self.timeline = Timeline(session, memory=0, apart=APART)
        self._refused = self._short = False

    @property
    def session(self) -> "Session":
        """The run."""
        return self.timeline.session

    def learn(self) -> tuple[float, int, bool]:
        """Train to the limit or to Ctrl-C, saving now and then. Whatever goes wrong, the run is kept before the error goes on.

        Returns:
            Seconds and units of work after the first, which may compile; whether it was interrupted.
        """
        from core.cli.progress import Stop, show_progress
        from core.learner import UNBOUNDED
        from core.runs.pacer import Pacer

        with Stop() as stop, show_progress(lambda: self.session) as show:
            try:
                self._advance(Pacer(), 1)
                pacer, saved, first, began = Pacer(SLICE), time.monotonic(), self.session.units, time.perf_counter()
                while not self.session.finished and not stop.asked:
                    self._advance(pacer, UNBOUNDED)
                    show()
                    if self.out is not None and time.monotonic() - saved > AUTOSAVE:
                        self._save(self.out)
                        saved = time.monotonic()
            except Exception:
                self._rescue()
                raise
        return time.perf_counter() - began, self.session.units - first, stop.asked

    def save(self) -> None:
        """Keep the run at its end; where its folder cannot be written, beside the others of this user.

        Raises:
            RunError: where the folder asked for cannot be written.
        """
        from core.runs import folder

        if self.out is None:
            return
        try:
            folder.save(self.session, self.out)
        except RunError:
            self.out = None
            self._rescue()
            raise

    def close(self) -> None:
        self.timeline.close()
        self.session.close()

    def _advance(self, pacer: "Pacer", units: int) -> None:
        from core import devices
        from core.learner import Budget

        began = time.perf_counter()
        try:
            pacer.slice(self.session.advance, Budget(units))
            self.timeline.note(time.perf_counter() - began)
        except Exception as error:
            if not devices.is_full(error):
                raise
        else:
            if self.timeline.notices and not self._short:
                self._short = True
                print(*self.timeline.notices, file=sys.stderr)
            return
        self.timeline = self.timeline.moved("cpu")
        devices.give_back()
        say(devices.left_at(self.session.units))

    def _save(self, out: Path) -> None:
        """On the way: a disk that is full or gone is told once, and tried again."""
        from core.runs import folder
        from core.runs.autosave import GOES_ON

        try:
            folder.save(self.session, out)
        except RunError as error:
            if not self._refused:
                print(f"{error.sentence} {GOES_ON}.", file=sys.stderr)
            self._refused = True
        else:
            self._refused = False

    def _rescue(self) -> None:
        """Keep the run as it last was whole; say where, or why that failed too."""
        from core.runs import folder
        from core.runs.rescue import whole

        if not self.session.units:
            return
        kept = self.out or kept_folder(self.session.spec.algorithm)
        try:
            with whole(self.timeline) as (session, state):
                folder.write(folder.taken(session, state), kept)
        except Exception as error:
            print(f"The run could not be kept ({error}).", file=sys.stderr)
        else:
            print(f"The run is kept in {kept}", file=sys.stderr)


def say(sentence: str) -> None:
    """On standard error."""
    print(f"{sentence}.", file=sys.stderr)


def kept_folder(algorithm: str) -> Path:
    """Where a run without a folder of its own is kept."""
    from core.runs.library import home

    return home() / time.strftime(f"%Y-%m-%d %H.%M.%S {algorithm}")
