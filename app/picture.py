"""What crosses from the worker to the window: statuses, failures and pictures, all immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.viewing.frames import ViewerFrame
from core.history import Columns
from core.learner import Explanation, Planner, Snapshot
from core.runs.revisit import Coming
from core.runs.timeline import Timeline
from core.runs.trail import Trail


class Status(Enum):
    """Where a run is in its life."""

    idle = "Ready"
    preparing = "Preparing"
    running = "Training"
    paused = "Paused"
    finished = "Finished"
    stopped = "Stopped"
    failed = "Failed"

    @property
    def active(self) -> bool:
        """Whether a run is going on or can go on."""
        return self in (Status.preparing, Status.running, Status.paused)


@dataclass(frozen=True, slots=True)
class Position:
    """Where in its past a run is looked at.

    Attributes:
        units, boundaries: the moment on show.
        newest, ended: units and boundaries of the run itself.
        size, memory: bytes that the kept past takes, and may take.
        coming: the moment that is being come to; None where that on show is the one wished for.
    """

    units: int
    boundaries: int
    newest: int
    ended: int
    size: int
    memory: int
    coming: Coming | None = field(default=None, compare=False)

    @property
    def past(self) -> bool:
        """Whether the moment on show is not the newest."""
        return self.units < self.newest


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Everything there is to see of a run at one moment.

    Attributes:
        run: number of the run, counted by the conductor.
        snapshot: of the member on show.
        history: every channel's columns so far.
        explanation: the last update.
        fraction: from 0 to 1, how much of the limit is done; None where there is no limit.
        rate: units a second of every member, over the last moments.
        viewer: the newest step of the watched greedy episode.
        converged: whether a planner has reached what it seeks; None for other learners.
        notices: what a person should know that does not end the run.
        position: the moment of which snapshot and explanation are.
        steady: whether the run holds still or goes slowly enough for eyes to follow each update.
        trail: of the episode under way, or where the run is too fast, and for planners, what was seen in passing.
        goal: [S] float64, the values that the run should come to; None where they are not known.
    """

    run: int
    snapshot: Snapshot
    history: Mapping[str, Columns]
    explanation: Explanation | None
    fraction: float | None
    rate: float
    viewer: ViewerFrame | None
    converged: bool | None = None
    notices: tuple[str, ...] = ()
    position: Position = Position(0, 0, 0, 0, 0, 0)
    steady: bool = True
    trail: Trail | None = None
    goal: NDArray[np.float64] | None = None


def picture_of(
    number: int, timeline: Timeline, rate: float, viewed: ViewerFrame | None, steady: bool = True, trail: Trail | None = None
) -> Picture:
    """The picture of run `number` at the moment on show; in the run's own thread."""
    session = timeline.session
    learner, here = session.learner, timeline.moment or session
    return Picture(
        number,
        timeline.snapshot(),
        session.history.view(),
        timeline.explain(),
        session.fraction,
        rate,
        viewed,
        learner.converged if isinstance(learner, Planner) else None,
        (*learner.notices, *timeline.notices),
        Position(here.units, here.boundaries, session.units, session.boundaries, timeline.size, timeline.memory, timeline.coming),
        steady,
        trail,
        session.goal(here.units),
    )


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed.

    Attributes:
        sentence: for the person.
        report: the traceback, for a bug report; empty where the person can mend it.
        kept: where the run was saved, if it could be.
        details: what else is known, for those who can mend it: where in their code, what was printed last.
    """

    sentence: str
    report: str = ""
    kept: Path | None = None
    details: str = ""
