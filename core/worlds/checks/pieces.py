"""What is drawn on a grid but does nothing."""

from collections.abc import Iterator

from core.worlds.checks.problem import HINT, WARNING, Fix, Problem
from core.worlds.checks.subject import Subject
from core.worlds.grid import DOORS, KEYS, PORTALS, Cell, GridWorld
from core.worlds.grid_names import place_of, side_of
from core.worlds.shapes import Place


def lone_portals(subject: Subject) -> Iterator[Problem]:
    """Portals with one end only."""
    world = subject.world
    if not isinstance(world, GridWorld):
        return
    for sign in PORTALS:
        found = world.find(Cell(sign))
        if len(found) == 1:
            yield Problem("portal", WARNING, f"Portal {sign} has one end only and leads nowhere", _names(found), _without(world, found))


def keys_and_doors(subject: Subject) -> Iterator[Problem]:
    """Keys that open nothing, and doors that nothing opens."""
    world = subject.world
    if not isinstance(world, GridWorld):
        return
    for key, door in zip(KEYS, DOORS, strict=True):
        keys, doors = world.find(Cell(key)), world.find(Cell(door))
        if keys and not doors:
            yield Problem("key", HINT, f"Key {key} opens no door", _names(keys), _without(world, keys))
        if doors and not keys:
            yield Problem("door", WARNING, f"No key opens door {door}: it is as good as a wall", _names(doors), _without(world, doors))


def on_walls(subject: Subject) -> Iterator[Problem]:
    """Winds, slips, rewards and fences where nobody can be."""
    world = subject.world
    if not isinstance(world, GridWorld):
        return
    gone: dict[str, set[str]] = {}
    for field in ("rewards", "slips", "winds"):
        gone[field] = {name for name in getattr(world, field) if world.cell(*place_of(name, field)) is Cell.wall}
    gone["starts"] = {name for name in world.starts if world.cell(*place_of(name, "starts")) is not Cell.start}
    gone["fences"] = {name for name in world.fences if any(world.cell(*place) is Cell.wall for place in _beside(name))}
    count = sum(map(len, gone.values()))
    if count:
        places = dict.fromkeys(name.partition(" ")[0] for names in gone.values() for name in sorted(names))
        kept = {field: {name: value for name, value in getattr(world, field).items() if name not in names} for field, names in gone.items()}
        one = "A wind, slip, reward or fence lies on a wall or beside it and does nothing"
        many = f"{count} winds, slips, rewards or fences lie on walls or beside them and do nothing"
        fix = Fix("Take it away" if count == 1 else "Take them away", lambda: world.model_copy(update=kept))
        yield Problem("on walls", HINT, one if count == 1 else many, tuple(places), fix)


def starts(subject: Subject) -> Iterator[Problem]:
    """No start that is marked."""
    world = subject.world
    if isinstance(world, GridWorld) and not world.find(Cell.start):
        back = world.traps_lead_back and not world.traps_end and world.find(Cell.trap)
        if back:
            yield Problem("start", WARNING, "Traps lead back to the start, but no start is marked", _names(world.find(Cell.trap)))
        yield Problem("start", HINT, "No start is marked: episodes start in any free cell")


def _beside(side: str) -> tuple[Place, Place]:
    row, column, way = side_of(side, "fences")
    return (row, column), (row + (way == "down"), column + (way == "right"))


def _names(cells: list[Place]) -> tuple[str, ...]:
    return tuple(f"{row},{column}" for row, column in cells)


def _without(world: GridWorld, cells: list[Place]) -> Fix:
    return Fix("Take it away" if len(cells) == 1 else "Take them away", lambda: world.painted(cells, Cell.floor))
