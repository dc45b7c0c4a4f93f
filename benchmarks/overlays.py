"""What a repaint of a large grid takes with what is known laid over it.

    python benchmarks/overlays.py [trials]

Median and 99th percentile in milliseconds of the window's thread alone, in the real window at 1600 × 1000, on 100×100 cells with four
and with eight moves, each overlay by itself and the most that can be on together, whole and zoomed in until numbers and wedges can be read.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PySide6.QtWidgets import QApplication

from app.stage.aside import Aside
from app.stage.grid_view import GridView
from app.stage.overlays import overlays
from app.start import start
from benchmarks.designer import TARGET, drawn, editor_of
from benchmarks.prepared import going_with
from core.learner import Behaviour, Counters, Explanation, Snapshot
from core.runs.trail import LONGEST, Trail
from core.worlds.grid import Moves

SIDE = 100
ZOOMS = (1.0, 4.0, 8.0, 20.0)
MOVES = (Moves.four, Moves.eight_or_stay)


def known(view: GridView) -> None:
    """Tell the view everything that there can be to tell."""
    mdp, rng = view.world.compiled.mdp, np.random.default_rng(0)
    values, q = rng.normal(size=mdp.states), np.where(mdp.available, rng.normal(size=(mdp.states, mdp.actions)), np.nan)
    visits = rng.integers(0, 10_000, mdp.states)
    traces = np.where(mdp.available, rng.random(q.shape) ** 20, np.nan)
    view.set_snapshot(Snapshot(Counters(units=1), values=values, q=q, visits=visits, state=5, traces=traces, behaviour=Behaviour(0.1, 0.5)))
    states = [5]
    while len(states) < LONGEST:  # a random walk, first outcomes
        pair = rng.integers(mdp.state_offsets[states[-1]], mdp.state_offsets[states[-1] + 1])
        following = int(mdp.next_state[mdp.outcome_offsets[pair]])
        states.append(5 if mdp.absorbing[following] else following)
    trail = Trail(np.array(states), rng.normal(size=mdp.states))
    told = Explanation("", "", {}, 0.0, 5, 0, ((6, 0.8), (7, 0.2)), 0.5)
    view.set_aside(Aside(told, True, trail, values + 1, 9))


def repaints(view: GridView, trials: int) -> tuple[float, float]:
    """Median and 99th percentile of milliseconds."""
    found = []
    for _ in range(trials + 3):
        began = time.thread_time()
        view.repaint()
        QApplication.processEvents()
        found.append(1000 * (time.thread_time() - began))
    median, late = np.percentile(found[3:], [50, 99])
    return float(median), float(late)


def shown() -> list[tuple[str, list[str]]]:
    """What is switched on: nothing, each overlay by itself, and whatever goes with one that bars others."""
    cells = [overlay for overlay in overlays() if overlay.place == "cell"]
    together = [(f"{each.name} with all that go with it", [one.name for one in going_with(each)]) for each in cells]
    return [("none", []), *((each.name, [each.name]) for each in overlays()), *together]


def main() -> None:
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    with tempfile.TemporaryDirectory() as temporary:
        _, studio = start(Path(temporary) / "studio.ini")
        studio.window.resize(1600, 1000)
        studio.window.show()
        for moves in MOVES:
            studio.document.open(drawn(SIDE).model_copy(update={"moves": moves}), "benchmark")
            view = editor_of(studio).view
            known(view)
            for zoom in ZOOMS:
                view.fit()
                view.zoom(zoom, 400, 300)
                print(f"{moves.value}, cells of {view.place.cell:.0f} pixels {'median':>18} {'p99':>7}")
                for what, names in shown():
                    view.shown = set(names)
                    median, late = repaints(view, trials)
                    print(f"  {what:36} {median:7.1f} {late:7.1f}{'  over a frame' if late > TARGET else ''}", flush=True)
        studio.document.stack.setClean()
        studio.close()


if __name__ == "__main__":
    main()
