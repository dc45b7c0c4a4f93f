"""How long a plot of a million rows takes: python benchmarks/plots.py

Ten members of 100,000 rows each. Milliseconds of processor time in the window's thread for one frame while the run goes on: 1,000 rows are
added to each member before every frame, as a fast run does, and the plot is drawn and painted at 480 x 300 pixels. The budget of a frame is
16 ms, and only one plot is drawn in any. "Taking in" is the first sight of all rows at once, as when the axis is changed.
"""

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from app.plots.overlay import Overlay
from app.plots.plot import TIME
from app.plots.plot_view import PlotView
from app.plots.registry import plots
from app.theme import theme
from core.history import Columns
from core.runs.statistics import Statistic

ROWS, MEMBERS, FRAMES, ADDED = 100_000, 10, 60, 1_000

History = dict[str, Columns]


def run(seed: int) -> History:
    """Returns of members that get better, as many as are ever needed."""
    rng = np.random.default_rng(seed)
    rows = ROWS + FRAMES * ADDED
    number, member = np.repeat(np.arange(rows), MEMBERS), np.tile(np.arange(MEMBERS), rows)
    y = -1.0 / (1.0 + number / 20_000) + rng.normal(0, 0.1, rows * MEMBERS)
    pace = np.arange(4096)
    return {
        "episodes": {"episode": number, "member": member, "step": 10 * number, "return": y},
        "pace": {"record": pace, "units": 10 * pace * rows // 4096, "seconds": 0.01 * pace, "rate": np.ones(4096)},
    }


def until(history: History, rows: int) -> History:
    """What was known after so many rows of every member."""
    return history | {"episodes": {name: column[: rows * MEMBERS] for name, column in history["episodes"].items()}}


def measure(name: str, view: PlotView, history: History) -> None:
    """Print the times of many frames."""
    view.clear()
    began = time.thread_time()
    view.set_history(until(history, ROWS))
    view.grab()
    taken = time.thread_time() - began
    times = []
    for frame in range(1, FRAMES + 1):
        given = until(history, ROWS + frame * ADDED)
        began = time.thread_time()
        view.set_history(given)
        view.grab()
        times.append(time.thread_time() - began)
    p50, p99 = np.percentile(times, [50, 99]) * 1000
    print(f"{name:44} {taken * 1000:7.1f} {p50:7.1f} {p99:7.1f} {max(times) * 1000:7.1f}", flush=True)


def main() -> None:
    app = QApplication.instance() or QApplication([])
    theme.use("light")
    view = PlotView(plots()["return"])
    view.resize(480, 300)
    view.show()
    app.processEvents()
    history = run(0)
    print(f"{MEMBERS} members, {ROWS * MEMBERS:,} rows; milliseconds")
    print(f"{'':44} {'taking in':>7} {'p50':>6} {'p99':>7} {'max':>7}")
    for statistic in Statistic:
        view.use(statistic=statistic)
        measure(str(statistic), view, history)
    view.use(statistic=Statistic.mean, smoothing=1000)
    measure("mean, smoothed over 1,000", view, history)
    view.use(smoothing=100, log_x=True)
    measure("mean, logarithmic axis", view, history)
    view.use(log_x=False, axis=TIME)
    measure("mean, over time", view, history)
    view.use(axis=view.plot.x[0])
    view.compare([Overlay(number, f"run {number}", number, run(number)) for number in range(1, 4)])
    measure("mean, over three earlier runs of as many rows", view, history)
    view.compare([])
    measure_single(view, history)


def measure_single(view: PlotView, history: History) -> None:
    """One member with all the rows."""
    columns = history["episodes"]
    rows = len(columns["episode"])
    alone = {"episode": np.arange(rows), "member": np.zeros(rows, int), "step": 10 * np.arange(rows), "return": columns["return"]}
    measure("one member of as many rows", view, history | {"episodes": alone})


if __name__ == "__main__":
    main()
