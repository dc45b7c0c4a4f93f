"""How far planners have proven to be from the values they seek."""

from app.plots.plot import BY_SWEEP, PLANNING, Axis, Plot

PLOT = Plot(
    name="error-bound",
    title="Error bound",
    tooltip=(
        "How far any value can still be from the exact one: proven from the residual and the discount, rounding included. Planning ends "
        "when it is no larger than the tolerance. At discount 1 nothing is proven; planning then ends with the residual."
    ),
    channel="sweeps",
    x=BY_SWEEP,
    y=Axis("error_bound", "Error bound", "reward"),
    waiting="The proven distance to the exact values appears here once planning runs.",
    recorded=PLANNING,
    families=PLANNING,
    absent="Nothing is proven yet, and at discount 1 nothing can be: there the residual decides when planning ends.",
    order=12,
    log_y=True,
    counted="sweeps",
)
