"""How far the greedy policy is from the optimal one."""

from app.plots.plot import BY_STEP, Axis, Plot

PLOT = Plot(
    name="gap",
    title="Gap to optimal",
    tooltip=(
        "How much less an episode would earn, discounted, if the agent stopped exploring now and did what it thinks best, than with the "
        "optimal policy. Computed from the world itself, not sampled. At 0 the policy is optimal."
    ),
    channel="truth",
    x=BY_STEP,
    y=Axis("gap", "Gap", "reward"),
    waiting="The gap to the optimal policy appears here once training runs, in worlds small enough to be solved exactly.",
    recorded=("tabular", "bandit", "linear", "deep"),
    families=("tabular", "bandit"),
    absent="Unknown: the greedy policy never reaches an end, or the world is too large to be solved exactly.",
    order=24,
    counted="measurements",
)
