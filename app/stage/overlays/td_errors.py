"""The last TD error in each state, as the colour of its cell: blue where it went better than expected."""

import numpy as np

from app.stage.overlays import Overlay
from app.stage.shade import Known, Shade, largest


def shade(known: Known) -> Shade | None:
    """Those of the episode, or those seen in passing, and that of the newest update."""
    told, trail = known.aside.explanation, known.aside.trail
    errors = np.full(known.states, np.nan) if trail is None or len(trail.errors) != known.states else trail.errors.copy()
    if told is not None and told.error is not None and told.state is not None and told.state < known.states:
        errors[told.state] = told.error
    if np.isnan(errors).all():
        return None
    return Shade(errors, OVERLAY.scale, known.ranges.get(OVERLAY.scale, largest(errors)))


OVERLAY = Overlay(
    "td-errors",
    "TD errors",
    "δ: how far the target of the last update lay above or below the value, in each state of this episode. While a run is too fast to "
    "follow, and with planners, of those updates that are picked out in passing.",
    2,
    False,
    shade=shade,
    scale="δ",
    place="cell",
    missing="Nothing has been updated yet.",
)
