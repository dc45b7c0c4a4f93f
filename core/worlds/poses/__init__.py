"""How environments are put into a state of a person's choice, and where their pictures show it.

One file, one kind of environment: a module with a `POSE`, found because it is there. A state is a tuple of numbers, each with a name,
a unit and bounds; places in a picture are shares of its width and height, from the upper left corner. `environment` is the bare one,
without wrappers.
"""

import importlib
import pkgutil
from abc import ABC, abstractmethod
from functools import cache
from typing import Any, ClassVar, NamedTuple

import numpy as np

from core.worlds.gym import GymWorld, Quantity
from core.worlds.gym_environment import GymEnvironment

State = tuple[float, ...]


class Handle(NamedTuple):
    """Something in the picture that can be dragged."""

    name: str
    x: float
    y: float


class Pose(ABC):
    """States of one kind of environment."""

    environment: ClassVar[tuple[str, ...]]
    """Names of the classes whose states it knows; those derived from them are meant, too."""
    whole: ClassVar[bool] = False
    """Whether states are of whole numbers."""

    @abstractmethod
    def quantities(self, environment: Any) -> tuple[Quantity, ...]:
        """Name, unit and bounds of each number of a state."""

    @abstractmethod
    def read(self, environment: Any) -> State:
        """Its present state."""

    @abstractmethod
    def place(self, environment: Any, state: State) -> Any:
        """Put it, just reset, into a state within the bounds; what is observed there."""

    @abstractmethod
    def handles(self, environment: Any, state: State) -> tuple[Handle, ...]:
        """What can be dragged, and where it is."""

    @abstractmethod
    def drag(self, environment: Any, state: State, handle: int, x: float, y: float) -> State:
        """The state in which the handle is as near to (x, y) as it can be."""


def within(quantities: tuple[Quantity, ...], state: State) -> State:
    """The state with each number held within its bounds."""
    return tuple(
        min(max(number, -float("inf") if one.low is None else one.low), float("inf") if one.high is None else one.high)
        for one, number in zip(quantities, state, strict=True)
    )


@cache
def poses() -> dict[str, Pose]:
    """Every pose by the names of the classes that it knows."""
    names = [f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__)]
    found = [pose for name in names if (pose := getattr(importlib.import_module(name), "POSE", None)) is not None]
    return {name: pose for pose in found for name in pose.environment}


def expected(world: GymWorld) -> bool:
    """Whether there is a pose for the class that a world's id names, before an environment is made: one that is only derived from a known
    class, or wrapped, shows when it is."""
    if world.source or world.screen is not None:
        return False
    import gymnasium

    spec = gymnasium.registry.get(world.id)
    return spec is not None and str(spec.entry_point).rpartition(":")[2] in poses()


def pose_of(environment: Any) -> Pose | None:
    """The pose that knows the states of a bare environment; None where nobody does."""
    return next((poses()[kind.__name__] for kind in type(environment).__mro__ if kind.__name__ in poses()), None)


def pose_for(environment: GymEnvironment) -> Pose | None:
    """The pose for an environment that was just begun, if what it observes is what the environment shows: one derived from
    a known one, or wrapped, may show something else."""
    pose = pose_of(environment.env.unwrapped)
    if pose is None:
        return None
    shown = environment.observation
    try:
        environment.pose(lambda bare: pose.place(bare, pose.read(bare)))
    except Exception:
        environment.begin(environment.episode_seed)
        return None
    same = np.allclose(environment.observation, shown, atol=1e-4)
    environment.begin(environment.episode_seed)
    return pose if same else None
