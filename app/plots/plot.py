"""What a plot is: which columns of which channel, what they mean, and for whom it is drawn by default."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.history import EPISODES, TRUTH, Columns
from core.runs.meter import FIRST


@dataclass(frozen=True)
class Axis:
    """One direction of a plot.

    Attributes:
        column: the channel's column that it shows.
        label: what it measures.
        unit: what that is counted in; empty where the label says it.
    """

    column: str
    label: str
    unit: str = ""


EPISODE = Axis("episode", "Episode")
STEP = Axis("step", "Environment steps")
UPDATE = Axis("update", "Update")
SWEEP = Axis("sweep", "Sweep")

PLANNING = ("planning",)
LEARNING = ("tabular", "prediction", "bandit", "linear", "deep")
"""Kinds of run (see `app.plots.registry.kind_of`) that know the world, and those that step through it."""


@dataclass(frozen=True)
class Plot:
    """A curve that a run may have.

    Attributes:
        name: unique, used in settings and file names.
        title: as shown.
        tooltip: what it means, for a student.
        channel: of the history: "episodes", "updates", "sweeps" or "truth".
        x: what it may be drawn over; the first unless the person chooses another.
        y: what it shows.
        waiting: the sentence shown while there is nothing to draw.
        recorded: kinds of run that record it; others do not offer it.
        families: kinds of run for which it is shown unless the person chooses others.
        absent: the sentence shown where a run of such a kind has nothing to draw after all, and why.
        order: place on the board, from the left.
        log_y: logarithmic axis unless the person chooses otherwise.
        smoothing: rows over which a moving mean is drawn; 0 for none.
        counted: what one row of the channel is, in the plural.
    """

    name: str
    title: str
    tooltip: str
    channel: str
    x: tuple[Axis, ...]
    y: Axis
    waiting: str
    recorded: tuple[str, ...] = LEARNING
    families: tuple[str, ...] = ()
    absent: str = ""
    order: int = 100
    log_y: bool = False
    smoothing: int = 0
    counted: str = "episodes"

    def fits(self, columns: Columns | None) -> bool:
        """Whether a channel has what this plot draws."""
        return columns is not None and self.y.column in columns and any(axis.column in columns for axis in self.x)

    def missing(self, history: Mapping[str, Columns]) -> bool:
        """Whether a run that has come this far has nothing of it: rows without a number, or no truth after the first measurement."""
        columns = history.get(self.channel)
        if columns is not None:
            return self.y.column not in columns or not np.isfinite(columns[self.y.column]).any()
        return self.channel == TRUTH and EPISODES in history and bool((history[EPISODES]["step"] >= FIRST).any())
