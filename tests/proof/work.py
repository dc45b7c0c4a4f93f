"""What proofs do with the studio, in a process of their own or in a test: work it, and count what the process holds."""

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

from app.picture import Status
from app.studio import Studio
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.world import World

PATIENCE = 300.0
"""Seconds that an order may take at most: the first of a machine compiles kernels, beside whatever else it does."""
ENDLESS = GridWorld(map=("S" + "." * 39, *["." * 40] * 39), slip=0.1, discount=0.999_999, living_reward=-0.001)
"""Planning in it hardly ever ends."""
CASES: dict[str, tuple[World, str, dict[str, Any]]] = {
    "Q-learning": (open_world("grid/four-rooms-10x10"), "q-learning", {}),
    "value iteration": (ENDLESS, "value-iteration", {"tolerance": 1e-12}),
    "linear SARSA": (open_world("gym:MountainCar-v0"), "linear-sarsa-lambda", {}),
    "DQN": (open_world("gym:CartPole-v1"), "dqn", {"learning_starts": 100, "widths": (64, 64)}),
}
"""World, algorithm and settings by name."""


def until(done: Callable[[], bool], order: Callable[[], object] = lambda: None) -> float:
    """Give an order and let the window work until it is done: milliseconds."""
    loop, look = QEventLoop(), QTimer()
    began = time.perf_counter()
    look.timeout.connect(lambda: loop.quit() if done() or time.perf_counter() - began > PATIENCE else None)
    order()
    look.start(1)
    loop.exec()
    took = time.perf_counter() - began
    if took > PATIENCE:
        raise TimeoutError(f"nothing after {PATIENCE:g} seconds")
    return 1000 * took


def spin(seconds: float) -> None:
    """Let the window work for so long."""
    end = time.perf_counter() + seconds
    until(lambda: time.perf_counter() >= end)


def units(studio: Studio) -> int:
    """Units of work that the window knows of."""
    return studio.runs.last.snapshot.counters.units if studio.runs.last else 0


def cycle(studio: Studio) -> None:
    """Start, pause, step, stop."""
    conductor = studio.runs.conductor
    until(lambda: conductor.status is Status.running and units(studio) > 0, studio.runs.train)
    until(lambda: conductor.status is Status.paused, studio.runs.train)
    before = units(studio)
    until(lambda: units(studio) > before, studio.runs.step)
    until(lambda: conductor.status is Status.stopped, studio.runs.stop)
    studio.runs.reset()


class Held(NamedTuple):
    """What the process holds: threads of the system and of Python, files and sockets, objects, references to None, MiB of memory, and MiB
    that malloc has handed out, without what it keeps for later; 0 where that is not told."""

    threads: int
    python_threads: int
    handles: int
    objects: int
    nones: int
    mib: float
    live: float


def held() -> Held:
    """What is held now, after a full collection."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.unfreeze()
    gc.collect()
    process = psutil.Process()
    handles = process.num_handles() if sys.platform == "win32" else process.num_fds()
    objects = len(gc.get_objects())
    gc.freeze()
    memory = process.memory_info().rss / 2**20
    return Held(process.num_threads(), threading.active_count(), handles, objects, sys.getrefcount(None), memory, handed_out() / 2**20)


class Malloc(ctypes.Structure):
    """What glibc tells of its memory, `struct mallinfo2`."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")
    )


def handed_out() -> int:
    """Bytes that malloc has handed out and not got back; 0 where it is not glibc's, of 2.33 or newer."""
    try:
        ask = ctypes.CDLL(None).mallinfo2
    except (AttributeError, OSError, TypeError):
        return 0
    ask.restype = Malloc
    told = ask()
    return int(told.uordblks + told.hblkhd)


def slope(times: list[float], values: list[float]) -> float:
    """Change of values in a unit of time: the median of the slopes between all pairs (Theil and Sen), which single jumps do not move."""
    import numpy as np

    x, y = np.array(times), np.array(values)
    first, second = np.triu_indices(len(x), 1)
    return float(np.median((y[second] - y[first]) / (x[second] - x[first])))
