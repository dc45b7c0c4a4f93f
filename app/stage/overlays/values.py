"""V(s) as the colour of each cell: blue above zero, orange below, the stronger the further."""

from app.stage.overlays import VALUES, Overlay
from app.stage.shade import Known, Shade


def shade(known: Known) -> Shade | None:
    """The values, on the scale that action values share."""
    values = known.snapshot.values
    return None if values is None else Shade(values, VALUES, known.span)


OVERLAY = Overlay(
    "values",
    "Value colours",
    "V(s): the return that the agent expects from each state on.",
    0,
    True,
    shade=shade,
    scale=VALUES,
    place="cell",
)
