"""How far the values are from the true ones."""

from app.plots.plot import BY_STEP, Axis, Plot

PLOT = Plot(
    name="value-error",
    title="Value error",
    tooltip=(
        "How far the values of all states are from the true ones, as the root of the mean square. A policy can be optimal long before its "
        "values are right: only their order matters to it. States that are hardly visited keep the error up."
    ),
    channel="truth",
    x=BY_STEP,
    y=Axis("rms_error", "Value error", "reward"),
    waiting="The error of the values appears here once training runs, in worlds small enough to be solved exactly.",
    families=("tabular", "prediction", "bandit"),
    absent="Unknown: the world is too large to be solved exactly.",
    order=26,
    log_y=True,
    counted="measurements",
)
