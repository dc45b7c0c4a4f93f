"""How often each state was updated, as the colour of its cell, by the logarithm: the first visits show as well as the last."""

import numpy as np

from app.stage.overlays import Overlay
from app.stage.shade import Known, Shade, largest


def shade(known: Known) -> Shade | None:
    """Counts; states never updated stay as they are."""
    visits = known.snapshot.visits
    if visits is None:
        return None
    counts = np.where(visits > 0, visits, np.nan)
    return Shade(counts, OVERLAY.scale, known.ranges.get(OVERLAY.scale, largest(counts)), signed=False, counts=True)


OVERLAY = Overlay(
    "visits",
    "Updates of each state",
    "N(s): how often each state was updated, on a logarithmic scale. Pale ones are hardly explored.",
    1,
    False,
    shade=shade,
    scale="N(s)",
    place="cell",
    signed=False,
    counts=True,
    missing="This learner does not count updates.",
)
