"""What a network sees of a world: which shape, before anything is made, and which encoding makes it so. Needs no torch by itself."""

from typing import TYPE_CHECKING

from core.deep.engine.blueprint import Shape
from core.deep.engine.settings import SeenAs
from core.errors import ConfigError
from core.worlds.environment import Environment
from core.worlds.grid import GridWorld
from core.worlds.gym import GymWorld
from core.worlds.mdp_environment import MDPEnvironment
from core.worlds.size import Size
from core.worlds.world import World

if TYPE_CHECKING:
    import torch

    from core.deep.engine.encoding import Encoding


def shape_seen(size: Size, seen_as: SeenAs) -> Shape:
    """The shape of what the network reads of one observation; the screen of a game is a picture, whatever is asked for.

    Raises:
        ConfigError: where a finite world that is no grid is to be seen as one.
    """
    if size.screen is not None:
        return size.screen
    if not size.finite or seen_as is SeenAs.one_hot:
        return (size.observation,)
    if size.picture is None:
        raise _no_grid(seen_as)
    return (size.coordinates,) if seen_as is SeenAs.coordinates else size.picture


def encoding_of(environment: Environment, world: World, seen_as: SeenAs, device: "torch.device") -> "Encoding":
    """The encoding that fits an environment of the world; ConfigError as `shape_seen`."""
    from core.deep.engine.encoding import OneHot, Screens, Vector
    from core.deep.engine.grid_encoding import Coordinates, Picture

    if isinstance(world, GymWorld) and world.screen is not None:
        return Screens(world.screen.shape)
    if not isinstance(environment, MDPEnvironment):
        return Vector(environment.observation.size)
    if seen_as is SeenAs.one_hot:
        return OneHot(environment.mdp)
    if not isinstance(world, GridWorld):
        raise _no_grid(seen_as)
    return Coordinates(world, device) if seen_as is SeenAs.coordinates else Picture(world, device)


def _no_grid(seen_as: SeenAs) -> ConfigError:
    return ConfigError(f"only the states of a grid have places to be seen as {seen_as}", where="seen_as", remedy="Choose one-hot")
