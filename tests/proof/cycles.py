"""Start, pause, step, stop, again and again in the real window, four algorithms in turn: what the process holds must stay level.

    python tests/proof/cycles.py [CYCLES [WARM-UP [TURN]]]

The first 120 cycles are the warm-up unless it is said: lists of runs are full then, kernels compiled, caches filled. Texts that stay laid
out, some thousands at most, are let go before anything is counted: new numbers would fill their store for hundreds of cycles. One algorithm
has TURN cycles, 10 at first, before the next. Prints one JSON line.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from app.stage import lettering
from benchmarks.prepared import set_up
from tests.proof.window import opened
from tests.proof.work import CASES, Held, cycle, held, slope


def main(cycles: int = 1000, warm_up: int = 120, turn: int = 10) -> dict[str, object]:
    samples: list[tuple[int, Held]] = []
    with opened() as studio:
        for number in range(warm_up + cycles):
            if number % turn == 0:
                set_up(studio, *list(CASES.values())[number // turn % len(CASES)])
            cycle(studio)
            done = number + 1 - warm_up
            if done >= 0 and done % (turn * len(CASES)) == 0:
                studio.runs.conductor.worker.keeping.autosave.wait()
                lettering.forget()
                samples.append((done, held()))
                print(done, *samples[-1][1], file=sys.stderr, flush=True)
    first, last = samples[0][1], samples[-1][1]
    at = [float(done) for done, _ in samples]
    grown = {name: slope(at, [float(getattr(sample, name)) for _, sample in samples]) * 1000 for name in Held._fields}
    return {"cycles": cycles, "first": first._asdict(), "last": last._asdict(), "slope in 1,000 cycles": grown}


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
