"""How soon pause and stop are obeyed under full load: four algorithms in the real window, every order at a moment of its own.

    python tests/proof/obey.py [TRIALS]

Prints one JSON line: milliseconds from the order to the window's knowing that it is done, of each algorithm the median, the 99th percentile
and the largest.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from app.picture import Status
from tests.proof.window import CASES, opened, set_up, spin, units, until


def main(trials: int) -> dict[str, object]:
    rng, found = np.random.default_rng(0), dict[str, object]()
    with opened() as studio:
        runs, conductor = studio.runs, studio.runs.conductor
        for name, case in CASES.items():
            set_up(studio, *case)
            figures: list[tuple[float, float]] = []
            for _ in range(trials + 5):
                until(lambda: conductor.status is Status.running and units(studio) > 0, runs.train)
                spin(rng.uniform(0.02, 0.15))
                pause = until(lambda: conductor.status is Status.paused, runs.train)
                until(lambda: conductor.status is Status.running, runs.train)
                spin(rng.uniform(0.02, 0.15))
                figures.append((pause, until(lambda: conductor.status is Status.stopped, runs.stop)))
                runs.reset()
            orders = dict(zip(("pause", "stop"), np.array(figures[5:]).T, strict=True))
            found[name] = {
                order: dict(zip(("p50", "p99", "max"), np.percentile(took, (50, 99, 100)).round(1).tolist(), strict=True))
                for order, took in orders.items()
            }
            print(name, found[name], file=sys.stderr, flush=True)
    return {"trials": trials, "milliseconds": found}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)))
