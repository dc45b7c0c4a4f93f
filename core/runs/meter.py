"""When a run is measured against the truth, and the rows that makes.

After 10 steps, and from then on at steps that only the size of the world decides: one more step for each state, later a fifth of all steps
so far (in worlds of more than 500 states a larger share, up to all of them, as a measurement takes longer there). So a run of
ten million steps on a small world has some 70 measurements, and how the work is split changes no row. Steps are the run's; where a limit in
episodes has let members wait for others, their own are fewer, and each row holds its member's.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from core.history import EPISODES, TRUTH, Rows
from core.learner import UNBOUNDED, Learner, Planner, State, Task
from core.runs.truth import Measurement, Truth, truth_of

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

    def turn(self, task: Task, learner: Learner) -> None:
        """The run goes on with another learner on a changed task, whose truth is another; regret until now stays what it is."""
        truth = self.truth()
        if truth is not None:
            self._regretted += self._episodes * truth.best_return - self._earned
            self._earned, self._episodes = np.zeros(task.members), np.zeros(task.members, np.int64)
        self.task, self.learner, self._truth = task, learner, None

    def note(self, rows: Iterable[Rows]) -> None:
        """Take in what was measured since; the order of additions, and so every bit of the sum, does not depend on the split."""
        for part in rows:
            if part.channel == EPISODES and self.next < UNBOUNDED:
                np.add.at(self._earned, part.columns["member"], part.columns["return"])
                self._episodes += np.bincount(part.columns["member"], minlength=self.task.members)

    def measure(self) -> tuple[Rows, ...]:
        """Rows of every member, now that `next` is reached; none where the truth is not known, and then never again."""
        truth = self.truth()
        if truth is None:
            self.next = UNBOUNDED
            return ()
        members = range(self.task.members)
        shots = [self.learner.snapshot(member) for member in members]
        found = [truth.measure(shot) for shot in shots]
        columns = {
            "measurement": np.full(len(members), self._rows),
            "member": np.arange(len(members)),
            "step": np.array([shot.counters.units for shot in shots]),
            "episode": np.array([shot.counters.episodes for shot in shots]),
            "gap": np.array([each.gap for each in found]),
            "rms_error": np.array([each.rms_error for each in found]),
            "rms_error_q": np.array([each.rms_error_q for each in found]),
            "regret": self._regretted + self._episodes * truth.best_return - self._earned,
        }
        self._rows += 1
        self.next = following(self.next, truth.mdp.states)
        return (Rows(TRUTH, columns),)

    def now(self) -> list[Measurement] | None:
        """Every member as it stands; None where the truth is not known."""
        truth = self.truth()
        return None if truth is None else [truth.measure(self.learner.snapshot(member)) for member in range(self.task.members)]

    def truth(self) -> Truth | None:
        """What the run should come to, computed when first asked for; None where it is not known."""
        if self._truth is None and self.next < UNBOUNDED:
            self._truth = truth_of(self.task)
        return self._truth

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
