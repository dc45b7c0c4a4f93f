"""What a stroke of a tool does to a grid, as a new grid and in words."""

from collections.abc import Sequence

from app.stage.marks import percent, signed
from app.stage.tools import (
    BOX,
    DOOR,
    ERASE,
    FENCE,
    FILL,
    FREE,
    KEY,
    LINE,
    OUTLINE,
    PORTAL,
    REWARD,
    SELECT,
    SLIP,
    START,
    WIND,
    Options,
    Shape,
    Tool,
)
from app.text import tr
from core.errors import WorldError
from core.worlds.clip import side_between
from core.worlds.grid import PORTALS, WAYS, Cell, GridWorld
from core.worlds.grid_edits import blown, fenced, valued
from core.worlds.shapes import Place, Region, area, line


def cells_of(shape: Shape, world: GridWorld, first: Place, last: Place) -> list[Place]:
    """The cells of a stroke from the first to the last cell."""
    if shape is LINE:
        return list(line(first, last))
    if shape in (OUTLINE, BOX):
        region = Region.between(first, last)
        return region.outline() if shape is OUTLINE else region.cells()
    return area(world.map, last) if shape is FILL else [last]


def shape_of(tool: Tool, shape: Shape) -> Shape:
    """The shape in which a tool draws: portals stand one by one, fences go along sides."""
    if tool in (SELECT, PORTAL) or (tool is FENCE and shape not in (OUTLINE, BOX)):
        return FREE
    return shape


def cell_of_tool(tool: Tool, options: Options, world: GridWorld) -> Cell | None:
    """What a tool paints, with its letter or number."""
    if tool in (KEY, DOOR):
        return Cell(options.letter if tool is KEY else options.letter.upper())
    return Cell(next_portal(world) or "1") if tool is PORTAL else tool.cell


def next_portal(world: GridWorld) -> str:
    """The number of the portal that lacks its other end, or the first that is free; empty where all are in use."""
    ends = "".join(world.map)
    counts = {portal: ends.count(portal) for portal in PORTALS}
    return next((portal for number in (1, 0) for portal in PORTALS if counts[portal] == number), "")


def painted(world: GridWorld, tool: Tool, cells: Sequence[Place], options: Options, erase: bool = False, keep: bool = False) -> GridWorld:
    """The world after a stroke.

    Args:
        cells: where.
        erase: take away what the tool would draw.
        keep: with starts, leave the others.

    Raises:
        WorldError: where that cannot be.
    """
    if tool is REWARD:
        return valued(world, "rewards", cells, None if erase else options.reward)
    if tool is SLIP:
        return valued(world, "slips", cells, None if erase else options.slip)
    if tool is WIND:
        return blown(world, cells, options.wind[0], 0 if erase else options.wind[1])
    cell = Cell.floor if erase else cell_of_tool(tool, options, world)
    if cell is None:
        return world
    if tool is PORTAL and not erase and not next_portal(world):
        raise WorldError(tr("All nine portals are in use"), remedy=tr("Erase one first"))
    drawn = dict.fromkeys(cells, cell)
    if tool is START and not erase:
        others = {} if keep else dict.fromkeys(set(world.find(Cell.start)) - set(cells), Cell.floor)
        return valued(world.drawn(others | drawn), "starts", cells, options.weight)
    return world.drawn(drawn)


def sides_of(region: Region) -> list[str]:
    """The sides around a region."""
    bottom, right = region.top + region.rows - 1, region.left + region.columns - 1
    across = [f"{row},{column} down" for row in (region.top - 1, bottom) for column in range(region.left, right + 1) if row >= 0]
    along = [f"{row},{column} right" for column in (region.left - 1, right) for row in range(region.top, bottom + 1) if column >= 0]
    return across + along


def side_of_cell(world: GridWorld, cell: Place, way: str) -> str | None:
    """The name of a side of a cell; None at the edge of the map."""
    down, right = WAYS[way]
    other = cell[0] + down, cell[1] + right
    return side_between(cell, other) if 0 <= other[0] < world.rows and 0 <= other[1] < world.columns else None


def fence(world: GridWorld, sides: Sequence[str], options: Options, way: str, erase: bool = False) -> GridWorld:
    """With fences: walls, or such as are crossed in the direction `way`."""
    return fenced(world, sides, None if erase else "wall" if options.passing == "wall" else way)


def told(tool: Tool, options: Options, erase: bool) -> str:
    """A stroke in the history."""
    if tool is REWARD:
        return tr("Remove rewards") if erase else tr("Set reward to {reward}", reward=signed(options.reward))
    if tool is SLIP:
        return tr("Remove slips") if erase else tr("Set slip to {slip}", slip=percent(options.slip))
    if tool is WIND:
        way, strength = options.wind
        return tr("Remove wind") if erase else tr("Set wind to {way} {strength}", way=tr(way), strength=strength)
    if tool is FENCE:
        return tr("Remove fence") if erase else tr("Draw fence")
    if erase or tool is ERASE:
        return tr("Erase")
    letter = f" {options.letter if tool is KEY else options.letter.upper()}" if tool in (KEY, DOOR) else ""
    return tr("Paint {cell}", cell=tr(tool.cell.family if tool.cell else "") + letter)
