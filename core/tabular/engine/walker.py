"""What every learner in a table world does, whatever it learns: members, steps, episodes, rows, state, explanation."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.config import setting
from core.divergence import Stopped
from core.history import EPISODES, UPDATES, Rows
from core.learner import Budget, Counters, Explanation, Learner, LearnerConfig, Progress, State, Task, Term
from core.schedules import Clock, Kind, Schedule, StepSize
from core.streams import Streams
from core.tabular.engine import steps
from core.tabular.engine.draws import EXPLORATION, WORLD, Stream, streams_of
from core.tabular.engine.steps import LAST, Ledger
from core.tabular.engine.table import Table, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHUNK = 1 << 16
"""Steps per kernel call at most: bounds the buffer of ended episodes."""
FIRST_LOOK = 1 << 10
"""Steps after which it is looked whether values have grown beyond all bounds; then after twice as many, at last after every `CHUNK`."""


class StepConfig(LearnerConfig):
    """Settings of learners whose values move a part of the way to a target."""

    step_size: StepSize = setting(
        Schedule(kind=Kind.power, start=1.0, end=0.0, duration=10, per=Clock.visit),
        "Step size",
        "How far a value moves towards its target on each update.",
        symbol="α",
    )


class Walker(Learner):
    """K independent members that walk through one finite MDP; one unit is one step of every member.

    A subclass says what is learnt: `learn`, the call of its kernel, the arrays it keeps beyond those here, its snapshot and its words.
    """

    kept: ClassVar[tuple[str, ...]] = ("place", "totals", "last", "draws")
    """Names of the arrays [K, ...] that make the state."""
    recorded: ClassVar[tuple[str, ...]] = LAST
    """What each number of the newest update is."""
    equation: str
    """The update as textbooks print it."""
    formula: str
    """Its right-hand side over the names of `terms`."""
    following: ClassVar[str]
    """Symbol of the value of what follows."""

    def __init__(self, task: Task) -> None:
        self.settings = task.config
        self.discount = task.discount
        self.mdp = task.world.compile()
        self.table = Table.of(self.mdp, task.discount)
        self.members = task.members
        self.streams = [Streams.spawn(task.seed, member) for member in range(self.members)]
        self.draws = streams_of(self.streams)
        self.place = np.zeros((self.members, 6), np.int64)
        self.place[:, steps.PAIR] = -1
        self.totals = np.zeros((self.members, 5))
        self.last = np.full((self.members, len(self.recorded)), np.nan)
        self.stopped = Stopped()
        for place, draws in zip(self.place, self.draws, strict=True):
            place[steps.STATE] = sample_start(self.table.start, draws[WORLD])

    @abstractmethod
    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        """Call the kernel: at most `units` steps of one member, until it has ended `episodes` episodes; return the steps taken."""

    @abstractmethod
    def terms(self, known: Mapping[str, float], member: int) -> dict[str, Term]:
        """The newest update, given by the names in `recorded`, as the terms of `formula`."""

    def meaning(self, state: str, over: str) -> str:
        """What the value of what follows is, in the next state of that name; `over` says so where the episode ended."""
        raise NotImplementedError

    def exploring(self, step: Ints, episode: Ints) -> Floats:
        """[N] epsilon at each of these times; NaN where there is none."""
        return np.full(len(step), np.nan)

    @cached_property
    def step_size(self) -> Floats:
        """The step size as kernels read it."""
        assert isinstance(self.settings, StepConfig)
        return self.settings.step_size.encode()

    def advance(self, budget: Budget) -> Progress:
        before = self.place.copy()
        rows: list[Rows] = []
        ended = self._slowest()
        target = ended + budget.boundaries
        for member in range(self.members):
            left, place = budget.units, self.place[member]
            while left > 0 and place[steps.EPISODES] < target and member not in self.stopped:
                looked = next_look(int(place[steps.STEPS]))
                size, episode = min(left, looked - int(place[steps.STEPS])), int(place[steps.EPISODES])
                ledger = Ledger.over(place, self.totals[member], self.last[member], size)
                left -= self.learn(member, ledger, self.draws[member, WORLD], self.draws[member, EXPLORATION], size, target)
                count = int(place[steps.ENDED])
                place[steps.ENDED] = 0
                if count:
                    rows += self._rows(member, episode, ledger.ended[:count], ledger.sums[:count])
                if place[steps.STEPS] == looked:
                    self._stop_diverged(member)
        self.stopped.check(self.members, "Lower the step size")
        done = self.place - before
        return Progress(int(done[:, steps.STEPS].max()), self._slowest() - ended, tuple(rows))

    def _slowest(self) -> int:
        """Episodes that the slowest member that still acts has ended."""
        return min(int(place[steps.EPISODES]) for member, place in enumerate(self.place) if member not in self.stopped)

    def _stop_diverged(self, member: int) -> None:
        """Let a member whose values are no longer finite go no further; nothing of them is of use any more."""
        if np.isfinite([self.totals[member, steps.SURPRISE], self.known(member).get("new", 0.0)]).all():
            return
        self.stopped[member] = int(self.place[member, steps.STEPS])
        for array in (getattr(self, name)[member] for name in self.kept):
            if array.dtype.kind == "f":
                array[...] = 0.0
        self.last[member] = np.nan

    @property
    def notices(self) -> tuple[str, ...]:
        return self.stopped.notices

    def _rows(self, member: int, episode: int, ended: Ints, sums: Floats) -> tuple[Rows, ...]:
        """The ended episodes, and what their updates were like on average, as far as that is finite."""
        count = len(ended)
        step, length = ended.T
        numbers, members = np.arange(episode, episode + count), np.full(count, member)
        updates = {
            "update": step, "member": members, "step": step, "td_error": sums[:, steps.SURPRISE] / length,
            "q_mean": sums[:, steps.EXPECTED] / length, "epsilon": self.exploring(step, numbers),
        }  # fmt: skip
        came = sums[:, steps.SUMS.index(steps.CAME)] / length
        earned = sums[:, steps.RETURN]
        episodes = {"episode": numbers, "member": members, "step": step, "return": earned, "length": length, "discounted": came}
        finite = np.isfinite(sums[:, steps.SURPRISE])
        if finite.all():
            return Rows(EPISODES, episodes), Rows(UPDATES, updates)
        kept = Rows(UPDATES, {name: column[finite] for name, column in updates.items()})
        return (Rows(EPISODES, episodes), kept) if len(kept) else (Rows(EPISODES, episodes),)

    def counters(self, member: int) -> Counters:
        """How far the member has come; every step counts as an update."""
        done = int(self.place[member, steps.STEPS])
        return Counters(units=done, episodes=int(self.place[member, steps.EPISODES]), updates=done)

    def known(self, member: int) -> dict[str, float]:
        """The newest update by the names in `recorded`; empty before the first."""
        last: list[float] = self.last[member].tolist()
        return {} if np.isnan(last[0]) else dict(zip(self.recorded, last, strict=True))

    def metrics(self, member: int) -> dict[str, float]:
        """The newest figures by name."""
        known = self.known(member)
        return {"step size": known["step_size"]} if "step_size" in known else {}

    def state(self) -> State:
        arrays: dict[str, Any] = {name: getattr(self, name).copy() for name in self.kept}
        arrays |= {"streams": {str(member): streams.state() for member, streams in enumerate(self.streams)}}
        return arrays | ({"stopped": self.stopped.state()} if self.stopped else {})

    def restore(self, state: State) -> None:
        self.stopped.restore(state.get("stopped", {}))
        for name in self.kept:
            own, kept = getattr(self, name), state[name]
            if name == "totals" and kept.shape[1] < own.shape[1]:  # of a run from before these were kept: unknown until its episode ends
                own[:, kept.shape[1] :] = np.nan
                own = own[:, : kept.shape[1]]
            own[:] = kept
        for member, streams in enumerate(self.streams):
            streams.restore(state["streams"][str(member)])

    def explain(self, member: int = 0) -> Explanation | None:
        known = self.known(member)
        if not known:
            return None
        state, action = self.updated(known)
        return Explanation(
            self.equation, self.formula, self.terms(known, member), known["new"],
            state, action, self.reached(known, member), self.surprise(known),
        )  # fmt: skip

    def where(self, member: int = 0) -> tuple[int, int | None]:
        return int(self.place[member, steps.EPISODES]), int(self.place[member, steps.STATE])

    def updated(self, known: Mapping[str, float]) -> tuple[int, int | None]:
        """The state and action whose value moved."""
        pair = int(known["pair"])
        return int(self.mdp.pair_state[pair]), int(self.mdp.pair_action[pair])

    def reached(self, known: Mapping[str, float], member: int) -> tuple[tuple[int, float], ...]:
        """The states that the update looked up, with their weights."""
        return ((int(self.mdp.next_state[int(known["outcome"])]), 1.0),)

    def surprise(self, known: Mapping[str, float]) -> float | None:
        """The target less the value before; None where there is no target."""
        return float(self.mdp.reward[int(known["outcome"])]) + self.discount * known["following"] - known["old"]

    def target(self, known: Mapping[str, float]) -> dict[str, Term]:
        """The terms of r + gamma * following."""
        outcome = int(known["outcome"])
        next_state = int(self.mdp.next_state[outcome])
        over = ", 0 because the episode ended" if self.mdp.terminated[outcome] else ""
        return {
            "r": Term("r", "reward received", float(self.mdp.reward[outcome]), next_state),
            "gamma": Term("γ", "discount", self.discount),
            "following": Term(self.following, self.meaning(self.mdp.state_names[next_state], over), known["following"], next_state),
        }


def next_look(step: int) -> int:
    """The step, after `step`, at which it is looked whether values are finite: the same however the work is split."""
    return min(max(FIRST_LOOK, 1 << step.bit_length()), step - step % CHUNK + CHUNK)
