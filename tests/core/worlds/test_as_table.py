"""Any finite world as a table: the same MDP, and edits that stay with the world."""

import numpy as np
import pytest

from core.errors import WorldError
from core.worlds.as_table import as_table, with_outcomes
from core.worlds.grid import Cell, GridWorld
from core.worlds.library import names, open_world
from core.worlds.mdp import FiniteMDP
from core.worlds.table import Transition

GRID = GridWorld(map=("S.", ".G"))


def arrays(mdp: FiniteMDP) -> list[np.ndarray]:
    return [mdp.state_offsets, mdp.pair_action, mdp.outcome_offsets, mdp.next_state, mdp.probability, mdp.reward, mdp.terminated, mdp.start]


@pytest.mark.parametrize("name", [name for name in names() if open_world(name).finite])
def test_a_library_world_as_a_table_is_the_same_mdp(name: str) -> None:
    world = open_world(name)
    mdp = world.compile()
    table = as_table(world, mdp)
    again = table.compile()
    assert all(np.array_equal(one, other) for one, other in zip(arrays(mdp), arrays(again), strict=True))
    assert (tuple(again.state_names), tuple(again.action_names)) == (tuple(mdp.state_names), tuple(mdp.action_names))
    assert (table.title, again.discount, again.step_limit) == (world.title, mdp.discount, mdp.step_limit)
    assert as_table(table, again) is table


def test_states_of_a_grid_are_drawn_on_their_cells() -> None:
    assert as_table(GRID, GRID.compile()).places == {"0,0": (0, 0), "0,1": (1, 0), "1,0": (0, 1), "1,1": (1, 1)}


def test_outcomes_of_a_grid_become_its_own() -> None:
    """Sutton and Barto (2018), example 3.5: whatever is done in A leads to A' and earns 10."""
    edited = with_outcomes(GRID, "0,1", "up", [Transition(state="0,1", action="up", next="1,0", reward=10)])
    mdp = edited.compile()
    pair = mdp.pair_of(1, 0)
    first = mdp.outcome_offsets[pair]
    assert (mdp.next_state[first], mdp.reward[first], mdp.outcome_offsets[pair + 1]) == (2, 10.0, first + 1)
    assert np.array_equal(mdp.next_state[:first], GRID.compile().next_state[:first])
    assert with_outcomes(edited, "0,1", "up", []) == GRID
    assert edited.painted([(1, 0)], Cell.wall).transitions == ()


def test_a_program_keeps_its_transitions() -> None:
    with pytest.raises(WorldError, match="made by a program"):
        with_outcomes(open_world("gym:FrozenLake-v1"), "0", "0", [])
