"""Loss of the value network."""

from app.plots.plot import BY_UPDATE, Axis, Plot

PLOT = Plot(
    name="loss",
    title="Loss",
    tooltip="How far the network's values were from their targets in a batch. The targets move as the agent learns, "
    "so it need not fall steadily.",
    channel="updates",
    x=BY_UPDATE,
    y=Axis("loss", "Loss"),
    waiting="The loss appears here with the first update of the network.",
    recorded=("deep",),
    families=("deep",),
    order=30,
    smoothing=100,
    counted="records",
)
