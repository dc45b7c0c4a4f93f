"""What runs come to, to be compared: the score at the end, how soon they get somewhere, and what they got on the way.

    final score       of each member, the mean of its last 100 recorded returns
    steps to a level  of each member, the steps after which the mean of its last 100 returns first reached the level; inf where it never did
    area              of each member, the mean return over steps: the area under the curve of returns, divided by its length

The level is the return at which the world counts as solved, where it says so; else 90 % of the best final score, and of a best one below
zero as far below it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.history import EPISODES, Columns
from core.learner import LearnerConfig
from core.runs.spec import RunSpec
from core.runs.statistics import Statistic, summary
from core.schedules import Schedule
from core.worlds.gym import GymWorld
from core.worlds.world import World

Floats = NDArray[np.float64]
History = Mapping[str, Columns]

WINDOW = 100
"""Episodes of a mean."""
COMMON = ("Seed", "Members", "Steps", "Episodes", "Device", "Changes")
"""What every run is told, beside the settings of its algorithm."""
SHARE = 0.9
"""Of the best score, where a world does not say when it is solved."""


@dataclass(frozen=True, eq=False)
class Returns:
    """The episodes of one member.

    Attributes:
        steps: [N] at which they ended.
        returns: [N]
    """

    steps: Floats
    returns: Floats

    @cached_property
    def final(self) -> float:
        return float(self.returns[-WINDOW:].mean())

    @cached_property
    def area(self) -> float:
        return float(self.returns @ np.diff(self.steps, prepend=0.0) / self.steps[-1])

    def reached(self, level: float) -> float:
        """Steps to a level; inf where it is never reached."""
        if len(self.returns) < WINDOW:
            return np.inf
        sums = np.cumsum(np.insert(self.returns, 0, 0.0))
        above = np.flatnonzero((sums[WINDOW:] - sums[:-WINDOW]) / WINDOW >= level - 1e-12 * max(abs(level), 1.0))
        return float(self.steps[above[0] + WINDOW - 1]) if len(above) else np.inf


def returns_of(history: History) -> list[Returns]:
    """Those of each member that has ended an episode."""
    columns = history.get(EPISODES)
    if columns is None:
        return []
    found = []
    for member in np.unique(columns["member"]):
        mine = columns["member"] == member
        found.append(Returns(columns["step"][mine].astype(np.float64), columns["return"][mine].astype(np.float64)))
    return found


@dataclass(frozen=True)
class Score:
    """What a run comes to; NaN where it has no episodes, as planners do not.

    Attributes:
        final: mean over members of their final scores.
        iqm: their interquartile mean.
        low, high: its 95 % interval; NaN below two members.
        area: mean over members.
        steps: median over members of the steps to the level; inf where most never reached it.
        reached: members that did.
        members: how many there are.
    """

    final: float
    iqm: float
    low: float
    high: float
    area: float
    steps: float
    reached: int
    members: int


def score(members: Sequence[Returns], level: float) -> Score:
    """The score of a run, given a level to reach."""
    if not members:
        return Score(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 0, 0)
    finals = np.array([[member.final] for member in members])
    iqm, low, high = (float(part[0]) for part in summary(finals, Statistic.iqm))
    steps = np.array([member.reached(level) for member in members])
    middle = np.sort(steps)[[(len(steps) - 1) // 2, len(steps) // 2]].mean()
    area = float(np.mean([member.area for member in members]))
    return Score(float(finals.mean()), iqm, low, high, area, float(middle), int(np.isfinite(steps).sum()), len(members))


def level(world: World, finals: Sequence[float]) -> float:
    """The level that runs in a world with these final scores are to reach; NaN where there are none."""
    if isinstance(world, GymWorld) and world.solved is not None:
        return world.solved
    known = [final for final in finals if np.isfinite(final)]
    return max(known) - (1 - SHARE) * abs(max(known)) if known else np.nan


def differences(specs: Sequence[RunSpec]) -> list[dict[str, str]]:
    """Of each run, the settings in which not all of the runs that have them agree: title and value."""
    told = [_told(spec) for spec in specs]
    names = dict.fromkeys(name for each in told for name in each)
    differing = [name for name in names if len({each[name] for each in told if name in each}) > 1]
    return [{name: each[name] for name in differing if name in each} for each in told]


def _told(spec: RunSpec) -> dict[str, str]:
    """Everything that a run was told, by title."""
    told = told_of(spec.settings())
    told |= {name: ", ".join(map(_text, values)) for name, values in spec.vary.items()}
    common = spec.seed, spec.members, spec.steps, spec.episodes, spec.device, len(spec.changes)
    return told | {name: _text(value) for name, value in zip(COMMON, common, strict=True)}


def told_of(config: LearnerConfig, but: LearnerConfig | None = None) -> dict[str, str]:
    """Settings of a learner by title; without those that are as in `but`."""
    fields = type(config).model_fields.items()
    differing = {name: info for name, info in fields if but is None or getattr(config, name) != getattr(but, name)}
    return {str(info.title or name): _text(getattr(config, name)) for name, info in differing.items()}


def _text(value: object) -> str:
    if isinstance(value, Schedule):
        return value.text()
    if isinstance(value, tuple):
        return "–".join(map(_text, value))
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
