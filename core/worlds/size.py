"""How much of a world an agent sees and can do, known before an environment is made."""

from math import prod
from typing import NamedTuple

from core.errors import ValuescapeError
from core.worlds.environment import Environment
from core.worlds.grid import DOORS, KEYS, Cell, GridWorld
from core.worlds.grid_features import coordinate_count, plane_names
from core.worlds.gym import GymWorld
from core.worlds.mdp_environment import MDPEnvironment
from core.worlds.screen import Screen
from core.worlds.table import TableWorld
from core.worlds.world import World


class Size(NamedTuple):
    """What a network must fit.

    Attributes:
        observation: D, numbers that the agent sees; in a finite world its states.
        actions: A.
        finite: whether the observation is one state of D.
        coordinates: numbers that tell a state's place in a grid; 0 where there are none.
        picture: (planes, rows, columns) of a grid.
        screen: (frames, rows, columns) of a game.
    """

    observation: int
    actions: int
    finite: bool
    coordinates: int = 0
    picture: tuple[int, int, int] | None = None
    screen: tuple[int, int, int] | None = None


def size_of(world: World) -> Size | None:
    """The size as far as the document tells: no environment is made but for gymnasium's tables of transitions.

    None where only an environment could tell, or the document makes no world.
    """
    match world:
        case GridWorld() if not world.traps_lead_back and not set(KEYS + DOORS) & set("".join(world.map)):
            walls = sum(row.count(Cell.wall) for row in world.map)
            return Size(world.rows * world.columns - walls, len(world.actions), True, *_places(world))
        case TableWorld():
            return Size(len(world.states), len(world.actions), finite=True)
        case GymWorld(screen=Screen() as screen):
            return Size(prod(screen.shape), len(world.actions), finite=False, screen=screen.shape) if world.actions else None
        case GymWorld(finite=False):
            declared = len(world.observation), len(world.actions)
            return Size(*declared, finite=False) if all(declared) else None
    try:
        table = world.compile()
    except ValuescapeError:
        return None
    return Size(table.states, table.actions, True, *(_places(world) if isinstance(world, GridWorld) else ()))


def _places(world: GridWorld) -> tuple[int, tuple[int, int, int]]:
    return coordinate_count(world), (len(plane_names(world)), world.rows, world.columns)


def size_seen(environment: Environment) -> Size:
    """The size of an environment that was made."""
    return Size(environment.observation.size, environment.mask.size, isinstance(environment, MDPEnvironment))
