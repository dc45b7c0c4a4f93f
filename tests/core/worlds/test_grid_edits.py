"""An edited grid compiles to what it shows, whatever was compiled before the edit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.worlds.grid import Cell, GridWorld

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
