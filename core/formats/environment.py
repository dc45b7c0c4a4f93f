"""A gymnasium environment as one Python file that needs gymnasium and numpy only."""

from core.errors import WorldError
from core.formats.environment_source import literals, source
from core.formats.format import Format
from core.worlds.world import World

MOST = 100_000
"""Transitions of a table that is written out as text at most."""


def write(world: World, name: str) -> bytes:
    """The module's source; its name, its class and its id come from the file's."""
    outcomes = len(world.compile().next_state)
    if outcomes > MOST:
        raise WorldError(f"{outcomes:,} transitions are too many for one file", where=name, remedy="Export it as a package")
    return source(world, name, literals(world)).encode()


FORMAT = Format(
    name="environment",
    title="Gymnasium environment (Python)",
    description="One Python file that registers the world with gymnasium; it needs gymnasium and numpy only.",
    extensions=(".py",),
    write=write,
    order=45,
)
