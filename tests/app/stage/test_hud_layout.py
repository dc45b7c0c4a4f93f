"""Every number beside an environment's picture has room, where text is large and the stage low as well."""

import numpy as np
import pytest

from app.stage.hud import POINTS, blocks, heights, major, needed
from app.stage.hud_layout import LEAST, MARGIN, READABLE, Layout, lay_out
from app.viewing.frames import ViewerFrame
from core.worlds.gym import GymWorld
from core.worlds.library import library_world

LOW, HIGH = (6.0, 6.0, 590.0, 192.0), (16.0, 16.0, 1050.0, 415.0)
"""The stage in a window of 1280x720 and 1920x1080 at a text size of 1.5."""
WORLDS = {"CartPole-v1": (4, 1.5), "LunarLander-v3": (8, 1.5), "MountainCar-v0": (2, 1.5), "Acrobot-v1": (6, 1.0), "Taxi-v4": (500, 1.57)}
"""Numbers of an observation, and the shape of the picture."""


def laid(name: str, place: tuple[float, float, float, float], scale: float) -> tuple[Layout, tuple[float, ...]]:
    """The layout of a world's picture and numbers, and how high the blocks that it shows are."""
    world = library_world(f"gym:{name}")
    assert isinstance(world, GymWorld)
    size, aspect = WORLDS[name]
    seen = np.eye(size, dtype=np.float32)[0] if world.finite else np.full(size, 0.5, np.float32)
    parts = blocks(ViewerFrame(None, seen, np.zeros(len(world.actions)), 0, 0.0, 0.0, 1, False), world)
    layout = lay_out(place, aspect, heights(parts), heights(major(parts)), scale)
    return layout, heights(parts if layout.whole else major(parts))


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(("place", "scale"), [(LOW, 1.5), (HIGH, 1.5), ((8.0, 8.0, 780.0, 290.0), 1.0), ((8.0, 8.0, 400.0, 500.0), 1.0)])
def test_every_line_has_room_in_readable_text(name: str, place: tuple[float, float, float, float], scale: float) -> None:
    layout, high = laid(name, place, scale)
    assert layout.lacking == 0
    assert POINTS * scale * layout.shrink >= READABLE
    assert layout.picture.width() >= LEAST.width() and layout.picture.height() >= LEAST.height()
    assert not layout.picture.intersects(layout.panel)
    first = 0
    for room, count in zip(layout.rooms, layout.columns, strict=True):
        assert needed(high[first : first + count], scale * layout.shrink) <= room.height() + 1e-6
        first += count
    assert first == 3


def test_with_room_nothing_shrinks_and_the_picture_is_as_large_as_it_can_be() -> None:
    layout, _ = laid("CartPole-v1", (16.0, 16.0, 1300.0, 600.0), 1.0)
    assert layout.whole and layout.shrink == 1.0 and layout.columns == (3,)
    assert layout.area == pytest.approx(900 * 600)


def test_minor_lines_go_for_larger_text() -> None:
    layout, _ = laid("LunarLander-v3", HIGH, 1.5)
    assert not layout.whole and layout.columns == (3,) and layout.shrink > 0.65
    assert layout.area > 0.9 * 1.5 * 415 * 415


def test_where_nothing_fits_as_much_as_can_be_is_shown() -> None:
    layout, _ = laid("LunarLander-v3", (4.0, 4.0, 300.0, 110.0), 1.0)
    assert layout.lacking > 0 and layout.panel.height() > 2 * MARGIN[1]
    assert lay_out((0.0, 0.0, 300.0, 110.0), 1.5, (), (), 1.0).columns == ()
