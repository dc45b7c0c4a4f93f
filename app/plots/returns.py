"""Return of each episode."""

from app.plots.plot import BY_EPISODE, LEARNING, Axis, Plot

PLOT = Plot(
    name="return",
    title="Return",
    tooltip="The sum of all rewards in an episode, not discounted. It rises as the agent learns.",
    channel="episodes",
    x=BY_EPISODE,
    y=Axis("return", "Return"),
    waiting="The return of each episode appears here once training runs.",
    families=LEARNING,
    order=10,
    smoothing=100,
)
