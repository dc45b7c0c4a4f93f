"""Eligibility traces as the colour of each cell: how much the next TD error will move its value."""

import numpy as np

from app.stage.overlays import Overlay
from app.stage.shade import Known, Shade, largest
from core.worlds.mdp import state_values


def shade(known: Known) -> Shade | None:
    """Of each state the largest trace of its actions; nothing where none is left."""
    traces = known.snapshot.traces
    if traces is None:
        return None
    of_states = traces if traces.ndim == 1 else state_values(traces)
    alive = np.where(of_states > 0, of_states, np.nan)
    return Shade(alive, OVERLAY.scale, known.ranges.get(OVERLAY.scale, largest(alive)), signed=False)


OVERLAY = Overlay(
    "traces",
    "Eligibility traces",
    "z(s): how far the next TD error will move the value of each state visited in this episode, step size included; of several actions "
    "the largest.",
    3,
    False,
    shade=shade,
    scale="z(s)",
    place="cell",
    signed=False,
    missing="This learner has no eligibility traces.",
)
