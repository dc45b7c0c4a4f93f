"""Says when a kernel is being compiled: that takes seconds, and only the first time on a machine."""

import gc
from collections.abc import Callable
from functools import cache

Tell = Callable[[bool], None]

_told: list[Tell] = []


def watch(tell: Tell) -> None:
    """Have `tell(True)` called where compiling begins and `tell(False)` where it ends, in the thread that compiles.

    Machine code that is loaded from disk is not compiled.
    """
    _told.append(tell)


def unwatch(tell: Tell) -> None:
    """Call `tell` no more."""
    if tell in _told:
        _told.remove(tell)


@cache
def listen() -> None:
    """Hear of numba's compiling from now on; imports numba. A kernel compiles those that it calls within its own time.

    Meanwhile Python collects no garbage: compiling makes objects by the million, and to look them all through took a tenth of it.
    """
    from numba.core import event

    class Listener(event.Listener):
        depth = 0
        collecting = False

        def on_start(self, event: object) -> None:
            self.depth += 1
            if self.depth == 1:
                self.collecting = gc.isenabled()
                gc.disable()
            self._tell(True)

        def on_end(self, event: object) -> None:
            self.depth -= 1
            if not self.depth and self.collecting:
                gc.enable()
            self._tell(False)

        def _tell(self, compiling: bool) -> None:
            if self.depth == int(compiling):
                for tell in tuple(_told):
                    tell(compiling)

    event.register("numba:compile", Listener())  # type: ignore[no-untyped-call]
