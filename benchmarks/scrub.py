"""How long it takes to go to any moment of a run's past: from the wish to the picture, as the run's thread makes it.

    python benchmarks/scrub.py [--jumps 200] [--memory 256] [--only Rainbow]

Each run is recorded as the studio does, in slices of 12 ms with states kept within so many megabytes. Then a person drags to moments drawn
at random from 10,000 that lie evenly in it, and lets go at each. "drag" may show the nearest kept state where the moment itself takes long;
"let go" comes to the very moment, with the way of its episode. Processor time of the thread, so that other work on the machine does not
count; states are kept by it, too. Target: 50 ms.
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from app.mailbox import Mailbox
from app.picture import Picture
from app.show import Show
from app.throttle import Throttle
from core.learner import Budget
from core.runs.keeper import MEMORY
from core.runs.pacer import Pacer
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline, Wish
from core.worlds.library import open_world

POINTS = 10_000
SLICE = 0.012
CASES = (
    ("Q-learning 10×10", "grid/four-rooms-10x10", "q-learning", 5_000_000),
    ("Q-learning 100×100", "make:random-grid?rows=100&columns=100", "q-learning", 20_000_000),
    ("value iteration 100×100", "make:random-grid?rows=100&columns=100", "value-iteration", None),
    ("linear SARSA(λ) CartPole", "gym:CartPole-v1", "linear-sarsa-lambda", 50_000),
    ("PQN CartPole", "gym:CartPole-v1", "pqn", 10_000),
    ("DQN CartPole", "gym:CartPole-v1", "dqn", 10_000),
    ("Rainbow CartPole", "gym:CartPole-v1", "rainbow", 10_000),
)


def record(world: str, algorithm: str, steps: int | None, memory: int) -> Timeline:
    """A whole run with its past, which takes so many bytes at most."""
    session = Session(RunSpec(world=open_world(world), algorithm=algorithm, seed=1, steps=steps, device="cpu"))
    timeline, pacer = Timeline(session, memory), Pacer(SLICE)
    while not session.finished:
        began = time.thread_time()
        pacer.slice(session.advance, Budget(2**62))
        timeline.note(time.thread_time() - began)
    return timeline


def jumps(timeline: Timeline, moments: list[int], exactly: bool) -> np.ndarray:
    """Milliseconds of each."""
    show, throttle = Show(Mailbox[Picture](), lambda *_: None), Throttle()
    took = []
    for units in moments:
        began = time.thread_time()
        timeline.look(Wish(units, exactly=exactly))
        show.post(1, timeline, throttle, running=False, force=True)
        took.append(1000 * (time.thread_time() - began))
    show.forget()
    return np.array(took)


def main() -> None:
    parser = argparse.ArgumentParser(description="How long it takes to go to any moment of a run's past.")
    parser.add_argument("--jumps", type=int, default=200, help="moments gone to")
    parser.add_argument("--memory", type=int, default=MEMORY // 2**20, help="megabytes that a past may take")
    parser.add_argument("--only", default="", help="the runs whose names have this in them")
    chosen = parser.parse_args()
    print(f"{'milliseconds':26} {'units':>12} {'kept':>6} {'MB':>6}   drag p50    p99    max   let go p50    p99    max")
    for name, world, algorithm, steps in (case for case in CASES if chosen.only in case[0]):
        timeline = record(world, algorithm, steps, chosen.memory * 2**20)
        all_units = timeline.session.units
        points = np.random.default_rng(0).integers(0, POINTS, chosen.jumps) * all_units // POINTS
        figures = []
        for exactly in (False, True):
            jumps(timeline, points[:3].tolist(), exactly)
            took = jumps(timeline, points.tolist(), exactly)
            figures += [f"{value:8.1f}" for value in (np.median(took), np.percentile(took, 99), took.max())]
        size = timeline.size / 2**20
        print(f"{name:26} {all_units:12,} {len(timeline.keyframes):6} {size:6.1f} " + "".join(figures), flush=True)
        timeline.session.close()
        timeline.close()


if __name__ == "__main__":
    main()
