"""How many states change their best action."""

from app.plots.plot import BY_SWEEP, PLANNING, Axis, Plot

PLOT = Plot(
    name="policy-changes",
    title="Policy changes",
    tooltip=(
        "In how many states another action became the best one during the sweep. Once it stays at 0 the greedy policy stands still, "
        "often long before the values do."
    ),
    channel="sweeps",
    x=BY_SWEEP,
    y=Axis("policy_changes", "Policy changes", "states"),
    waiting="The number of states that change their best action appears here once planning runs.",
    recorded=PLANNING,
    families=PLANNING,
    order=14,
    counted="sweeps",
)
