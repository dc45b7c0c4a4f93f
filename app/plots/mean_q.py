"""Mean Q value."""

from app.plots.plot import STEP, UPDATE, Axis, Plot

PLOT = Plot(
    name="mean-q",
    title="Mean Q",
    tooltip="The value that the agent expects, averaged over the batch. Far above the returns it really gets, it overestimates.",
    channel="updates",
    x=(UPDATE, STEP),
    y=Axis("q_mean", "Mean Q"),
    waiting="The mean Q value appears here with the first update.",
    families=("linear", "deep"),
    order=40,
    smoothing=100,
    counted="records",
)
