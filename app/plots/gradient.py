"""Length of the gradient."""

from app.plots.plot import BY_UPDATE, Axis, Plot

PLOT = Plot(
    name="gradient",
    title="Gradient norm",
    tooltip="How strongly a batch pulls at the network's weights. Sudden peaks point to a step size that is too large.",
    channel="updates",
    x=BY_UPDATE,
    y=Axis("grad_norm", "Gradient norm"),
    waiting="The length of the gradient appears here with the first update of the network.",
    recorded=("deep",),
    order=70,
    smoothing=100,
    counted="records",
)
