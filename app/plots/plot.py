"""What a plot is: which columns of which channel, what they mean, and for whom it is drawn by default."""

from dataclasses import dataclass

from core.history import Columns


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
        families: families of algorithms for which it is shown unless the person chooses others.
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
    families: tuple[str, ...] = ()
    order: int = 100
    log_y: bool = False
    smoothing: int = 0
    counted: str = "episodes"

    def fits(self, columns: Columns | None) -> bool:
        """Whether a channel has what this plot draws."""
        return columns is not None and self.y.column in columns and any(axis.column in columns for axis in self.x)
