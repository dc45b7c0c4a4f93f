"""Length of each episode."""

from app.plots.plot import BY_EPISODE, Axis, Plot

PLOT = Plot(
    name="length",
    title="Episode length",
    tooltip="How many steps an episode took. Shorter is better where a goal is sought, longer where balance is kept.",
    channel="episodes",
    x=BY_EPISODE,
    y=Axis("length", "Length", "steps"),
    waiting="The length of each episode appears here once training runs.",
    recorded=("tabular", "prediction", "linear", "deep", "play"),
    families=("tabular", "prediction", "linear", "play"),
    order=20,
    smoothing=100,
)
