"""What learning has cost."""

from app.plots.plot import BY_STEP, Axis, Plot

PLOT = Plot(
    name="regret",
    title="Regret",
    tooltip=(
        "What all episodes so far have earned less than the best policy would have on average, not discounted. It is the price of "
        "learning: it flattens once the agent acts optimally, and goes on growing while it explores."
    ),
    channel="truth",
    x=BY_STEP,
    y=Axis("regret", "Regret", "reward"),
    waiting="The regret appears here once training runs, in worlds small enough to be solved exactly.",
    recorded=("tabular", "bandit", "linear", "deep"),
    families=("bandit",),
    absent="Unknown: the world is too large to be solved exactly.",
    order=28,
    counted="measurements",
)
