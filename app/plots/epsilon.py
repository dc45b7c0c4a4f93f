"""Exploration rate."""

from app.plots.plot import BY_STEP, Axis, Plot

PLOT = Plot(
    name="epsilon",
    title="Exploration ε",
    tooltip="The share of actions that are chosen at random. It falls as the agent relies more on what it knows.",
    channel="updates",
    x=BY_STEP,
    y=Axis("epsilon", "Epsilon"),
    waiting="The exploration rate appears here with the first update.",
    recorded=("tabular", "bandit", "linear", "deep"),
    families=("linear", "deep"),
    absent="This learner chooses no share of its actions at random: it explores in a way of its own.",
    order=60,
    counted="records",
)
