"""A piece of a grid goes through the clipboard as text: everything within it comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import WorldError
from core.formats import cells
from core.worlds.clip import Clip, clipped
from core.worlds.grid import GridWorld
from core.worlds.grid_edits import everything
from core.worlds.shapes import Region
from tests.core.worlds.grids import worlds


@settings(deadline=None)
@given(worlds())
def test_a_whole_grid_comes_back(world: GridWorld) -> None:
    clip = clipped(world, everything(world))
    found = cells.read(cells.written(clip))
    assert found.map == clip.map
    assert {name: values for name, values in found.fields.items() if values} == {
        name: values for name, values in clip.fields.items() if values
    }


@settings(deadline=None)
@given(worlds(), st.data())
def test_any_piece_can_be_written_and_read(world: GridWorld, data: st.DataObject) -> None:
    row, column = data.draw(st.integers(0, world.rows - 1)), data.draw(st.integers(0, world.columns - 1))
    clip = clipped(world, Region.between((row, column), (data.draw(st.integers(0, world.rows - 1)), column)))
    assert cells.read(cells.written(clip)).map == clip.map


def test_walls_alone_are_cells_too() -> None:
    assert cells.read(" # #\n##\n\n") == Clip(("##", "##"), {})
    assert cells.written(Clip(("##",), {"rewards": {"0,0": 1.0}})) == "##\n"


@pytest.mark.parametrize("text", ["", "hello world", "S.\nS", '{"kind": "table", "states": ["a"], "actions": ["b"]}', '{"kind": "grid"}'])
def test_what_is_no_grid_is_refused(text: str) -> None:
    with pytest.raises(WorldError):
        cells.read(text)
