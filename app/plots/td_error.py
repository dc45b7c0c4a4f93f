"""Temporal-difference error."""

from app.plots.plot import BY_UPDATE, Axis, Plot

PLOT = Plot(
    name="td-error",
    title="TD error",
    tooltip="How surprised the agent was: target minus its own value. It shrinks as values settle.",
    channel="updates",
    x=BY_UPDATE,
    y=Axis("td_error", "TD error"),
    waiting="The temporal-difference error appears here with the first update.",
    order=50,
    smoothing=100,
    counted="records",
)
