"""From the click on Train to a balanced pole: seconds in the real window, with the shipped preset, until greedy play returns 500.

    python benchmarks/balance.py [PRESET] [SEEDS]

A session without a window, looked at every `LOOK` steps, says how many it takes until `STARTS` fresh greedy starts return 500 each; then
the window, offscreen, trains as many, as the same seed gives the same run there. Target: at most 15 s.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from app.picture import Status
from app.start import start
from app.studio import Studio
from benchmarks.response import took
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


def seconds_in_window(studio: Studio, seed: int, steps: int) -> float:
    """From the click on Train to the end of the run."""
    studio.runs.reset()
    studio.document.open(WORLD, PRESET.world or "")
    agent = studio.window.agent
    agent.choose(PRESET.algorithm)
    agent.form.set_value(PRESET.settings())
    agent.limit.setText(str(steps))
    agent.seed.setValue(seed)
    studio.window.transport.set_speed(None)
    seconds = took(studio.runs.train, lambda: studio.runs.conductor.status is Status.finished) / 1000
    assert studio.runs.last is not None and studio.runs.last.snapshot.counters.units == steps
    return seconds


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
            print(f"seed {seed}: {steps:,} steps, {figures[-1]:.1f} s in the window", flush=True)
        print(f"median {np.median(figures):.1f} s, longest {max(figures):.1f} s")
        studio.close()


if __name__ == "__main__":
    main()
