"""The worlds that come with the studio: every JSON file under resources/worlds, found because it is there.

Names: grid/lecture-3x4, mdp/three-state, gym:CartPole-v1 for any environment gymnasium knows, make:maze?rows=21&columns=21
for anything a generator makes, the path of a file, corridor.py:Corridor-v0 or package.module:Corridor-v0 for any other environment.
"""

from contextlib import closing
from functools import cache
from pathlib import Path

from core.config import build
from core.errors import EnvironmentFailure, UnknownName, WorldError, nearest
from core.worlds.foreign.names import named, world_of
from core.worlds.generated import PREFIX, made
from core.worlds.gym import GymWorld, plugin_of
from core.worlds.screen import ALE, action_names
from core.worlds.world import World, load, opened, read

FOLDER = Path(__file__).parents[2] / "resources" / "worlds"
GYM = "gym:"


@cache
def names() -> tuple[str, ...]:
    """Every library name: grids, then decision processes, then gymnasium environments."""
    files = [file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.json")]
    kept = sorted(file.split("/", 1) for file in files)
    kept.sort(key=lambda part: (["grid", "mdp", "gym"].index(part[0]), "/" in part[1]))
    return tuple(GYM + name if group == "gym" else f"{group}/{name}" for group, name in kept)


@cache
def library_world(name: str) -> World:
    """The document of a library name, as it is written: nothing is generated or compiled."""
    return read(FOLDER / f"{name.replace(GYM, 'gym/')}.json")


def open_world(name: str) -> World:
    """The world of a library name, an environment id, a generator or a file, ready to be worked with. No code of others is run.

    Raises:
        UnknownName: with the nearest names.
        EnvironmentFailure: where the code of an environment is not there.
        ConfigError: where a generator's argument is at fault.
        WorldError: where the file is no world.
    """
    if name in names():
        return opened(library_world(name))
    if name.startswith(GYM):
        return unlisted(name.removeprefix(GYM))
    if name.startswith(PREFIX):
        return opened(made(name))
    foreign = _foreign(name)
    if foreign is not None:
        return foreign
    path = Path(name)
    if path.is_file():
        return load(path)
    if path.suffix == ".json" or path.is_absolute() or path.is_dir():
        raise WorldError("there is no such file" if not path.is_dir() else "this is a folder, not a world file", where=name)
    raise UnknownName("world", name, names())


def _foreign(name: str) -> GymWorld | None:
    """The world of code of its own; None where the name is none of such a world, or rather another one mistyped."""
    try:
        return named(name)
    except EnvironmentFailure:
        if not Path(name).exists() and nearest(name, names()):
            return None
        raise


def unlisted(identifier: str) -> GymWorld:
    """A gymnasium environment that has no file in the library; one that an installed package brings has code of its own."""
    import gymnasium

    if identifier.startswith(ALE):
        return _game(identifier)

    if identifier not in gymnasium.registry:
        shown = {GYM + known for known in gymnasium.registry} | set(names())
        raise UnknownName("environment", GYM + identifier, shown)
    package = plugin_of(identifier)
    if package:
        return world_of(package, identifier)
    world = build(GymWorld, {"id": identifier, "title": identifier})
    env = world.make()
    try:
        return world.model_copy(update={"finite": isinstance(getattr(env.unwrapped, "P", None), dict)})
    finally:
        env.close()


def _game(identifier: str) -> GymWorld:
    """A game of the Arcade Learning Environment that has no file in the library."""
    world = build(GymWorld, {"id": identifier, "title": identifier.removeprefix(ALE), "screen": {}})
    with closing(world.make()) as env:
        return world.model_copy(update={"actions": action_names(env.get_wrapper_attr("get_action_meanings")())})
