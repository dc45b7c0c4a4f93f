"""Bellman residual of planners."""

from app.plots.plot import BY_SWEEP, PLANNING, Axis, Plot

PLOT = Plot(
    name="residual",
    title="Bellman residual",
    tooltip="The largest change of any state's value in a sweep. A straight fall on this logarithmic axis is the contraction at work.",
    channel="sweeps",
    x=BY_SWEEP,
    y=Axis("residual", "Residual", "reward"),
    waiting="The largest change of each sweep appears here once planning runs.",
    recorded=PLANNING,
    families=PLANNING,
    order=10,
    log_y=True,
    counted="sweeps",
)
