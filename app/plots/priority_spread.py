"""Priorities of the replay memory, as they are just now."""

from app.plots.plot import Axis, Plot
from app.plots.present import PRIORITIES

PLOT = Plot(
    name="priority-spread",
    title="Priorities in memory",
    tooltip=(
        "How the priorities |δ|^α of what lies in the memory are spread just now: the further right a transition stands, the more "
        "often it is replayed. A heap at the right end are new ones, which enter with the largest priority so far."
    ),
    channel=PRIORITIES,
    x=(Axis("from", "Priority", whole=False),),
    y=Axis("share", "Transitions", "%"),
    waiting="The priorities appear here with the first transition that prioritised replay keeps.",
    recorded=("deep",),
    absent="The memory draws evenly: choose prioritised replay to see priorities.",
    order=73,
    log_x=True,
    bars=True,
)
