"""Step size, or learning rate."""

from app.plots.plot import BY_STEP, Axis, Plot
from core.history import VISITS

PLOT = Plot(
    name="step-size",
    title="Step size α",
    tooltip=(
        "How far values move towards their targets; of networks, the learning rate. Where it counts visits, it is the mean over "
        "everything visited so far."
    ),
    channel="updates",
    x=BY_STEP,
    y=Axis("step_size", "Step size"),
    waiting="The step size appears here with the first update.",
    absent="This learner has no step size: it counts or averages what it sees.",
    order=62,
    counted="records",
    elsewhere=VISITS,
)
