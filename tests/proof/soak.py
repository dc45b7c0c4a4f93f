"""A deep run with every plot open, for hours: memory must stay level once every bounded store is full.

    python tests/proof/soak.py [MINUTES] [WARM-UP MINUTES]

A third of the time is the warm-up unless it is said. The stores that fill up by design are made smaller, so that they are full sooner: the
past to 48 MiB, each channel of measurements to 16,384 rows. Prints one JSON line; the slope is the median of those between all pairs of
samples (Theil and Sen).
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.picture import Status
from benchmarks.prepared import open_everything, set_up
from tests.proof.window import opened
from tests.proof.work import CASES, Held, held, slope, spin, units, until

APART = 5.0
"""Seconds between two samples."""
PAST, ROWS = 48 * 2**20, 1 << 14


def main(minutes: float, warm_up: float) -> dict[str, object]:
    import core.history
    import core.runs.timeline

    core.runs.timeline.Timeline.__init__.__defaults__ = (PAST, core.runs.timeline.APART, ())
    core.history.History.__init__.__defaults__ = (ROWS,)
    samples: list[tuple[float, Held]] = []
    with opened() as studio:
        set_up(studio, *CASES["DQN"])
        open_everything(studio)
        until(lambda: studio.runs.status is Status.running and units(studio) > 0, studio.runs.train)
        began = time.monotonic()
        while (now := time.monotonic() - began) < 60 * minutes:
            spin(APART)
            assert studio.runs.status is Status.running, studio.runs.status
            samples.append((now + APART, held()))
            if len(samples) % 12 == 0:
                print(f"{samples[-1][0]:.0f} s, {units(studio):,} steps", *samples[-1][1], file=sys.stderr, flush=True)
        drawn, steps = len(studio.window.plots.shown()), units(studio)
    settled = [(at / 3600, sample) for at, sample in samples if at >= 60 * warm_up]
    hours = [at for at, _ in settled]
    grown = {name: slope(hours, [float(getattr(sample, name)) for _, sample in settled]) for name in Held._fields}
    return {"minutes": minutes, "warm-up": warm_up, "steps": steps, "plots": drawn, "first": settled[0][1]._asdict(),
            "last": settled[-1][1]._asdict(), "slope an hour": grown}  # fmt: skip


if __name__ == "__main__":
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 120.0
    print(json.dumps(main(minutes, float(sys.argv[2]) if len(sys.argv) > 2 else minutes / 3)))
