"""Exploration rate."""

from app.plots.plot import STEP, UPDATE, Axis, Plot

PLOT = Plot(
    name="epsilon",
    title="Exploration ε",
    tooltip="The share of actions that are chosen at random. It falls as the agent relies more on what it knows.",
    channel="updates",
    x=(STEP, UPDATE),
    y=Axis("epsilon", "Epsilon"),
    waiting="The exploration rate appears here once training runs.",
    families=("linear", "deep"),
    order=60,
    counted="records",
)
