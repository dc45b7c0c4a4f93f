"""The ground shows what each cell is and what is said of it; an edit paints what a picture painted anew would show."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.stage.ground import Ground, changes
from app.stage.hit import Placement
from app.stage.marks import signed
from app.theme import theme
from core.errors import WorldError
from core.worlds.grid import Cell, GridWorld
from core.worlds.grid_edits import resized
from tests.core.worlds.grids import worlds


@pytest.fixture(params=["light", "dark"])
def mode(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    theme.use(request.param)
    yield request.param
    theme.use("light")


def place_of(world: GridWorld, cell: float) -> Placement:
    return Placement(world.rows, world.columns, cell, 3.0, 2.0)


def shown(ground: Ground, world: GridWorld, cell: float) -> QImage:
    width, height = round(cell * world.columns) + 8, round(cell * world.rows) + 8
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(theme.colour("cell"))
    painter = QPainter(image)
    ground.draw(painter, world, place_of(world, cell), width, height, 1.0)
    painter.end()
    return image


def picture(world: GridWorld, cell: float) -> QImage:
    return shown(Ground(), world, cell)


def grey(image: QImage) -> QImage:
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize("cell", ["0,0", "0,1", "0,2", "0,3"])
def test_a_reward_of_its_own_is_written_where_there_is_room(qapp: QApplication, cell: str) -> None:
    plain = GridWorld(map=("S.TG",))
    own = plain.model_copy(update={"rewards": {cell: 7.0}})
    assert picture(own, 60) != picture(plain, 60)
    assert picture(own, 60) == picture(own, 60)
    assert picture(own, 12) == picture(plain, 12)


@pytest.mark.parametrize("size", [18, 40, 90])
def test_every_kind_of_cell_can_be_told_from_every_other_without_colour(mode: str, size: int) -> None:
    pictures = [grey(picture(GridWorld(map=(f".{cell}",)), size)) for cell in Cell]
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


@pytest.mark.parametrize("size", [3, 6, 9, 12])
def test_in_small_cells_families_differ(mode: str, size: int) -> None:
    families = {cell.family: picture(GridWorld(map=(f".{cell}",)), size) for cell in Cell}
    assert all(one != other for place, one in enumerate(families.values()) for other in list(families.values())[:place])


@pytest.mark.parametrize("size", [16, 60])
def test_what_is_said_of_a_cell_is_marked(mode: str, size: int) -> None:
    plain = GridWorld(map=("...", "..."))
    fields = [("rewards", "0,1", 1.0), ("rewards", "0,1", -1.0), ("slips", "0,1", 0.2), ("winds", "0,1", "up 1"),
              ("winds", "0,1", "left 1"),
              ("fences", "0,1 right", "wall"), ("fences", "0,1 right", "left"), ("fences", "0,1 right", "right"),
              ("fences", "0,1 down", "wall")]  # fmt: skip
    said = [plain.model_copy(update={field: {name: value}}) for field, name, value in fields]
    pictures = [grey(picture(world, size)) for world in (plain, *said)]
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


def test_numbers_are_written_in_large_cells(mode: str) -> None:
    plain = GridWorld(map=("S.",))
    for field, one, other in (("slips", 0.1, 0.2), ("winds", "up 1", "up 2"), ("starts", 2.0, 3.0), ("rewards", 1.0, 2.0)):
        first, second = (picture(plain.model_copy(update={field: {"0,0": value}}), 60) for value in (one, other))
        assert first != second, field


def test_a_wall_fence_is_thicker_than_a_one_way(qapp: QApplication) -> None:
    dark = []
    for passing in ("wall", "right"):
        image = grey(picture(GridWorld(map=("..",), fences={"0,0 right": passing}), 60))
        row = 2 + 6
        dark.append(sum(image.pixelColor(x, row).lightness() < 128 for x in range(image.width())))
    assert dark[0] > dark[1] >= 2


def test_a_one_way_fence_points_where_it_may_be_crossed(qapp: QApplication) -> None:
    """Ink near the tip of the arrow lies on the side that it leads to."""
    for passing, across in (("right", 1), ("left", -1)):
        image = grey(picture(GridWorld(map=("..",), fences={"0,0 right": passing}), 60))
        middle = 3 + 60
        there = [image.pixelColor(middle + across * x, 2 + 30).lightness() < 128 for x in range(1, 6)]
        back = [image.pixelColor(middle + across * x, 2 + 30 + 8).lightness() < 128 for x in range(4, 8)]
        assert all(there) and not any(back), passing


def test_changes_name_the_cells_that_look_different() -> None:
    world = GridWorld(map=("S..", "..G"), slips={"1,1": 0.1})
    assert changes(world, world.painted([(0, 1)], Cell.wall)) == {(0, 1)}
    assert changes(world, world.model_copy(update={"slips": {"1,0": 0.1}})) == {(1, 0), (1, 1)}
    assert changes(world, world.model_copy(update={"fences": {"0,1 right": "wall"}})) == {(0, 1), (0, 2)}
    assert changes(world, world.model_copy(update={"goal_reward": 5.0})) is None
    assert changes(world, world.model_copy(update={"discount": 0.5})) == set()
    assert changes(world, GridWorld(map=("S..",))) is None


@settings(deadline=None, max_examples=40)
@given(worlds(), worlds(), st.sampled_from([4.5, 7, 10, 20, 40.5]))
def test_an_edit_paints_what_a_picture_painted_anew_shows(qapp: QApplication, old: GridWorld, new: GridWorld, size: float) -> None:
    rows, columns = min(old.rows, new.rows), min(old.columns, new.columns)
    try:
        old, new = resized(old, rows, columns), resized(new, rows, columns)
    except WorldError:
        return
    rules = {rule: getattr(old, rule) for rule in ("goal_reward", "trap_reward", "traps_end", "traps_lead_back")}
    new = new.model_copy(update=rules)
    ground = Ground()
    shown(ground, old, size)
    assert ground.follow(new) is not None
    assert shown(ground, new, size) == picture(new, size)


@pytest.mark.parametrize(("reward", "written"), [(1.0, "+1"), (-0.5, "−0.5"), (0.0, "0"), (-0.0, "0")])
def test_rewards_have_a_sign_where_they_have_one(reward: float, written: str) -> None:
    assert signed(reward) == written
