"""How far values are from those they should come to, as the colour of each cell: blue where they are still too low."""

from app.stage.overlays import Overlay
from app.stage.shade import Known, Shade, largest


def shade(known: Known) -> Shade | None:
    """V* - V, or that of the policy that is evaluated."""
    goal, values = known.aside.goal, known.snapshot.values
    if goal is None or values is None or len(goal) != len(values):
        return None
    gap = goal - values
    return Shade(gap, OVERLAY.scale, known.ranges.get(OVERLAY.scale, largest(gap)))


OVERLAY = Overlay(
    "gap",
    "Distance to V*",
    "V*(s) − V(s): what is missing to the optimal value of each state, or to that of the policy that is evaluated. Known in worlds of up "
    "to 2,000 states, grids of up to 10,000.",
    4,
    False,
    shade=shade,
    scale="V* − V",
    place="cell",
    missing="V* is not known here, or not yet.",
)
