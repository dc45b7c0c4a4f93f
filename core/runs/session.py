"""A run: one learner at work on one world, with its limit and its history. The same for window and command line."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.demonstration import Demonstration
from core.errors import ConfigError
from core.history import EPISODES, History, Rows
from core.learner import UNBOUNDED, Budget, Learner, Progress, Snapshot, State, Task
from core.registry import algorithm
from core.runs.memory import fitting
from core.runs.meter import Meter
from core.runs.spec import Change, RunSpec, unchangeable, unsuitable, unteachable
from core.runs.truth import Measurement
from core.worlds.world import World

PART = 500
"""Steps that all members together learn from at once when a person shows them: some 10 ms."""


class Session:
    """A run in progress. Made, advanced and closed in one thread.

    Args:
        spec: what it is made from.
        changes: how many of its changes are in force already.

    Attributes:
        spec: where the world has code of its own, with the hash of that.
        broken: whether work broke down in the middle: what the learner holds is no state to go on from.
        still: whether the last `advance` did no unit though nothing was due: its budget had none, nothing is left to do, or an environment
            holds still.

    Raises:
        ConfigError: where the settings are out of bounds or the algorithm cannot run on the world.
        WorldError: where the world is no proper decision process.
        MemoryFull: where the machine has no room for it; a GPU that has none raises what torch raises.
    """

    def __init__(self, spec: RunSpec, changes: int = 0) -> None:
        self.spec = spec = spec.pinned
        chosen = algorithm(spec.algorithm)
        reason = unsuitable(chosen, spec.world)
        if reason:
            raise ConfigError(reason.rstrip("."), where="algorithm")
        self.learner, task = self._build(changes)
        self.history = History()
        self.meter = Meter(task, self.learner)
        self.changed = changes
        self.broken = self.still = False
        self.units = 0
        self.boundaries = 0
        self.converged = False
        self._due: Iterator[None] | None = None
        self._taken = 0
        self._measured: list[Rows] = []
        self.limit = spec.steps or (UNBOUNDED if spec.episodes else chosen.limit or UNBOUNDED)
        self._look_around()

    @property
    def finished(self) -> bool:
        """Whether the limit is reached or nothing is left to do."""
        return self.settled and (self.converged or self.units >= self.limit or self.boundaries >= (self.spec.episodes or UNBOUNDED))

    @property
    def settled(self) -> bool:
        """Whether nothing is due that counts as no unit of work, such as to learn from what a person showed. `advance` does a part of that
        each time, and no unit before all of it is done."""
        return self._due is None

    @property
    def fraction(self) -> float | None:
        """From 0 to 1, how much of the limit is done; None where there is no limit."""
        parts = [self.units / self.limit] if self.limit < UNBOUNDED else []
        parts += [self.boundaries / self.spec.episodes] if self.spec.episodes else []
        return min(1.0, max(parts)) if parts else None

    def advance(self, budget: Budget) -> Progress:
        """Do at most `budget` of work within the limit, and record what was measured: on the way, also against the truth. How much is done
        at once of what counts as no unit is counted, too, so that no call takes long; until it is `settled`, there may be no unit."""
        began, units, boundaries, settled = time.perf_counter(), self.units, self.boundaries, self.settled
        most_units = min(self.limit, units + budget.units)
        most_boundaries = min(self.spec.episodes or UNBOUNDED, boundaries + budget.boundaries)
        self.broken = True
        while self._go_on() and not self.converged and self.units < most_units and self.boundaries < most_boundaries:
            asked = min(most_units, self.meter.next, self._next_change()) - self.units
            with fitting(self.spec):
                progress = self.learner.advance(Budget(asked, most_boundaries - self.boundaries))
            self.units += progress.units
            self.boundaries += progress.boundaries
            self.converged = progress.finished
            self.meter.note(progress.rows)
            self._record(progress.rows)
            self._due = self._settling()
            if progress.units < asked:
                self._go_on()
                break
        self.broken, self.still = False, settled and self.units == units
        self.history.pace.note(self.units, time.perf_counter() - began)
        rows, self._measured = tuple(self._measured), []
        return Progress(self.units - units, self.boundaries - boundaries, rows, self.finished)

    def prepare(self) -> bool:
        """Do a part of what is due before a person can change something at once; whether nothing is left of it."""
        return self._go_on() and self.meter.seek()

    def settle(self) -> None:
        """Do all that is due."""
        while not self._go_on():
            pass

    def change(self, config: dict[str, Any], world: World | None = None) -> None:
        """Go on from here with other settings, or in a world whose rules have changed; the spec remembers it.

        Raises:
            ConfigError: where a run cannot take up the change.
            MemoryFull: where there is no room for it; a GPU that has none raises what torch raises. Nothing has changed then, either.
        """
        before = self._prepared()
        after = before.model_copy(update={"config": config, "world": world or before.world})
        reason = unchangeable(before, after)
        if reason:
            raise ConfigError(reason, remedy="Press Reset, then Train")
        spec, changed = self.spec, self.changed
        self._note(Change(units=self.units, config=config, world=world))
        try:
            self._look_around()
            self.settle()
        except BaseException:
            self.spec, self.changed, self._due = spec, changed, None
            raise

    def teach(self, shown: Demonstration) -> None:
        """Have every member learn from what a person did: a part of it at once, the rest as the session goes on; the spec remembers it.

        Raises:
            ConfigError: where the learner cannot.
            WorldError: where the world knows no such step. Nothing has changed then, either.
        """
        now = self._prepared()
        reason = unteachable(now)
        if reason:
            raise ConfigError(reason.rstrip("."))
        self.learner.check(shown)
        spec = self.spec
        self._note(Change(units=self.units, config=now.config, shown=shown))
        self.broken = True
        try:
            self._look_around()
        except BaseException:
            self.spec, self._due = spec, None
            raise
        self.broken = False

    def _prepared(self) -> RunSpec:
        """What is in force, once all is done that is due before a change."""
        while not self.prepare():
            pass
        return self.spec.after(self.changed)

    def _note(self, change: Change) -> None:
        self.spec = self.spec.model_copy(update={"changes": (*self.spec.changes[: self.changed], change)})

    def _build(self, changes: int) -> tuple[Learner, Task]:
        """A learner with the settings in force after so many changes."""
        spec = self.spec.after(changes)
        task = Task(spec.world, spec.settings(), spec.seed, spec.members, spec.device, spec.variants())
        with fitting(spec):
            return algorithm(spec.algorithm).build(task), task

    def _next_change(self) -> int:
        return self.spec.changes[self.changed].units if self.changed < len(self.spec.changes) else UNBOUNDED

    def _look_around(self) -> None:
        """See what is due, and do a part of it."""
        self._due = self._settling()
        self._go_on()

    def _go_on(self) -> bool:
        """Do a part of what is due; whether nothing is left of it."""
        if self._due is not None and next(self._due, self) is self:
            self._due = None
        return self._due is None

    def _settling(self) -> Iterator[None]:
        """Do what is due here: first measure, then make the changes, one after the other."""
        if self.units >= self.meter.next:
            self._record((yield from self.meter.measuring()))
        while self.units >= self._next_change():
            shown = self.spec.changes[self.changed].shown
            if shown is not None:
                yield from self._take_in(shown)
                self.changed += 1
                continue
            while not self.meter.seek():
                yield
            self.changed += 1
            self._turn()

    def _take_in(self, shown: Demonstration) -> Iterator[None]:
        """Learn from what a person did, a part at a time, from where the state had come to."""
        passages = islice(shown.passages(), self._taken, None)
        while part := list(islice(passages, max(1, PART // self.spec.members))):
            self.learner.take_in(part, first=self._taken == 0)
            self._taken += len(part)
            if self._taken < len(shown.actions):
                yield
        self._taken = 0

    def _record(self, rows: Iterable[Rows]) -> None:
        for part in rows:
            self.history.append(part)
            self._measured.append(part)

    def _turn(self) -> None:
        """Take up the settings in force now, with everything that was learnt."""
        state, old = self.learner.state(), self.learner
        learner, task = self._build(self.changed)
        try:
            learner.restore(state)
        except BaseException:
            learner.close()
            raise
        self.learner = learner
        self.meter.turn(task, learner)
        old.close()

    def measured(self) -> list[Measurement] | None:
        """How far every member is from the truth now; None where that is not known."""
        return self.meter.now()

    def goal(self, units: int) -> NDArray[np.float64] | None:
        """[S] the values to come to, after so many units of the run; None where they are not known."""
        since = max((change.units for change in self.spec.changes if change.shown is None), default=0)
        return self.meter.goal() if self.units and units >= since else None

    def snapshot(self, member: int = 0) -> Snapshot:
        return self.learner.snapshot(member)

    @property
    def returns_every(self) -> int:
        """1 while every episode's return is kept; 2, 4, ... when only every second, fourth, ... one was, to bound memory."""
        channel = self.history.channels.get(EPISODES)
        return 1 if channel is None else channel.stride

    def returns(self) -> list[list[float]]:
        """The undiscounted return of every recorded episode, per member; at most the asked number of episodes."""
        columns = self.history.view().get(EPISODES)
        if columns is None:
            return [[] for _ in range(self.spec.members)]
        by_member = [columns["return"][columns["member"] == member] for member in range(self.spec.members)]
        return [values[: self.spec.episodes].tolist() for values in by_member]

    def state(self) -> State:
        """Everything that decides how the run goes on."""
        return {
            "learner": self.learner.state(),
            "history": self.history.state(),
            "meter": self.meter.state(),
            "units": self.units,
            "boundaries": self.boundaries,
            "converged": self.converged,
            "changed": self.changed,
        } | ({"taken": self._taken} if self._taken else {})

    @classmethod
    def resume(cls, spec: RunSpec, state: State) -> Self:
        """The session whose `state()` this was, ready to go on."""
        session = cls(spec, changes_in(spec, state))
        try:
            session.restore(state)
        except BaseException:
            session.close()
            raise
        return session

    def restore(self, state: State) -> None:
        """Go on as the session of an equal spec did whose `state()` this was."""
        self._due, changed = None, changes_in(self.spec, state)
        if changed != self.changed:
            self.learner.close()
            self.learner, task = self._build(changed)
            self.meter, self.changed = Meter(task, self.learner), changed
        self.learner.restore(state["learner"])
        self.history.restore(state["history"])
        self.meter.restore(state.get("meter"))
        self.units, self.boundaries, self.converged = int(state["units"]), int(state["boundaries"]), bool(state["converged"])
        self._taken = int(state.get("taken", 0))
        self._look_around()

    def close(self) -> None:
        self.learner.close()


def changes_in(spec: RunSpec, state: State) -> int:
    """How many changes of a spec were in force in a state."""
    return min(int(state.get("changed", spec.changed(state["units"]))), len(spec.changes))
