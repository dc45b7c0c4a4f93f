"""Copies of any world, to be stepped."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from numpy.random import Generator

from core.worlds.environment import Environment
from core.worlds.gym import GymWorld
from core.worlds.gym_environment import GymEnvironment
from core.worlds.mdp_environment import MDPEnvironment
from core.worlds.world import World

if TYPE_CHECKING:
    from core.worlds.foreign.host import Host


def make_gym_environment(world: GymWorld, stream: Generator, render: bool = False, host: "Host | None" = None) -> GymEnvironment:
    """One copy of a gymnasium environment; where its code is not gymnasium's, in the process `host`, or one of its own."""
    if not world.source:
        return GymEnvironment(world, stream, render)
    from core.worlds.foreign.environment import ForeignEnvironment

    return ForeignEnvironment(world, stream, render, host)


def make_environment(world: World, stream: Generator, render: bool = False) -> Environment:
    """One copy of the world drawing from `stream`; with `render`, one that returns pictures where the world has them."""
    if isinstance(world, GymWorld) and (render or not world.finite):
        return make_gym_environment(world, stream, render)
    return MDPEnvironment(world.compile(), stream)


def make_environments(world: World, streams: Sequence[Generator]) -> list[Environment]:
    """A copy of the world for each stream; those that need a process share one."""
    if not isinstance(world, GymWorld) or not world.source:
        return [make_environment(world, stream) for stream in streams]
    made: list[Environment] = []
    try:
        host = world.host()
        made += (make_gym_environment(world, stream, host=host) for stream in streams)
    except BaseException:
        for environment in made:
            environment.close()
        raise
    return made
