"""Rows of any finite world, and edits of many at once."""

import numpy as np
import pytest

from core.errors import WorldError
from core.worlds.as_table import as_table
from core.worlds.grid import GridWorld
from core.worlds.library import library_world, names, open_world
from core.worlds.rows import changed, normalised, rows_of
from core.worlds.table import TableWorld, Transition

TABLE = TableWorld(
    states=("s10", "s2", "end"),
    actions=("go", "stay"),
    transitions=(
        Transition(state="s10", action="go", next="s2", probability=0.25, reward=2),
        Transition(state="s10", action="go", next="s10", probability=0.25),
        Transition(state="s2", action="go", next="end"),
    ),
)
GRID = GridWorld(map=("S.G",), slip=0.0)


def row(state: str, action: str, following: str, probability: float = 1.0, reward: float = 0.0) -> Transition:
    return Transition(state=state, action=action, next=following, probability=probability, reward=reward)


def test_sums_are_those_of_the_pair() -> None:
    rows = rows_of(TABLE, None)
    assert rows.sums.tolist() == [0.5, 0.5, 1.0]
    assert rows.wrong.tolist() == [True, True, False]
    assert rows.over.tolist() == [False, False, True]


def test_sums_do_not_depend_on_the_order_of_rows() -> None:
    mixed = TABLE.model_copy(update={"transitions": (TABLE.transitions[0], TABLE.transitions[2], TABLE.transitions[1])})
    assert rows_of(mixed, None).sums.tolist() == [0.5, 1.0, 0.5]
    assert rows_of(TABLE.model_copy(update={"transitions": ()}), None).sums.tolist() == []


def test_names_come_in_their_natural_order() -> None:
    assert rows_of(TABLE, None).state_rank.tolist() == [2, 1, 0]


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("gym:")])
def test_rows_of_every_world_are_those_of_its_table(name: str) -> None:
    world = open_world(name)
    table = as_table(world, world.compile())
    rows = rows_of(world, world.compile())
    assert [rows[number] for number in range(len(rows))] == list(table.transitions)


def test_one_edit_takes_out_changes_and_adds() -> None:
    world = changed(TABLE, rows_of(TABLE, None), {0: None, 1: row("s10", "go", "end")}, [row("s10", "stay", "new"), row("s2", "up", "s2")])
    assert world.states == ("s10", "s2", "end", "new")
    assert world.actions == ("go", "stay", "up")
    assert world.transitions == (row("s10", "go", "end"), row("s10", "stay", "new"), row("s2", "go", "end"), row("s2", "up", "s2"))


def test_normalising_leaves_pairs_that_add_up_as_they_are() -> None:
    world = normalised(TABLE, rows_of(TABLE, None), [0, 2])
    assert [each.probability for each in world.transitions] == [0.5, 0.5, 1.0]
    assert world.transitions[2] is TABLE.transitions[2]


def test_edited_rows_become_the_grids_own_and_go_back_to_its_rules() -> None:
    rows = rows_of(GRID, GRID.compile())
    number = next(n for n in range(len(rows)) if rows.pair_names(n) == ("0,0", "right"))
    edited = changed(GRID, rows, {number: row("0,0", "right", "0,0", 0.5)})
    assert edited.transitions == (row("0,0", "right", "0,0", 0.5),)
    half = rows_of(edited, None)
    assert len(half) == len(rows)
    assert np.flatnonzero(half.wrong).tolist() == [number]
    assert rows_of(normalised(edited, half, [number]), None).sums.tolist() == [1.0] * len(rows)
    assert changed(edited, half, {number: None}) == GRID


def test_a_row_may_move_to_another_action_of_a_grid() -> None:
    rows = rows_of(GRID, GRID.compile())
    number = next(n for n in range(len(rows)) if rows.pair_names(n) == ("0,0", "right"))
    edited = changed(GRID, rows, {number: row("0,0", "up", "0,1", 0.5)})
    assert edited.transitions == (row("0,0", "up", "0,0"), row("0,0", "up", "0,1", 0.5))


def test_a_grid_has_the_states_that_it_has() -> None:
    rows = rows_of(GRID, GRID.compile())
    with pytest.raises(WorldError, match=r"there is no state '7,7'\. Make the grid a table"):
        changed(GRID, rows, {}, [row("0,0", "up", "7,7")])
    with pytest.raises(WorldError, match="there is no action 'jump'"):
        changed(GRID, rows, {}, [row("0,0", "jump", "0,0")])


def test_what_a_program_makes_cannot_be_changed() -> None:
    world = library_world("mdp/gambler-100")
    with pytest.raises(WorldError, match="made by a program"):
        changed(world, rows_of(world, world.compile()), {0: None})


def test_a_table_remembers_what_it_compiles_to() -> None:
    table = library_world("mdp/three-state")
    assert table.compile() is table.compile()
    assert table.model_copy(update={"discount": 0.5}).compile().discount == 0.5


def test_the_same_outcomes_are_found_whatever_they_earn() -> None:
    rows = rows_of(TABLE, None)
    assert rows.same([row("s2", "go", "end", 0.5, 9), row("s10", "go", "end"), row("s10", "go", "s10"), row("s2", "fly", "moon")]) == [1, 2]
