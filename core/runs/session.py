"""A run: one learner at work on one world, with its limit and its history. The same for window and command line."""

import time
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.config import Config, build, setting
from core.errors import ConfigError
from core.history import EPISODES, History, Rows
from core.learner import UNBOUNDED, Budget, Learner, LearnerConfig, Progress, Snapshot, State, Task
from core.registry import Algorithm, algorithm, family
from core.runs.meter import Meter
from core.runs.truth import Measurement
from core.schedules import Schedule
from core.worlds.table import TableWorld
from core.worlds.world import World

MOST_MEMBERS = 4096


class Change(Config):
    """What a person changed in the middle of a run: from these units of work on, the learner has these settings, in this world."""

    units: int = setting(..., "Steps", "Steps of the run before the change.", unit="steps", ge=0)
    config: dict[str, Any] = Field(default_factory=dict, title="Settings", description="All settings of the learner from then on.")
    world: World | None = Field(default=None, title="World", description="The world from then on, if it was changed.")


class RunSpec(Config):
    """Everything that makes a run. Two runs of equal specs on equal devices give equal numbers."""

    world: World
    world_name: str = setting("", "World", "The library name or file that the world was opened from.")
    algorithm: str = setting(..., "Algorithm", "The learner's name.")
    config: dict[str, Any] = Field(default_factory=dict, title="Settings", description="The learner's own settings.")
    seed: int = setting(0, "Seed", "Root of every random stream: the same seed gives the same run.", ge=0, lt=2**63)
    members: int = setting(
        1, "Members", "Independent learners trained side by side, each with its own random streams.", ge=1, le=MOST_MEMBERS
    )
    device: str = setting("auto", "Device", "Where networks are trained and large worlds planned: auto, cpu, cuda, cuda:1 or mps.")
    steps: int | None = setting(None, "Steps", "Stop after this many steps of every member (planners: state backups).", unit="steps", ge=1)
    episodes: int | None = setting(
        None, "Episodes", "Stop when every member has ended this many episodes (planners: sweeps).", unit="episodes", ge=1
    )

    vary: dict[str, tuple[Any, ...]] = Field(
        default_factory=dict, title="Varied settings", description="Settings that differ: one value for each member."
    )
    changes: tuple[Change, ...] = Field(default=(), title="Changes", description="What was changed in the middle of the run, in order.")

    def at(self, units: int) -> "RunSpec":
        """The world and settings in force after so many units of work, as a spec without changes."""
        world, config = self.world, self.config
        for change in self.changes:
            if change.units <= units:
                world, config = change.world or world, change.config
        return self.model_copy(update={"world": world, "config": config, "changes": ()})

    def variants(self) -> tuple[LearnerConfig, ...]:
        """[K] the settings of each member where some are varied, else none; ConfigError names the setting at fault."""
        chosen = algorithm(self.algorithm)
        for name, values in self.vary.items():
            if name not in chosen.config.varies:
                can = f"it can vary {', '.join(chosen.config.varies)}" if chosen.config.varies else "it can vary nothing"
                raise ConfigError(f"members of {chosen.title} cannot differ in this; {can}", where=name)
            if len(values) != self.members:
                raise ConfigError(f"there must be one value for each of the {self.members} members, not {len(values)}", where=name)
        if not self.vary:
            return ()
        each = [{name: values[member] for name, values in self.vary.items()} for member in range(self.members)]
        return tuple(build(chosen.config, self.config | own, f"member {member}") for member, own in enumerate(each))

    def settings(self) -> LearnerConfig:
        """The learner's settings, validated; ConfigError names the field at fault."""
        return build(algorithm(self.algorithm).config, self.config)


def unsuitable(algorithm: Algorithm, world: World) -> str | None:
    """Why the algorithm cannot run on the world, as a sentence; None if it can."""
    if algorithm.needs == "bandit" and not is_bandit(world):
        return f"{algorithm.title} needs a bandit: a table of which a single state has actions. Choose the ten-armed testbed."
    if algorithm.needs == "finite" and not world.finite:
        return f"{algorithm.title} needs a world whose states can be listed; this one has observations only. Choose DQN."
    return None


def is_bandit(world: World) -> bool:
    """Whether there is but one state to act in; only tables are asked, which costs nothing."""
    return isinstance(world, TableWorld) and all(row.state == world.transitions[0].state for row in world.transitions)


def unchangeable(before: RunSpec, after: RunSpec) -> str | None:
    """Why a run cannot go on with other settings or another world, as a sentence; None if it can.

    Schedules and the discount may change, and of a world all that leaves its states and actions as they are.
    """
    if family(before.algorithm) == "planning":
        return "a planner begins anew when something is changed"
    chosen = algorithm(before.algorithm)
    old, new = before.settings(), after.settings()
    for name, info in chosen.config.model_fields.items():
        if getattr(old, name) != getattr(new, name) and not (name == "discount" or isinstance(getattr(new, name), Schedule)):
            return f"'{info.title}' cannot be changed in the middle of a run"
    if after.world is not before.world and after.world != before.world:
        if not before.world.finite or after.world.kind != before.world.kind:
            return "another world needs a new run"
        one, other = before.world.compile(), after.world.compile()
        if not (
            tuple(one.state_names) == tuple(other.state_names)
            and tuple(one.action_names) == tuple(other.action_names)
            and np.array_equal(one.state_offsets, other.state_offsets)
            and np.array_equal(one.pair_action, other.pair_action)
        ):
            return "a world with other states or actions needs a new run"
    return None


