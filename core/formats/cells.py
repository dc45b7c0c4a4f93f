"""Cells cut out of a grid as text, for the clipboard: rows of signs, or a grid as JSON where more is said of them."""

from core.errors import WorldError
from core.formats.grids import rows_of
from core.formats.registry import read_text
from core.worlds.clip import Clip, clipped, inner_sides
from core.worlds.grid import LARGEST, SIGNS, Cell, GridWorld
from core.worlds.grid_edits import everything
from core.worlds.shapes import Region
from core.worlds.world import dump


def written(clip: Clip) -> str:
    """The text of a clip: a world by itself, in which the fences at its edge and transitions to other cells have no place."""
    inner = set(inner_sides(Region(0, 0, clip.rows, clip.columns)))
    fields = {
        name: {key: value for key, value in values.items() if name != "fences" or key in inner} for name, values in clip.fields.items()
    }
    if set("".join(clip.map)) == {Cell.wall.value} or not (any(fields.values()) or clip.inner):
        return "\n".join(clip.map) + "\n"
    return dump(GridWorld.model_validate({"map": clip.map, "transitions": clip.inner} | fields))


def read(text: str) -> Clip:
    """The cells in a text: rows of signs, walls alone among them, or a grid in any format that is text.

    Raises:
        WorldError: where there are none.
    """
    rows = tuple(row for _, row in rows_of(text, ""))
    if rows and len(rows) <= LARGEST and {len(row) for row in rows} == {len(rows[0])} and SIGNS.issuperset("".join(rows)):
        return Clip(rows, {})
    world = read_text(text, "").world
    if not isinstance(world, GridWorld):
        raise WorldError("this text is no grid", remedy="Copy cells of a grid, or rows of signs such as S.#G")
    return clipped(world, everything(world))
