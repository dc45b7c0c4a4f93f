"""What a plot is: which columns of which channel, what they mean, and for whom it is drawn by default."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.plots.curves import SECONDS
from core.history import EPISODES, PACE, TRUTH, UPDATES, Columns
from core.runs.meter import FIRST


@dataclass(frozen=True)
class Axis:
    """One direction of a plot.

    Attributes:
        column: the channel's column that it shows.
        label: what it measures.
        unit: what that is counted in; empty where the label says it.
        channel: where a row's place is looked up by its work done if its own channel does not say it.
        whole: whether its places are whole numbers.
    """

    column: str
    label: str
    unit: str = ""
    channel: str = ""
    whole: bool = True


EPISODE = Axis("episode", "Episode", channel=EPISODES)
STEP = Axis("step", "Environment steps")
UPDATE = Axis("update", "Update", channel=UPDATES)
SWEEP = Axis("sweep", "Sweep")
BACKUP = Axis("backups", "Backups")
WORK = Axis("units", "Work done", "steps or backups")
TIME = Axis(SECONDS, "Time of work", "s", PACE, whole=False)

BY_EPISODE = (EPISODE, STEP, UPDATE, TIME)
BY_UPDATE = (UPDATE, STEP, EPISODE, TIME)
BY_STEP = (STEP, EPISODE, UPDATE, TIME)
BY_SWEEP = (SWEEP, BACKUP, TIME)

PLANNING = ("planning",)
LEARNING = ("tabular", "prediction", "bandit", "linear", "deep", "play")
"""Kinds of run (see `app.plots.registry.kind_of`) that know the world, and those that step through it."""


@dataclass(frozen=True)
class Beside:
    """A second line of a plot: a channel, one of its columns, and what that is."""

    channel: str
    column: str
    title: str


@dataclass(frozen=True)
class Plot:
    """A curve that a run may have.

    Attributes:
        name: unique, used in settings and file names.
        title: as shown.
        tooltip: what it means, for a student.
        channel: of the history: "episodes", "updates", "sweeps", "truth", "visits" or "pace", or one of `app.plots.present`.
        x: what it may be drawn over; the first unless the person chooses another.
        y: what it shows.
        waiting: the sentence shown while there is nothing to draw.
        recorded: kinds of run that record it; others do not offer it.
        families: kinds of run for which it is shown unless the person chooses others.
        absent: the sentence shown where a run of such a kind has nothing to draw after all, and why.
        order: place on the board, from the left.
        log_x, log_y: logarithmic axes unless the person chooses otherwise.
        smoothing: rows over which a moving mean is drawn; 0 for none.
        counted: what one row of the channel is, in the plural.
        line: what the line is, where others stand beside it.
        also: those others.
        bars: whether a row is a bar, of what is known now, not a point of what was measured.
        elsewhere: another channel with the same column, for runs whose own one has none.
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
    log_x: bool = False
    log_y: bool = False
    smoothing: int = 0
    counted: str = "episodes"
    line: str = ""
    also: tuple[Beside, ...] = ()
    bars: bool = False
    elsewhere: str = ""

    def source(self, history: Mapping[str, Columns]) -> Columns | None:
        """The channel that has what this plot draws; None where none does yet."""
        for name in (self.channel, self.elsewhere):
            columns = history.get(name)
            if columns is not None and self.y.column in columns:
                return columns
        return None

    def missing(self, history: Mapping[str, Columns]) -> bool:
        """Whether a run that has come this far has nothing of it: rows without a number, or no truth after the first measurement."""
        columns = self.source(history)
        if columns is not None:
            return not np.isfinite(columns[self.y.column]).any()
        if self.channel in history:
            return True
        if self.bars:
            return EPISODES in history or UPDATES in history
        return self.channel == TRUTH and EPISODES in history and bool((history[EPISODES]["step"] >= FIRST).any())
