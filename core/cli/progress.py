"""Shows how far a run is, and lets Ctrl-C end it in order."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

from core.runs.session import Session
from core.worlds.foreign.running import hold


class Stop:
    """Turns the first Ctrl-C, or a request to terminate, into a wish to stop; a second one interrupts at once."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        hold(threading.get_ident(), False)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        hold(threading.get_ident(), True)


@contextmanager
def show_progress(now: Callable[[], Session]) -> Iterator[Callable[[], None]]:
    """A bar with rate and time left on standard error, drawn anew by each call; nothing where that is no terminal.

    Args:
        now: the session.
    """
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    session = now()
    unit, first, began = session.learner.unit, session.units, time.perf_counter()
    columns = [TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"), TimeElapsedColumn()]
    if session.fraction is not None:
        columns += [TaskProgressColumn(), TextColumn("left"), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5) as progress:
        task = progress.add_task(session.spec.algorithm, total=None if session.fraction is None else 1.0, done="")

        def show() -> None:
            session = now()
            rate = (session.units - first) / max(1e-9, time.perf_counter() - began)
            progress.update(task, completed=session.fraction or 0.0, done=f"{session.units:,} {unit}s, {rate:,.0f}/s")

        yield show
