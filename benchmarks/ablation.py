"""What each switch of the deep family brings on the lunar lander: one at a time beside plain DQN, then all of them as Rainbow.

    python benchmarks/ablation.py [PICTURE.png]

Seeds are the members of one run, and the same for every row. Learning rate, batch, buffer, layers and length are equal, so that only the
switch differs; what explores by noise has epsilon 0. The picture shows returns while learning, explorations included, in windows of
`WINDOW` steps: the mean over seeds, its 95 % bootstrap interval, and plain DQN in grey.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray

from benchmarks.learning import interquartile_mean, interval

WORLD, STEPS, SEEDS, STARTS, WINDOW = "gym:LunarLander-v3", 50_000, 5, 50, 5_000
PLAIN: dict[str, Any] = {
    "learning_rate": 5e-4, "epsilon": "linear(1, 0.02, 10000)", "widths": [128, 128], "loss": "huber", "batch_size": 64,
    "buffer_size": 100_000, "train_every": 2, "target_update": "hard", "target_every": 500, "double": False,
    "atoms": 51, "lowest": -250, "highest": 250, "importance": f"linear(0.4, 1, {STEPS})",
}  # fmt: skip
NOISY = {"noisy": True, "epsilon": 0}
VARIANTS: dict[str, dict[str, Any]] = {
    "plain DQN": {},
    "+ Double": {"double": True},
    "+ dueling": {"dueling": "mean"},
    "+ prioritised": {"prioritised": True},
    "+ 3 steps": {"n_step": 3},
    "+ noisy": NOISY,
    "+ C51": {"distribution": "categorical"},
    "+ quantiles": {"distribution": "quantile", "atoms": 21},
    "+ layer norm": {"layer_norm": True},
    "Rainbow": {"double": True, "dueling": "mean", "prioritised": True, "n_step": 3, "distribution": "categorical"} | NOISY,
}


def learn(settings: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[W, K] mean return of the episodes that ended in each window, where none did that of the last one, and [K] greedy returns."""
    from core.learner import Budget
    from core.runs.evaluation import evaluate
    from core.runs.session import Session
    from core.runs.spec import RunSpec
    from core.worlds.library import open_world

    spec = RunSpec(world=open_world(WORLD), algorithm="dqn", config=PLAIN | settings, members=SEEDS, steps=STEPS, device="cpu")
    session = Session(spec)
    while not session.finished:
        session.advance(Budget(STEPS))
    episodes = session.history.view()["episodes"]
    curve = np.full((STEPS // WINDOW, SEEDS), np.nan)
    for window, row in enumerate(curve):
        inside = (episodes["step"] > window * WINDOW) & (episodes["step"] <= (window + 1) * WINDOW)
        for member in range(SEEDS):
            returns = episodes["return"][inside & (episodes["member"] == member)]
            row[member] = returns.mean() if len(returns) else curve[window - 1, member]
    scores = np.array([np.mean(evaluate(session.learner, spec.world, STARTS, 1, member)) for member in range(SEEDS)])
    session.close()
    return curve, scores


def draw(curves: dict[str, NDArray[np.float64]], file: Path) -> None:
    """One small plot for each variant, five in a row."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    from app.theme import LIGHT

    application = QApplication.instance() or QApplication([])
    pg.setConfigOptions(antialias=True, background=LIGHT.panel, foreground=LIGHT.text)
    board = pg.GraphicsLayoutWidget()
    board.resize(1400, 560)
    at = (np.arange(STEPS // WINDOW) + 1) * WINDOW / 1000
    plain = curves["plain DQN"].mean(axis=1)
    for number, (name, curve) in enumerate(curves.items()):
        plot = board.addPlot(number // 5, number % 5, title=name)
        plot.setYRange(-400, 250)
        plot.showGrid(x=False, y=True, alpha=0.2)
        plot.setLabel("bottom", "thousand steps" if number >= 5 else "")
        plot.setLabel("left", "return" if number % 5 == 0 else "")
        low, high = np.array([interval(row) for row in curve]).T
        edges = [pg.PlotCurveItem(at, edge) for edge in (low, high)]
        plot.addItem(pg.FillBetweenItem(*edges, brush=pg.mkBrush(LIGHT.accent + "33")))
        plot.plot(at, plain, pen=pg.mkPen(LIGHT.muted, width=2))
        if number:
            plot.plot(at, curve.mean(axis=1), pen=pg.mkPen(LIGHT.accent, width=3))
    board.show()
    application.processEvents()
    board.grab().save(str(file))
    board.close()


def main(arguments: list[str]) -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"commit {commit}, {WORLD}, {STEPS:,} steps, {SEEDS} seeds as one batch, {STARTS} greedy starts each")
    print(f"{'':16} {'mean':>8} {'IQM':>8} {'95 % interval':>18} {'while learning':>15}")
    curves: dict[str, NDArray[np.float64]] = {}
    for name, settings in VARIANTS.items():
        began = time.process_time()
        curves[name], scores = learn(settings)
        low, high = interval(scores)
        print(
            f"{name:16} {scores.mean():8.1f} {interquartile_mean(scores):8.1f} {low:8.1f} to {high:6.1f} {curves[name].mean():15.1f}"
            f" {time.process_time() - began:7.0f} s   ({' '.join(f'{score:.0f}' for score in np.sort(scores))})",
            flush=True,
        )
    if arguments:
        draw(curves, Path(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
