"""From the click on Train to a balanced pole: seconds in the real window, with the shipped preset, until greedy play returns 500.

    python benchmarks/balance.py [PRESET] [SEEDS]

A session without a window, looked at every `LOOK` steps, says how many it takes until `STARTS` fresh greedy starts return 500 each; then
the window, offscreen, trains as many, as the same seed gives the same run there. Target: at most 15 s. With other work on the machine the
processor time of the studio, all its threads together, is what to go by: with two free cores it takes no longer than that.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

from app.picture import Status
from app.start import start
from app.studio import Studio
from core import presets
from core.learner import Budget
from core.runs.evaluation import evaluate
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world

STARTS, LOOK = 20, 500
PRESET = presets.preset(sys.argv[1] if len(sys.argv) > 1 else "cartpole")
WORLD = open_world(PRESET.world or "")


def steps_needed(seed: int) -> int:
    """The first of the steps looked at when the pole is balanced from every start."""
    session = Session(RunSpec(world=WORLD, algorithm=PRESET.algorithm, config=PRESET.config, seed=seed, steps=100_000, device="cpu"))
    try:
        while not session.finished:
            session.advance(Budget(LOOK))
            if all(min(evaluate(session.learner, WORLD, starts, 1)) >= 500 for starts in (1, STARTS)):
                return session.units
    finally:
        session.close()
    raise SystemExit(f"seed {seed}: the pole was never balanced")


def seconds_in_window(studio: Studio, seed: int, steps: int) -> tuple[float, float]:
    """From the click on Train to the end of the run: by the clock, and of processor time."""
    studio.runs.reset()
    studio.document.open(WORLD, PRESET.world or "")
    agent = studio.window.agent
    agent.choose(PRESET.algorithm)
    agent.form.set_value(PRESET.settings())
    agent.limit.setText(str(steps))
    agent.seed.setValue(seed)
    studio.window.transport.set_speed(None)
    loop, look = QEventLoop(), QTimer()
    look.timeout.connect(lambda: loop.quit() if studio.runs.conductor.status is Status.finished else None)
    began, worked = time.perf_counter(), time.process_time()
    studio.runs.train()
    look.start(20)
    loop.exec()
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    assert studio.runs.last is not None and studio.runs.last.snapshot.counters.units == steps
    return seconds, worked


def main() -> None:
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as temporary:
        _, studio = start(Path(temporary) / "studio.ini")
        studio.window.resize(1600, 1000)
        studio.window.show()
        figures = []
        for seed in range(seeds):
            steps = steps_needed(seed)
            figures.append(seconds_in_window(studio, seed, steps))
            print(
                f"seed {seed}: {steps:,} steps, {figures[-1][0]:.1f} s in the window, {figures[-1][1]:.1f} s of processor time", flush=True
            )
        for what, seconds in zip(("by the clock", "of processor time"), zip(*figures, strict=True), strict=True):
            print(f"median {np.median(seconds):.1f} s, longest {max(seconds):.1f} s {what}")
        studio.close()


if __name__ == "__main__":
    main()
