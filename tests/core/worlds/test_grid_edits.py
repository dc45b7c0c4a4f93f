"""Edits make new grids, say what they change and nothing else, and can be taken back; an edited grid compiles to what it shows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import WorldError
from core.worlds import grid_edits
from core.worlds.clip import Clip, clipped
from core.worlds.grid import Cell, GridWorld
from core.worlds.shapes import Region, area, line
from core.worlds.table import Transition
from core.worlds.world import dump, parse
from tests.core.worlds.grids import worlds

FIRST = GridWorld(map=("S..", ".#.", "T.G"))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from([cell for cell in Cell if cell is not Cell.wall]))))
def test_a_grid_painted_after_it_was_compiled_is_compiled_anew(edits: list[tuple[int, int, Cell]]) -> None:
    world = FIRST
    for row, column, cell in edits:
        assert world.compiled.mdp is world.compile()
        world = world.painted([(row, column)], cell)
    fresh = GridWorld(map=world.map)
    assert np.array_equal(world.compiled.state_of_cell, fresh.compiled.state_of_cell)
    assert np.array_equal(world.compile().next_state, fresh.compile().next_state)
    assert np.array_equal(world.compile().reward, fresh.compile().reward)
    assert np.array_equal(world.compile().absorbing, fresh.compile().absorbing)


def test_a_wall_painted_after_compiling_takes_a_state_away() -> None:
    assert len(FIRST.compile().state_names) == 8
    assert len(FIRST.painted([(0, 1)], Cell.wall).compile().state_names) == 7


def test_rules_changed_after_compiling_count() -> None:
    assert FIRST.compile().discount == 0.99
    changed = FIRST.model_copy(update={"discount": 0.5, "goal_reward": 7.0})
    assert changed.compile().discount == 0.5
    assert changed.compile().reward.max() == 7.0


def test_a_grid_that_is_not_edited_is_compiled_once() -> None:
    world = GridWorld(map=("S.G",))
    assert world.compiled is world.compiled


# Sets of cells


def test_a_rectangle_has_an_outline_and_an_inside() -> None:
    region = Region.between((3, 1), (1, 3))
    assert region == Region(1, 1, 3, 3) and (2, 2) in region and (4, 1) not in region
    assert len(region.cells()) == 9 and set(region.cells()) - set(region.outline()) == {(2, 2)}
    assert Region(0, 0, 1, 3).outline() == [(0, 0), (0, 1), (0, 2)]


def test_an_area_hangs_together_by_sides() -> None:
    map_ = ("..#.", ".#..", "#...")
    assert area(map_, (0, 0)) == [(0, 0), (0, 1), (1, 0)]
    assert area(map_, (0, 3)) == [(0, 3), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]
    assert area(map_, (1, 1)) == [(1, 1)]


def test_a_line_is_straight_where_it_can_be() -> None:
    assert list(line((0, 0), (0, 3))) == [(0, 0), (0, 1), (0, 2), (0, 3)]
    assert list(line((2, 2), (0, 0))) == [(2, 2), (1, 1), (0, 0)]


# Single cells and sides


def test_values_of_cells_are_set_and_taken_away() -> None:
    world = grid_edits.valued(FIRST, "rewards", [(0, 0), (1, 2)], 2.5)
    assert world.rewards == {"0,0": 2.5, "1,2": 2.5}
    assert grid_edits.valued(world, "rewards", [(0, 0)], None).rewards == {"1,2": 2.5}
    assert grid_edits.valued(world, "rewards", [(1, 2)], 2.5) is world
    assert grid_edits.valued(FIRST, "slips", [(0, 1)], 0.5).slips == {"0,1": 0.5}
    with pytest.raises(WorldError, match=r"A slip must lie from 0 to 0.5, not 0.6"):
        grid_edits.valued(FIRST, "slips", [(0, 1)], 0.6)


def test_only_starts_have_weights() -> None:
    world = grid_edits.valued(FIRST, "starts", [(0, 0), (0, 1)], 3.0)
    assert world.starts == {"0,0": 3.0}
    assert grid_edits.valued(world, "starts", [(0, 0)], 1.0).starts == {}


def test_wind_is_set_and_calmed() -> None:
    world = grid_edits.blown(FIRST, [(0, 1), (0, 2)], "up", 2)
    assert world.winds == {"0,1": "up 2", "0,2": "up 2"}
    assert grid_edits.blown(world, [(0, 1)], "up", 0).winds == {"0,2": "up 2"}
    with pytest.raises(WorldError, match="0 to 99"):
        grid_edits.blown(FIRST, [(0, 0)], "up", 100)


def test_fences_stand_between_cells_of_the_map() -> None:
    world = grid_edits.fenced(FIRST, ["0,0 right", "0,2 right", "2,0 down", "0,1 down"], "wall")
    assert world.fences == {"0,0 right": "wall", "0,1 down": "wall"}
    assert grid_edits.fenced(world, ["0,0 right", "0,1 down"], "left").fences == {"0,0 right": "left", "0,1 down": "wall"}
    assert grid_edits.fenced(world, ["0,0 right"], None).fences == {"0,1 down": "wall"}


# Regions

RICH = GridWorld(
    map=("S1#.", "a~G.", "..A1"), rewards={"0,0": 2.0}, starts={"0,0": 3.0}, slips={"1,1": 0.1}, winds={"0,0": "up 2", "2,3": "left 1"},
    fences={"0,0 right": "right", "1,0 down": "up", "0,3 down": "wall"},
    transitions=(Transition(state="1,1", action="up", next="2,0", reward=4), Transition(state="1,1", action="left", next="2,3")),
)  # fmt: skip


def test_a_clip_holds_what_is_said_of_its_cells() -> None:
    clip = clipped(RICH, Region(0, 0, 2, 2))
    assert clip.map == ("S1", "a~")
    assert clip.fields == {"rewards": {"0,0": 2.0}, "starts": {"0,0": 3.0}, "slips": {"1,1": 0.1}, "winds": {"0,0": "up 2"},
                           "fences": {"0,0 right": "right", "1,0 down": "up"}}  # fmt: skip
    assert [row.next for row in clip.leaving] == ["2,0", "2,3"] and clip.inner == ()


def test_a_mirrored_region_turns_winds_and_fences_and_own_transitions_along() -> None:
    world = grid_edits.mirrored(RICH, grid_edits.everything(RICH))
    assert world.map == (".#1S", ".G~a", "1A..")
    assert world.winds == {"0,3": "up 2", "2,0": "right 1"} and world.rewards == {"0,3": 2.0}
    assert world.fences == {"0,2 right": "left", "1,3 down": "up", "0,0 down": "wall"}
    assert [(row.state, row.action, row.next) for row in world.transitions] == [("1,2", "up", "2,3"), ("1,2", "right", "2,0")]


def test_a_rotated_grid_turns_clockwise() -> None:
    world = grid_edits.rotated(RICH, grid_edits.everything(RICH))
    assert world.map == (".aS", ".~1", "AG#", "1..")
    assert world.winds == {"0,2": "right 2", "3,0": "up 1"}
    assert world.fences == {"0,2 down": "down", "0,0 right": "right", "3,1 right": "wall"}
    assert [(row.state, row.action, row.next) for row in world.transitions] == [("1,1", "right", "0,0"), ("1,1", "up", "3,0")]


def test_a_region_turns_about_its_top_left_and_must_fit() -> None:
    world = GridWorld(map=("SG..", "....", "...."))
    assert grid_edits.rotated(world, Region(0, 0, 1, 2)).map == ("S...", "G...", "....")
    with pytest.raises(WorldError, match="2 × 1 cells and does not fit"):
        grid_edits.rotated(world, Region(2, 0, 1, 2))


def test_a_moved_region_takes_along_what_leads_to_it() -> None:
    own = (Transition(state="0,0", action="up", next="0,1"), Transition(state="2,2", action="up", next="0,0"))
    world = GridWorld(map=("SG.", "...", "..."), transitions=own, slips={"0,0": 0.2}, fences={"0,0 right": "wall", "0,1 right": "wall"})
    moved = grid_edits.moved(world, Region(0, 0, 1, 2), 1, 0)
    assert moved.map == ("...", "SG.", "...") and moved.slips == {"1,0": 0.2}
    assert moved.fences == {"1,0 right": "wall", "1,1 right": "wall"}
    assert sorted((row.state, row.next) for row in moved.transitions) == [("1,0", "1,1"), ("2,2", "1,0")]


def test_fences_at_the_edge_go_with_the_region() -> None:
    room = {"0,1 down": "wall", "1,0 right": "right", "1,1 right": "wall", "1,1 down": "up"}
    world = GridWorld(map=(".....", ".G...", "....."), fences=room)
    cell = Region(1, 1, 1, 1)
    assert grid_edits.moved(world, cell, 1, 3).fences == {"0,3 down": "wall", "1,2 right": "right", "1,3 right": "wall", "1,3 down": "up"}
    assert grid_edits.moved(grid_edits.moved(world, cell, 1, 3), Region(1, 3, 1, 1), 1, 1) == world
    copied = grid_edits.pasted(world, clipped(world, cell), 1, 3)
    assert copied.fences == room | {"0,3 down": "wall", "1,2 right": "right", "1,3 right": "wall", "1,3 down": "up"}
    assert grid_edits.mirrored(world, cell).fences == room | {"1,0 right": "wall", "1,1 right": "left"}
    assert grid_edits.flipped(world, cell).fences == room | {"0,1 down": "down", "1,1 down": "wall"}
    assert grid_edits.rotated(world, cell).fences == {"1,1 right": "wall", "0,1 down": "down", "1,1 down": "wall", "1,0 right": "right"}
    assert grid_edits.moved(world, cell, 0, 4).fences == {"0,3 right": "right", "0,4 down": "up"}


def test_a_fence_stays_where_its_mirror_image_would_be_at_the_edge_of_the_map() -> None:
    world = GridWorld(map=("S.G",), fences={"0,1 right": "right"})
    mirrored = grid_edits.mirrored(world, Region(0, 0, 1, 2))
    assert mirrored.map == (".SG",) and mirrored.fences == world.fences


def test_what_is_pasted_leaves_the_fences_beside_it_and_actions_that_are_not_there() -> None:
    world = GridWorld(map=("...",), fences={"0,0 right": "wall"})
    own = Transition(state="0,0", action="up right", next="0,0"), Transition(state="0,0", action="up", next="0,0")
    pasted = grid_edits.pasted(world, Clip(("G",), {}, own), 0, 1)
    assert pasted.fences == world.fences and [row.action for row in pasted.transitions] == ["up"]
    pasted.compile()


def test_a_pasted_portal_gets_a_free_number() -> None:
    world = GridWorld(map=("11..", "...."))
    assert grid_edits.pasted(world, clipped(world, Region(0, 0, 1, 2)), 1, 0).map == ("11..", "22..")
    assert grid_edits.pasted(world, Clip(("1",), {}), 1, 0).map == ("11..", "2...")
    alone = GridWorld(map=("1...",))
    assert grid_edits.pasted(alone, clipped(alone, Region(0, 0, 1, 1)), 0, 2).map == ("1.1.",)


def test_what_is_pasted_beyond_the_edge_is_cut() -> None:
    clip = clipped(RICH, grid_edits.everything(RICH))
    assert grid_edits.pasted(GridWorld(map=("...", "...")), clip, 1, 2).map == ("...", "..S")
    assert grid_edits.pasted(GridWorld(map=("...", "...")), clip, -1, -1).map == ("~G.", ".A1")
    world = GridWorld(map=("...",))
    assert grid_edits.pasted(world, clip, 5, 5) is world
    with pytest.raises(WorldError, match="nothing but walls"):
        grid_edits.pasted(GridWorld(map=("..",)), Clip(("##",), {}), 0, 0)


def test_a_cleared_region_is_floor_and_nothing_is_said_of_it() -> None:
    world = grid_edits.cleared(RICH, grid_edits.everything(RICH))
    assert world == GridWorld(map=("....",) * 3)
    one = grid_edits.cleared(RICH, Region(0, 3, 1, 1))
    assert one == RICH.model_copy(update={"fences": {"0,0 right": "right", "1,0 down": "up"}})


def test_another_size_is_anchored_where_it_is_wanted() -> None:
    world = GridWorld(map=("S.", ".G"), rewards={"1,1": 5.0})
    assert grid_edits.resized(world, 3, 3).map == ("S..", ".G.", "...")
    centred = grid_edits.resized(world, 4, 4, 1, 1)
    assert centred.map == ("....", ".S..", "..G.", "....") and centred.rewards == {"2,2": 5.0}
    assert grid_edits.resized(world, 1, 1).map == ("S",) and grid_edits.resized(world, 1, 1, -1, -1).map == ("G",)
    with pytest.raises(WorldError, match="nothing but walls"):
        grid_edits.resized(GridWorld(map=("#.",)), 1, 1)


def test_outcomes_go_together_where_one_of_them_led_to_what_is_no_more() -> None:
    half = [Transition(state="0,0", action="up", next=there, probability=0.5) for there in ("0,1", "0,2")]
    world = GridWorld(map=("...", "..."), transitions=(*half, Transition(state="0,0", action="down", next="0,1")))
    assert [row.action for row in world.painted([(0, 2)], Cell.wall).transitions] == ["down"]
    assert [row.action for row in grid_edits.resized(world, 2, 2).transitions] == ["down"]
    assert grid_edits.resized(world, 2, 2).compile().states == 4


@st.composite
def regions(draw: st.DrawFn, world: GridWorld) -> Region:
    rows, columns = st.integers(0, world.rows - 1), st.integers(0, world.columns - 1)
    return Region.between((draw(rows), draw(columns)), (draw(rows), draw(columns)))


def own(draw: st.DrawFn, world: GridWorld) -> GridWorld:
    """With transitions of its own between cells that are no walls."""
    free = [f"{row},{column}" for row, line in enumerate(world.map) for column, sign in enumerate(line) if sign != "#"]
    cells = st.sampled_from(free)
    rows = draw(st.lists(st.builds(Transition, state=cells, action=st.sampled_from(world.actions), next=cells), max_size=3))
    return world.model_copy(update={"transitions": tuple({(row.state, row.action): row for row in rows}.values())})


def alike(one: GridWorld, other: GridWorld) -> bool:
    """Equal but for the order of own transitions."""
    same = {(row.state, row.action): row for row in one.transitions} == {(row.state, row.action): row for row in other.transitions}
    return same and one.model_copy(update={"transitions": ()}) == other.model_copy(update={"transitions": ()})


@settings(deadline=None)
@given(worlds(), st.data())
def test_turning_back_is_turning_nothing(world: GridWorld, data: st.DataObject) -> None:
    world = own(data.draw, world)
    region = data.draw(regions(world))
    whole = grid_edits.everything(world)
    assert alike(grid_edits.mirrored(grid_edits.mirrored(world, region), region), world)
    assert alike(grid_edits.flipped(grid_edits.flipped(world, region), region), world)
    turned = world
    for _ in range(4):
        turned = grid_edits.rotated(turned, grid_edits.everything(turned))
    assert alike(turned, world)
    clip = clipped(world, region)
    assert clip.rotated().rotated() == clip.mirrored().flipped() and clip.rotated().rotated().rotated().rotated() == clip
    assert grid_edits.pasted(world, clip, region.top, region.left) == world
    assert alike(grid_edits.moved(world, region, region.top, region.left), world)
    assert grid_edits.pasted(grid_edits.cleared(world, whole), clipped(world, whole), 0, 0).map == world.map


@settings(deadline=None)
@given(worlds(), st.data())
def test_a_larger_size_and_back_keeps_everything(world: GridWorld, data: st.DataObject) -> None:
    world = own(data.draw, world)
    down, right, below, beside = (data.draw(st.integers(0, 3)) for _ in range(4))
    larger = grid_edits.resized(world, world.rows + down + below, world.columns + right + beside, down, right)
    assert parse(dump(larger), "file") == larger
    assert alike(grid_edits.resized(larger, world.rows, world.columns, -down, -right), world)


@settings(deadline=None)
@given(worlds(), worlds(), st.integers(-3, 4), st.integers(-3, 5), st.data())
def test_every_edit_leaves_a_world_that_can_be_saved_and_opened(
    world: GridWorld, other: GridWorld, row: int, column: int, data: st.DataObject
) -> None:
    world = own(data.draw, world)
    region = data.draw(regions(world))
    clip = clipped(other, grid_edits.everything(other))
    before = dump(world)
    for edit in (
        lambda: grid_edits.pasted(world, clip, row, column),
        lambda: grid_edits.moved(world, region, row, column),
        lambda: grid_edits.rotated(world, region),
        lambda: grid_edits.mirrored(world, region),
        lambda: grid_edits.cleared(world, region),
        lambda: grid_edits.resized(world, 3, 3, row, column),
    ):
        try:
            edited = edit()
        except WorldError as error:
            assert "nothing but walls" in error.what or "does not fit" in error.what
            continue
        assert parse(dump(edited), "file") == edited
        assert GridWorld.model_validate(edited.model_dump()) == edited
    assert dump(world) == before
