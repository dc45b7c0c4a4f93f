"""When a run in a finite world is measured, against the truth and for itself, and the rows that makes.

After 10 steps, and from then on at steps that only the size of the world decides: one more step for each state, later a fifth of all steps
so far (in worlds of more than 500 states a larger share, up to all of them, as a measurement takes longer there). So a run of
ten million steps on a small world has some 70 measurements, and how the work is split changes no row. Steps are the run's; where a limit in
episodes has let members wait for others, their own are fewer, and each row holds its member's.

Besides the truth (see `core.runs.truth`): in how many states something was learnt; how many that would be if visits were spread evenly,
exp(-sum over states of p ln p) with p the share of a state's visits (the perplexity; Hill 1973, of order 1); and the step size, as the
mean of those that the next updates would have where it counts visits.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.history import EPISODES, TRUTH, VISITS, Rows
from core.learner import UNBOUNDED, Learner, LearnerConfig, Planner, Snapshot, State, Task
from core.runs.truth import Measurement, Truth, truth_of
from core.schedules import Clock, Schedule, values_at

FIRST = 10
"""Steps before the first measurement."""


def following(units: int, states: int) -> int:
    """The count of steps after `units` at which a world of so many states is measured."""
    return units + max(states, units * min(max(states, 500), 2500) // 2500)


class Meter:
    """Measures one run.

    Attributes:
        next: steps of the run at which it is measured next; `UNBOUNDED` where it never is.
    """

    def __init__(self, task: Task, learner: Learner) -> None:
        self.task, self.learner = task, learner
        self.next = FIRST if task.world.finite and not isinstance(learner, Planner) else UNBOUNDED
        self._rows = 0
        self._earned, self._episodes = np.zeros(task.members), np.zeros(task.members, np.int64)
        self._regretted = np.zeros(task.members)
        self._truth: Truth | None = None
        self._sought = False

    def turn(self, task: Task, learner: Learner) -> None:
        """The run goes on with another learner on a changed task, whose truth is another; regret until now stays what it is."""
        truth = self.truth()
        if truth is not None:
            self._regretted += self._episodes * truth.best_return - self._earned
            self._earned, self._episodes = np.zeros(task.members), np.zeros(task.members, np.int64)
        self.task, self.learner, self._truth, self._sought = task, learner, None, False

    def trust(self, other: "Meter") -> None:
        """Take over what is true from the meter of a run on the same task: to find it may take long."""
        self._truth, self._sought = other._truth, other._sought

    def note(self, rows: Iterable[Rows]) -> None:
        """Take in what was measured since; the order of additions, and so every bit of the sum, does not depend on the split."""
        for part in rows:
            if part.channel == EPISODES and self.next < UNBOUNDED:
                np.add.at(self._earned, part.columns["member"], part.columns["return"])
                self._episodes += np.bincount(part.columns["member"], minlength=self.task.members)

    def measure(self) -> tuple[Rows, ...]:
        """Rows of every member, now that `next` is reached; those against the truth only where it is known."""
        truth, members = self.truth(), self.task.members
        shots = [self.learner.snapshot(member) for member in range(members)]
        common = {
            "measurement": np.full(members, self._rows),
            "member": np.arange(members),
            "step": np.array([shot.counters.units for shot in shots]),
            "episode": np.array([shot.counters.episodes for shot in shots]),
        }
        rows = []
        if truth is not None:
            found = [truth.measure(shot) for shot in shots]
            against = {name: np.array([getattr(each, name) for each in found]) for name in ("gap", "rms_error", "rms_error_q")}
            rows.append(Rows(TRUTH, common | against | {"regret": self._regretted + self._episodes * truth.best_return - self._earned}))
        if all(shot.visits is not None for shot in shots):
            spread = np.array([_spread(shot.visits) for shot in shots if shot.visits is not None])
            alpha = np.array([step_size(config, shot) for config, shot in zip(self.task.configs, shots, strict=True)])
            rows.append(Rows(VISITS, common | {"visited": spread[:, 0], "evenly": spread[:, 1], "step_size": alpha}))
        self._rows += 1
        self.next = following(self.next, self.task.world.compile().states) if rows else UNBOUNDED
        return tuple(rows)

    def now(self) -> list[Measurement] | None:
        """Every member as it stands; None where the truth is not known."""
        truth = self.truth()
        return None if truth is None else [truth.measure(self.learner.snapshot(member)) for member in range(self.task.members)]

    def truth(self) -> Truth | None:
        """What the run should come to, computed when first asked for; None where it is not known."""
        if not self._sought and self.next < UNBOUNDED:
            self._truth, self._sought = truth_of(self.task), True
        return self._truth

    def goal(self) -> NDArray[np.float64] | None:
        """[S] the values that the run should come to, of planners, too; None where they are not known, or not yet."""
        if isinstance(self.learner, Planner) and not self._sought and self.task.world.finite:
            self._truth, self._sought = truth_of(self.task), True
        return None if self._truth is None else self._truth.values

    def state(self) -> State:
        return {"next": self.next, "rows": self._rows, "earned": self._earned.copy(), "episodes": self._episodes.copy(),
                "regretted": self._regretted.copy()}  # fmt: skip

    def restore(self, state: dict[str, Any] | None) -> None:
        """Go on as the meter did whose `state()` this was; a run kept before there were any (None) is not measured."""
        if state is None:
            self.next = UNBOUNDED
            return
        self.next, self._rows = int(state["next"]), int(state["rows"])
        self._earned, self._episodes = np.array(state["earned"], np.float64), np.array(state["episodes"], np.int64)
        self._regretted = np.array(state.get("regretted", np.zeros(self.task.members)), np.float64)


def step_size(config: LearnerConfig, shot: Snapshot) -> float:
    """The step size in force: where it counts visits, the mean over what was updated; NaN where the learner has none."""
    schedule = getattr(config, "step_size", None)
    if not isinstance(schedule, Schedule):
        return math.nan
    if schedule.clock is not Clock.visit:
        return schedule.value(shot.counters.episodes if schedule.clock is Clock.episode else shot.counters.units)
    counts = shot.visits if shot.tries is None else shot.tries
    counts = None if counts is None else counts[counts > 0]
    return math.nan if counts is None or not len(counts) else float(values_at(schedule.encode(), counts).mean())


def _spread(visits: NDArray[np.int64]) -> tuple[float, float]:
    """How many states were visited, and how many that would be if evenly."""
    counts = visits[visits > 0]
    share = counts / max(int(counts.sum()), 1)
    return float(len(counts)), float(np.exp(-(share * np.log(share)).sum())) if len(counts) else 0.0