class Session:
    """A run in progress. Made, advanced and closed in one thread.

    Raises:
        ConfigError: where the settings are out of bounds or the algorithm cannot run on the world.
        WorldError: where the world is no proper decision process.
    """

    def __init__(self, spec: RunSpec) -> None:
        self.spec = spec
        chosen = algorithm(spec.algorithm)
        reason = unsuitable(chosen, spec.world)
        if reason:
            raise ConfigError(reason.rstrip("."), where="algorithm")
        self.learner, task = self._build(0)
        self.history = History()
        self.meter = Meter(task, self.learner)
        self.changed = sum(change.units <= 0 for change in spec.changes)
        self.units = 0
        self.boundaries = 0
        self.converged = False
        self.limit = spec.steps or (UNBOUNDED if spec.episodes else chosen.limit or UNBOUNDED)

    @property
    def finished(self) -> bool:
        """Whether the limit is reached or nothing is left to do."""
        return self.converged or self.units >= self.limit or self.boundaries >= (self.spec.episodes or UNBOUNDED)

    @property
    def fraction(self) -> float | None:
        """From 0 to 1, how much of the limit is done; None where there is no limit."""
        parts = [self.units / self.limit] if self.limit < UNBOUNDED else []
        parts += [self.boundaries / self.spec.episodes] if self.spec.episodes else []
        return min(1.0, max(parts)) if parts else None

    def advance(self, budget: Budget) -> Progress:
        """Do at most `budget` of work within the limit, and record what was measured: on the way, also against the truth."""
        began, units, boundaries, rows = time.perf_counter(), self.units, self.boundaries, list[Rows]()
        most_units = min(self.limit, units + budget.units)
        most_boundaries = min(self.spec.episodes or UNBOUNDED, boundaries + budget.boundaries)
        while not self.converged and self.units < most_units and self.boundaries < most_boundaries:
            asked = min(most_units, self.meter.next, self._next_change()) - self.units
            progress = self.learner.advance(Budget(asked, most_boundaries - self.boundaries))
            self.units += progress.units
            self.boundaries += progress.boundaries
            self.converged = progress.finished
            self.meter.note(progress.rows)
            new = (*progress.rows, *(self.meter.measure() if self.units >= self.meter.next else ()))
            for part in new:
                self.history.append(part)
            rows += new
            if self.units >= self._next_change():
                self._turn()
            if progress.units < asked:
                break
        self.history.pace.note(self.units, time.perf_counter() - began)
        return Progress(self.units - units, self.boundaries - boundaries, tuple(rows), self.finished)

    def change(self, config: dict[str, Any], world: World | None = None) -> None:
        """Go on from here with other settings, or in a world whose rules have changed; the spec remembers it.

        Raises:
            ConfigError: where a run cannot take up the change; nothing has changed then.
        """
        before = self.spec.at(self.units)
        after = before.model_copy(update={"config": config, "world": world or before.world})
        reason = unchangeable(before, after)
        if reason:
            raise ConfigError(reason, remedy="Press Reset, then Train")
        change = Change(units=self.units, config=config, world=world)
        self.spec = self.spec.model_copy(update={"changes": (*self.spec.changes[: self.changed], change)})
        self._turn()

    def _build(self, units: int) -> tuple[Learner, Task]:
        """A learner with the settings in force after so many units."""
        spec = self.spec.at(units)
        task = Task(spec.world, spec.settings(), spec.seed, spec.members, spec.device, spec.variants())
        return algorithm(spec.algorithm).build(task), task

    def _next_change(self) -> int:
        return self.spec.changes[self.changed].units if self.changed < len(self.spec.changes) else UNBOUNDED

    def _turn(self) -> None:
        """Take up the settings in force now, with everything that was learnt."""
        state, old = self.learner.state(), self.learner
        self.learner, task = self._build(self.units)
        self.learner.restore(state)
        self.meter.turn(task, self.learner)
        self.changed = sum(change.units <= self.units for change in self.spec.changes)
        old.close()

    def measured(self) -> list[Measurement] | None:
        """How far every member is from the truth now; None where that is not known."""
        return self.meter.now()

    def goal(self, units: int) -> NDArray[np.float64] | None:
        """[S] the values to come to, after so many units of the run; None where they are not known."""
        since = max((change.units for change in self.spec.changes), default=0)
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
        }

    @classmethod
    def resume(cls, spec: RunSpec, state: State) -> Self:
        """The session whose `state()` this was, ready to go on."""
        session = cls(spec)
        session.restore(state)
        return session

    def restore(self, state: State) -> None:
        """Go on as the session of an equal spec did whose `state()` this was."""
        changed = sum(change.units <= state["units"] for change in self.spec.changes)
        if changed != self.changed:
            self.learner.close()
            self.learner, task = self._build(int(state["units"]))
            self.meter.turn(task, self.learner)
            self.changed = changed
        self.learner.restore(state["learner"])
        self.history.restore(state["history"])
        self.meter.restore(state.get("meter"))
        self.units, self.boundaries, self.converged = int(state["units"]), int(state["boundaries"]), bool(state["converged"])

    def close(self) -> None:
        self.learner.close()
