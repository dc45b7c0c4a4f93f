"""How much of the world was seen."""

from app.plots.plot import BY_STEP, Axis, Beside, Plot
from core.history import VISITS

PLOT = Plot(
    name="state-visits",
    title="State visits",
    tooltip=(
        "In how many states something was learnt so far, and how many that would be if all were visited equally often (the exponential of "
        "the entropy of visits). Far apart: most of the time goes to a few states."
    ),
    channel="visits",
    x=BY_STEP,
    y=Axis("visited", "Visited states", "states"),
    waiting="The number of states visited appears here once training runs, in worlds whose states can be listed.",
    recorded=("tabular", "prediction"),
    absent="Unknown: this learner does not count its visits.",
    order=64,
    counted="measurements",
    line="visited",
    also=(Beside(VISITS, "evenly", "if evenly"),),
)
