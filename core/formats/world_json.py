"""Our own files: everything a world is, as JSON. docs/worlds.md explains them, docs/world.schema.json is their schema."""

from core.formats.format import Format, Found
from core.formats.texts import decoded
from core.worlds.world import World, dump, parse


def read(data: bytes, where: str) -> Found:
    """The world as it was saved."""
    return Found(parse(decoded(data, where), where))


def write(world: World, name: str) -> bytes:
    """All of the world."""
    return dump(world).encode()


def own(data: bytes) -> bool:
    """Whether it is an object that has a kind."""
    return data.lstrip().startswith(b"{") and b'"kind"' in data


FORMAT = Format(
    name="world",
    title="Valuescape world",
    description="Everything a world is, as JSON.",
    extensions=(".json",),
    read=read,
    write=write,
    writes="any",
    own=own,
    order=10,
)
