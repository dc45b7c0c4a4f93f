"""How often each state was visited, as it is just now."""

from app.plots.plot import Axis, Plot
from app.plots.present import COUNTS

PLOT = Plot(
    name="visit-spread",
    title="Visits of each state",
    tooltip=(
        "How often each state was updated so far, the most visited first. A steep fall: a few states take most of the time, the others are "
        'hardly known. On the stage, "Updates of each state" shows which ones.'
    ),
    channel=COUNTS,
    x=(Axis("from", "States, the most visited first"),),
    y=Axis("count", "Visits"),
    waiting="The visits of each state appear here once training runs, in worlds whose states can be listed.",
    recorded=("tabular", "prediction", "bandit"),
    absent="Unknown: this learner does not count its visits.",
    order=65,
    bars=True,
)
