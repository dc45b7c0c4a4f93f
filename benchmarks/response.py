"""How soon the studio obeys: time from the click on pause, step and stop to the window's knowing that it is done.

    python benchmarks/response.py [TRIALS]

The real window, offscreen, trains as fast as it can; each order is given at a moment that has nothing to do with the
learner's. Target: at most 100 ms, always.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

from app.picture import Status
from app.start import start
from app.studio import Studio
from benchmarks.frames import CASES, spin
from benchmarks.prepared import set_up


def took(order: Callable[[], object], done: Callable[[], bool]) -> float:
    """Milliseconds from an order to the moment when the event loop finds it done."""
    loop, look = QEventLoop(), QTimer()
    look.timeout.connect(lambda: loop.quit() if done() else None)
    began = time.perf_counter()
    order()
    look.start(0)
    loop.exec()
    return 1000 * (time.perf_counter() - began)


def trial(studio: Studio, wait: float) -> tuple[float, float, float]:
    """Pause a run that goes on, step it, go on, stop it: milliseconds of pause, step and stop."""
    conductor = studio.runs.conductor

    def units() -> int:
        return studio.runs.last.snapshot.counters.units if studio.runs.last else 0

    studio.runs.train()
    took(lambda: None, lambda: conductor.status is Status.running and units() > 0)
    spin(wait, warm_up=0.0)
    pause = took(studio.runs.train, lambda: conductor.status is Status.paused)
    before = units()
    step = took(studio.runs.step, lambda: units() > before)
    studio.runs.train()
    spin(wait, warm_up=0.0)
    stop = took(studio.runs.stop, lambda: conductor.status is Status.stopped)
    studio.runs.reset()
    return pause, step, stop


def main() -> None:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    waits = np.random.default_rng(0).uniform(0.05, 0.3, trials)
    with tempfile.TemporaryDirectory() as temporary:
        _, studio = start(Path(temporary) / "studio.ini")
        studio.window.resize(1600, 1000)
        studio.window.show()
        print(f"{'milliseconds':26} {'pause p50':>10} {'max':>6} {'step p50':>10} {'max':>6} {'stop p50':>10} {'max':>6}")
        for name, world, algorithm, config in CASES:
            set_up(studio, world, algorithm, config)
            trial(studio, 0.5)
            figures = np.array([trial(studio, wait) for wait in waits])
            pairs = [f"{column[0]:10.1f} {column[1]:6.1f}" for column in zip(np.median(figures, axis=0), figures.max(axis=0), strict=True)]
            print(f"{name:26} {' '.join(pairs)}", flush=True)
        studio.close()


if __name__ == "__main__":
    main()
