"""Mean Q value."""

from app.plots.plot import BY_UPDATE, Axis, Beside, Plot
from core.history import EPISODES

PLOT = Plot(
    name="mean-q",
    title="Mean Q",
    tooltip=(
        "The value that the agent expects, averaged over the batch, beside the discounted return that it then saw from its steps on, "
        "averaged over each episode. Far above what it really gets, it overestimates. What it saw includes exploring, and ends where "
        "an episode was cut off."
    ),
    channel="updates",
    x=BY_UPDATE,
    y=Axis("q_mean", "Mean Q"),
    waiting="The mean Q value appears here with the first update.",
    families=("linear", "deep"),
    order=40,
    smoothing=100,
    counted="records",
    line="expected",
    also=(Beside(EPISODES, "discounted", "seen"),),
)
