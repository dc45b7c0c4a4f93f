"""What makes a run, what a person may do to it, and what an algorithm can run on."""

from typing import Any

import numpy as np
from pydantic import Field

from core.config import Config, build, setting
from core.demonstration import Demonstration
from core.errors import ConfigError
from core.learner import LearnerConfig
from core.registry import Algorithm, algorithm, family
from core.schedules import Schedule
from core.worlds.gym import GymWorld
from core.worlds.table import TableWorld
from core.worlds.world import World

MOST_MEMBERS = 4096


class Change(Config):
    """What was done to a run in the middle: from these units of work on, the learner has these settings, in this world, on this device;
    or there it learnt from what the person showed it."""

    units: int = setting(..., "Steps", "Steps of the run before the change.", unit="steps", ge=0)
    config: dict[str, Any] = Field(default_factory=dict, title="Settings", description="All settings of the learner from then on.")
    world: World | None = Field(default=None, title="World", description="The world from then on, if it was changed.")
    device: str | None = setting(None, "Device", "Where it is trained from then on, if that was changed.")
    shown: Demonstration | None = Field(default=None, title="Shown", description="What the person did there for the learner to learn from.")


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
        return self.after(self.changed(units))

    def changed(self, units: int) -> int:
        """How many changes were made in the first so many units of work."""
        return sum(change.units <= units for change in self.changes)

    def after(self, changes: int) -> "RunSpec":
        """The world and settings in force after so many changes, as a spec without any."""
        world, config, device = self.world, self.config, self.device
        for change in self.changes[:changes]:
            world, config, device = change.world or world, change.config, change.device or device
        return self.model_copy(update={"world": world, "config": config, "device": device, "changes": ()})

    @property
    def pinned(self) -> "RunSpec":
        """The same; where the world has code of its own, with the hash of that, so that the run is never made with other code."""
        world = self.world.pinned if isinstance(self.world, GymWorld) else self.world
        return self if world is self.world else self.model_copy(update={"world": world})

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
    if is_game(world) and "channels" not in algorithm.config.model_fields:
        return f"{algorithm.title} needs an observation of a few numbers; this world shows a screen. Choose DQN."
    return None


def is_game(world: World) -> bool:
    """Whether what is observed is the screen of a game."""
    return isinstance(world, GymWorld) and world.screen is not None


def is_bandit(world: World) -> bool:
    """Whether there is but one state to act in; only tables are asked, which costs nothing."""
    return isinstance(world, TableWorld) and all(row.state == world.transitions[0].state for row in world.transitions)


def unteachable(spec: RunSpec) -> str | None:
    """Why a learner with these settings cannot learn from what a person does, as a sentence; None if it can."""
    chosen = algorithm(spec.algorithm)
    if family(spec.algorithm) == "planning":
        return f"{chosen.title} knows the world already: there is nothing to show it."
    if spec.settings().teachable:
        return None
    if "replay" in chosen.config.model_fields:
        return f"{chosen.title} without experience replay learns only from what it does itself. Switch experience replay on."
    return f"{chosen.title} learns only from what it does itself. Choose Q-learning or DQN."


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
