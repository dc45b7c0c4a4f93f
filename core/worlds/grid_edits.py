"""Edits of a grid: each makes a new world and leaves the old one as it was. Painting cells is `GridWorld.drawn`.

An own transition that would lead from or to a cell that is no more, or is a wall now, goes, and with it the other outcomes of
its state and action: the rules hold there again.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.errors import WorldError
from core.worlds.clip import Clip, clipped, edge_sides, inner_sides, moved_side, name, place, relocated
from core.worlds.grid import BY_CELL, FENCES, PORTALS, STRONGEST, Cell, GridWorld, whole
from core.worlds.shapes import Place, Region
from core.worlds.table import Transition

LIMITS = {"rewards": (-1e9, 1e9, "A reward"), "starts": (0.0, 1e9, "A start weight"), "slips": (0.0, 0.5, "A slip")}


def everything(world: GridWorld) -> Region:
    """The region of all cells."""
    return Region(0, 0, world.rows, world.columns)


def valued(world: GridWorld, field: str, cells: Iterable[Place], value: float | None) -> GridWorld:
    """With a reward, a slip or a start weight of their own for cells; None goes back to that of their kind or of the world.

    Args:
        field: "rewards", "slips" or "starts"; a weight counts in start cells only, other cells are left alone.

    Raises:
        WorldError: where the value is out of bounds.
    """
    least, most, what = LIMITS[field]
    if value is not None and not least <= value <= most:
        raise WorldError(f"{what} must lie from {least:g} to {most:g}, not {value:g}".replace("e+0", "e"))
    if field == "starts":
        cells = [(row, column) for row, column in cells if world.map[row][column] == Cell.start]
        value = None if value == 1 else value
    return _said(world, field, (name(cell) for cell in cells), value)


def blown(world: GridWorld, cells: Iterable[Place], way: str, strength: int) -> GridWorld:
    """With a wind on cells; calm where the strength is 0. WorldError where it is too strong."""
    if not 0 <= strength <= STRONGEST:
        raise WorldError(f"A wind carries 0 to {STRONGEST} cells, not {strength}")
    return _said(world, "winds", (name(cell) for cell in cells), f"{way} {strength}" if strength else None)


def fenced(world: GridWorld, sides: Iterable[str], passing: str | None) -> GridWorld:
    """With something between cells.

    Args:
        sides: such as "0,3 right"; those at the edge of the map are left alone.
        passing: "wall", or the only direction in which it may be crossed, which sides that run along it ignore; None for nothing.
    """
    inside = {side for side in sides if _between_cells(world, side) and (passing is None or passing in FENCES[side.partition(" ")[2]])}
    return _said(world, "fences", inside, passing)


def cleared(world: GridWorld, region: Region) -> GridWorld:
    """With floor in a region, and nothing said of its cells and the sides around them."""
    fields: dict[str, Any] = {field: _without(getattr(world, field), map(name, region.cells())) for field in BY_CELL if field != "fences"}
    fields["fences"] = _without(world.fences, inner_sides(region) + edge_sides(region))
    own = whole(world.transitions, lambda row: not any(place(end) in region for end in (row.state, row.next)))
    return _made(world, _written(world.map, [Cell.floor * region.columns] * region.rows, region.top, region.left), fields, own)


def pasted(world: GridWorld, clip: Clip, row: int, column: int) -> GridWorld:
    """With a clip whose top left lies at (row, column), what lies beyond the edges cut off.

    A portal whose number has both its ends already gets the first number that is free, or is floor where none is. Fences at the edge
    of the clip come along, and stand where the grid has some there. Own transitions of actions that the grid has not are left out.

    Raises:
        WorldError: where that would leave nothing but walls.
    """
    top, left = max(row, 0), max(column, 0)
    bottom, right = min(row + clip.rows, world.rows), min(column + clip.columns, world.columns)
    if top >= bottom or left >= right:
        return world
    region = Region(top, left, bottom - top, right - left)
    signs = [line[left - column : right - column] for line in clip.map[top - row : bottom - row]]
    erased = _written(world.map, [Cell.floor * region.columns] * region.rows, top, left)
    put = clip.shifted(row, column)
    fields: dict[str, Any] = {}
    for field in BY_CELL:
        names = inner_sides(region) if field == "fences" else [name(cell) for cell in region.cells()]
        inside = {*names, *(side for side in edge_sides(region) if field == "fences" and _between_cells(world, side))}
        fields[field] = _without(getattr(world, field), names) | {
            known: value for known, value in put.fields.get(field, {}).items() if known in inside
        }
    kept = [own for own in world.transitions if place(own.state) not in region]
    new = [own for own in (*put.inner, *put.leaving) if own.action in world.actions]
    return _made(world, _written(erased, _renumbered(signs, erased), top, left), fields, (*kept, *new))


def moved(world: GridWorld, region: Region, row: int, column: int) -> GridWorld:
    """With a region elsewhere, its top left at (row, column), and floor where it was."""
    down, right = row - region.top, column - region.left
    return _carried(world, region, clipped(world, region), (row, column), lambda cell: (cell[0] + down, cell[1] + right))


def mirrored(world: GridWorld, region: Region) -> GridWorld:
    """With left and right of a region exchanged; fences at an edge stay there where the opposite one is the edge of the map."""
    turn = 2 * region.left + region.columns - 1
    return _exchanged(world, region, clipped(world, region).mirrored(), lambda cell: (cell[0], turn - cell[1]))


def flipped(world: GridWorld, region: Region) -> GridWorld:
    """With up and down of a region exchanged; fences at an edge as when it is mirrored."""
    turn = 2 * region.top + region.rows - 1
    return _exchanged(world, region, clipped(world, region).flipped(), lambda cell: (turn - cell[0], cell[1]))


def rotated(world: GridWorld, region: Region) -> GridWorld:
    """With a region a quarter turned clockwise about its top left; turning all of it turns the grid.

    Raises:
        WorldError: where the turned region would reach beyond the edge.
    """
    clip = clipped(world, region).rotated()
    if region == everything(world):
        return pasted(_empty(world, clip.rows, clip.columns), clip, 0, 0)
    if region.top + clip.rows > world.rows or region.left + clip.columns > world.columns:
        raise WorldError(
            f"The turned region is {clip.rows} × {clip.columns} cells and does not fit here", remedy="Move it away from the edge first"
        )

    def turned(cell: Place) -> Place:
        return region.top + cell[1] - region.left, region.left + region.rows - 1 - (cell[0] - region.top)

    return _carried(world, region, clip, region.corner, turned)


def resized(world: GridWorld, rows: int, columns: int, down: int = 0, right: int = 0) -> GridWorld:
    """With another size: what was at the top left comes `down` and `right` of it, or beyond it where they are below 0.

    Raises:
        WorldError: where that would leave nothing but walls.
    """
    return pasted(_empty(world, rows, columns), clipped(world, everything(world)), down, right)


def _between_cells(world: GridWorld, side: str) -> bool:
    """Whether there is a cell on either hand of a side."""
    cell, _, way = side.partition(" ")
    row, column = place(cell)
    return 0 <= row < world.rows - (way == "down") and 0 <= column < world.columns - (way == "right")


def _said(world: GridWorld, field: str, names: Iterable[str], value: float | str | None) -> GridWorld:
    """The same object where nothing changes."""
    before: dict[str, Any] = getattr(world, field)
    names = list(names)
    after = _without(before, names) if value is None else before | dict.fromkeys(names, value)
    return world if after == before else world.model_copy(update={field: after})


def _without(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    left = dict(values)
    if left:
        for known in names:
            left.pop(known, None)
    return left


def _written(map_: Iterable[str], signs: Iterable[str], top: int, left: int) -> list[str]:
    """A map with a piece written over it."""
    rows = list(map_)
    for number, line in enumerate(signs, top):
        rows[number] = rows[number][:left] + line + rows[number][left + len(line) :]
    return rows


def _renumbered(signs: list[str], around: list[str]) -> list[str]:
    """The piece with portals of other numbers where, with those around it, there would be three ends."""
    inside, outside = "".join(signs), "".join(around)
    free = [portal for portal in PORTALS if portal not in inside and portal not in outside]
    other = {}
    for portal in PORTALS:
        if inside.count(portal) + outside.count(portal) > 2 and portal in inside:
            other[ord(portal)] = free.pop(0) if free and inside.count(portal) < 3 else Cell.floor.value
    return [line.translate(other) for line in signs]


def _empty(world: GridWorld, rows: int, columns: int) -> GridWorld:
    nothing: dict[str, Any] = {field: {} for field in BY_CELL}
    return world.model_copy(update=nothing | {"map": (Cell.floor * columns,) * rows, "transitions": ()})


def _carried(world: GridWorld, region: Region, clip: Clip, to: Place, move: Callable[[Place], Place]) -> GridWorld:
    """With a clip of a region put in its place, what led to a cell of the region leading to where that has gone."""
    blank = _empty(world, region.rows, region.columns)
    left = pasted(world, clipped(blank, everything(blank)), region.top, region.left)
    left = _said(left, "fences", edge_sides(region), None)

    def led(row: Transition) -> Transition:
        inside = place(row.next) in region
        return row.model_copy(update={"next": relocated(row.next, move)}) if inside else row

    return pasted(left.model_copy(update={"transitions": tuple(map(led, left.transitions))}), clip, *to)


def _exchanged(world: GridWorld, region: Region, clip: Clip, move: Callable[[Place], Place]) -> GridWorld:
    """With a clip in the place of the region that it was turned from."""
    turned = _carried(world, region, clip, region.corner, move)
    stay = {side: world.fences[side] for side in edge_sides(region)
            if side in world.fences and not _between_cells(world, moved_side(side, move))}  # fmt: skip
    return turned.model_copy(update={"fences": turned.fences | stay}) if stay else turned


def _made(world: GridWorld, rows: list[str], fields: dict[str, Any], transitions: Iterable[Transition]) -> GridWorld:
    """A world of new parts; the same object where none is new."""
    if all(line == Cell.wall * len(line) for line in rows):
        raise WorldError("That would leave nothing but walls", remedy="Leave at least one cell free")

    def there(own: Transition) -> bool:
        for end in (own.state, own.next):
            row, column = place(end)
            if not (0 <= row < len(rows) and 0 <= column < len(rows[0])) or rows[row][column] == Cell.wall:
                return False
        return True

    own = whole(transitions, there)
    if sorted(own, key=repr) == sorted(world.transitions, key=repr):
        own = world.transitions
    if tuple(rows) == world.map and own == world.transitions and all(getattr(world, field) == value for field, value in fields.items()):
        return world
    return world.model_copy(update=fields | {"map": tuple(rows), "transitions": own})
