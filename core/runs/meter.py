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
from collections.abc import Generator, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.history import EPISODES, TRUTH, VISITS, Rows
from core.learner import UNBOUNDED, Counters, Learner, LearnerConfig, Planner, Snapshot, State, Task
from core.runs.truth import Measurement, Truth, finding
from core.schedules import Clock, Schedule, values_at

FIRST = 10
"""Steps before the first measurement."""
PART, SMALL = 20_000, 200
"""States of members that are measured in one part, each member counting as so many more: some 10 ms."""


BESIDE = 3
"""One in so many parts of what is sought beside a planner's own work, which it is not to hold up."""


def following(units: int, states: int) -> int:
    """The count of steps after `units` at which a world of so many states is measured."""
    return units + max(states, units * min(max(states, 500), 2500) // 2500)


class Meter:
    """Measures one run.

    Attributes:
        next: steps of the run at which it is measured next; `UNBOUNDED` where it never is.
        sought: whether the truth was found, or is known not to be.
    """

    def __init__(self, task: Task, learner: Learner) -> None:
        self.task, self.learner = task, learner
        self.next = FIRST if task.world.finite and not isinstance(learner, Planner) else UNBOUNDED
        self._rows = 0
        self._earned, self._episodes = np.zeros(task.members), np.zeros(task.members, np.int64)
        self._regretted = np.zeros(task.members)
        self._forget()

    def turn(self, task: Task, learner: Learner) -> None:
        """The run goes on with another learner on a changed task, whose truth is another; regret until now stays what it is."""
        truth = self.truth()
        if truth is not None:
            self._regretted += self._episodes * truth.best_return - self._earned
            self._earned, self._episodes = np.zeros(task.members), np.zeros(task.members, np.int64)
        self.task, self.learner = task, learner
        self._forget()

    def _forget(self) -> None:
        self._truth: Truth | None = None
        self._search: Generator[None, None, Truth | None] | None = None
        self.sought = self._asked = False

    def trust(self, other: "Meter") -> None:
        """Take over what is true from the meter of a run on the same task: to find it may take long."""
        self._truth, self.sought = other._truth, other.sought

    def note(self, rows: Iterable[Rows]) -> None:
        """Take in what was measured since; the order of additions, and so every bit of the sum, does not depend on the split."""
        for part in rows:
            if part.channel == EPISODES and self.next < UNBOUNDED:
                np.add.at(self._earned, part.columns["member"], part.columns["return"])
                self._episodes += np.bincount(part.columns["member"], minlength=self.task.members)

    def measuring(self) -> Generator[None, None, tuple[Rows, ...]]:
        """Rows of every member, now that `next` is reached, made a part at a time; those against the truth only where it is known."""
        while not self.seek():
            yield
        truth, members, states = self._truth, self.task.members, self.task.world.compile().states
        counters, found, spread = list[Counters](), list[Measurement](), list[tuple[float, float, float]]()
        for member, config in enumerate(self.task.configs):
            if member and member % max(1, PART // (states + SMALL)) == 0:
                yield
            shot = self.learner.snapshot(member)
            counters.append(shot.counters)
            found += [] if truth is None else [truth.measure(shot)]
            spread += [] if shot.visits is None else [(*_spread(shot.visits), step_size(config, shot))]
        common = {
            "measurement": np.full(members, self._rows),
            "member": np.arange(members),
            "step": np.array([each.units for each in counters]),
            "episode": np.array([each.episodes for each in counters]),
        }
        rows = []
        if truth is not None:
            against = {name: np.array([getattr(each, name) for each in found]) for name in ("gap", "rms_error", "rms_error_q")}
            rows.append(Rows(TRUTH, common | against | {"regret": self._regretted + self._episodes * truth.best_return - self._earned}))
        if spread:
            columns = dict(zip(("visited", "evenly", "step_size"), np.array(spread).T.copy(), strict=True))
            rows.append(Rows(VISITS, common | columns))
        self._rows += 1
        self.next = following(self.next, states) if rows else UNBOUNDED
        return tuple(rows)

    def now(self) -> list[Measurement] | None:
        """Every member as it stands; None where the truth is not known."""
        truth = self.truth()
        return None if truth is None else [truth.measure(self.learner.snapshot(member)) for member in range(self.task.members)]

    def truth(self) -> Truth | None:
        """What the run should come to, found when first asked for; None where it is not known."""
        while not self.seek():
            pass
        return self._truth

    def seek(self) -> bool:
        """Do a part of the work of finding the truth, where the run is measured; whether it is found, or known not to be."""
        return self.sought or self.next == UNBOUNDED or self.find()

    @property
    def wanted(self) -> bool:
        """Whether somebody asked for values that are neither found nor looked for by measuring: `find` does."""
        return self._asked and not self.sought

    def goal(self) -> NDArray[np.float64] | None:
        """[S] the values that the run should come to; None where they are not known, or not yet."""
        self._asked = isinstance(self.learner, Planner) and self.task.world.finite
        return None if self._truth is None else self._truth.values

    def find(self) -> bool:
        """Do a part of the work of finding the truth; whether it is found, or known not to be."""
        self._search = self._search or finding(self.task, BESIDE if self._asked else 1)
        try:
            next(self._search)
        except StopIteration as found:
            self._truth, self._search, self.sought = found.value, None, True
        return self.sought

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
