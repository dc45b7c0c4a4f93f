"""Priorities of the replay memory."""

from app.plots.plot import BY_UPDATE, Axis, Beside, Plot
from core.history import UPDATES

PLOT = Plot(
    name="priorities",
    title="Replay priorities",
    tooltip=(
        "How surprising what lies in the memory is: the mean of all priorities |δ|^α, and the largest so far, with which new steps enter. "
        "The further apart they are, the fewer steps are replayed again and again."
    ),
    channel="updates",
    x=BY_UPDATE,
    y=Axis("priority", "Priority"),
    waiting="The priorities appear here with the first update of prioritised replay.",
    recorded=("deep",),
    absent="The memory draws evenly: choose prioritised replay to see priorities.",
    order=72,
    log_y=True,
    counted="records",
    line="mean",
    also=(Beside(UPDATES, "largest_priority", "largest"),),
)
