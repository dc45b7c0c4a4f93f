"""Coordinates and pictures of a grid's states, by hand."""

import numpy as np

from core.worlds.grid import GridWorld
from core.worlds.grid_features import coordinate_count, coordinates, plane_names, planes
from core.worlds.library import library_world
from core.worlds.size import size_of

SMALL = GridWorld(title="Small", map=("S.#", "~.G"))
LOCKED = GridWorld(title="Locked", map=("SaAG",))


def test_coordinates_go_from_minus_1_to_1_along_each_side() -> None:
    assert coordinates(SMALL).tolist() == [[-1, -1], [-1, 0], [1, -1], [1, 0], [1, 1]]
    assert coordinates(GridWorld(title="Row", map=("S.G",))).tolist() == [[-1, -1], [-1, 0], [-1, 1]]


def test_keys_are_coordinates_too() -> None:
    grid = LOCKED.compiled
    held = dict(zip(grid.held, grid.layers[:, 0, 1], strict=True))
    rows = coordinates(LOCKED)
    assert coordinate_count(LOCKED) == rows.shape[1] == 3
    assert rows[held["a"]].tolist() == np.array([-1, -1 / 3, 1], np.float32).tolist()
    assert rows[grid.layers[0, 0, 0], 2] == -1


def test_a_plane_for_every_kind_of_cell_that_makes_a_difference() -> None:
    assert plane_names(SMALL) == ("agent", "wall", "goal", "ice")
    found = planes(SMALL)
    assert found.still.reshape(4, 2, 3).tolist() == [
        [[0, 0, 0], [0, 0, 0]], [[0, 0, 1], [0, 0, 0]], [[0, 0, 0], [0, 0, 1]], [[0, 0, 0], [1, 0, 0]],
    ]  # fmt: skip
    assert found.place.tolist() == [0, 1, 3, 4, 5] and not found.gone.any()


def test_a_key_that_is_held_and_the_door_that_it_opens_are_gone() -> None:
    assert plane_names(LOCKED) == ("agent", "goal", "key_a", "door_a")
    grid, found = LOCKED.compiled, planes(LOCKED)
    for names, state in ((names, state) for layer, names in enumerate(grid.held) for state in np.flatnonzero(grid.layer_of_state == layer)):
        assert found.gone[state].tolist() == [False, False, "a" in names, "a" in names]


def test_the_size_of_a_world_tells_both_before_anything_is_compiled() -> None:
    for world in (SMALL, LOCKED):
        size = size_of(world)
        assert size is not None
        assert (size.observation, size.coordinates) == coordinates(world).shape
        assert size.picture == (len(plane_names(world)), world.rows, world.columns)
    table = size_of(library_world("mdp/three-state"))
    assert table is not None and (table.coordinates, table.picture) == (0, None)
