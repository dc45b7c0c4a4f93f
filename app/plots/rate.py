"""How fast the run goes."""

from app.plots.plot import LEARNING, PLANNING, TIME, WORK, Axis, Plot

PLOT = Plot(
    name="rate",
    title="Rate",
    tooltip=(
        "How many steps (of planners: backups) every member does in a second of work, by the clock. It depends on the computer and on what "
        "else it does, and differs from run to run."
    ),
    channel="pace",
    x=(TIME, WORK),
    y=Axis("rate", "Rate", "per second"),
    waiting="The rate appears here once a run goes on for a moment.",
    recorded=(*PLANNING, *LEARNING),
    order=90,
    smoothing=10,
    counted="records",
)
