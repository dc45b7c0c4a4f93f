"""Many transitions as columns are the same as one by one: read, compared, written, edited and compiled."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import WorldError
from core.worlds import transition
from core.worlds.generated import made
from core.worlds.library import library_world
from core.worlds.rows import changed, rows_of
from core.worlds.table import TableWorld, Transition
from core.worlds.table_edits import renamed_state, table_of, with_state, without_state
from core.worlds.transition import Columns
from core.worlds.world import compact, dump, parse

NAMES = ("a", "b", "c", "d")
ROWS = st.builds(
    Transition, state=st.sampled_from(NAMES), action=st.sampled_from(["go", "stay"]), next=st.sampled_from(NAMES),
    probability=st.sampled_from([0.25, 0.5, 1.0]), reward=st.sampled_from([0.0, -1.0, 2.5]), ends=st.booleans(),
)  # fmt: skip


def both(rows: tuple[Transition, ...]) -> tuple[TableWorld, TableWorld]:
    """A table of rows, and the same of columns."""
    world = TableWorld(states=NAMES, actions=("go", "stay"), transitions=rows)
    return world, world.model_copy(update={"transitions": Columns.of(rows)})


@given(st.lists(ROWS, min_size=1, max_size=8), st.data())
def test_columns_are_a_sequence_of_the_rows(rows: list[Transition], data: st.DataObject) -> None:
    columns = Columns.of(rows)
    assert list(columns) == rows and columns == tuple(rows) and tuple(rows) == columns and columns[1:3] == tuple(rows[1:3])
    assert columns == Columns.of(rows, states=("z", *NAMES)) and columns != Columns.of(rows[:-1])
    place = data.draw(st.integers(0, len(rows) - 1))
    other = [*rows[:place], rows[place].model_copy(update={"reward": 9.0}), *rows[place + 1 :]]
    assert columns != Columns.of(other) and columns != tuple(other)
    assert columns.named(("z",), ("go",)) is None


@given(st.lists(ROWS, min_size=1, max_size=8))
def test_a_world_of_columns_is_written_and_read_as_any_other(rows: list[Transition]) -> None:
    plain, packed = both(tuple(rows))
    assert packed == plain and dump(packed) == dump(plain)
    assert json.loads(compact(packed)) == json.loads(compact(plain)) and parse(dump(packed), "") == packed
    assert packed.model_dump() == plain.model_dump()


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8), st.data())
def test_an_edit_of_columns_does_what_an_edit_of_rows_does(rows: list[Transition], data: st.DataObject) -> None:
    plain, packed = both(tuple(rows))
    new = ROWS | st.builds(Transition, state=st.just("new"), action=st.just("leap"), next=st.sampled_from(NAMES))
    changes = data.draw(st.dictionaries(st.integers(0, len(rows) - 1), st.none() | new, max_size=4))
    added = data.draw(st.lists(new, max_size=3))
    before = dump(packed)
    one, other = (changed(world, rows_of(world, None), changes, added) for world in (plain, packed))
    assert isinstance(other.transitions, Columns) and not isinstance(one.transitions, Columns)
    assert one == other and dump(one) == dump(other) and dump(packed) == before
    for edit in (
        lambda world: renamed_state(world, "a", "z"),
        lambda world: with_state(world, "y"),
        lambda world: without_state(world, "b"),
    ):
        assert edit(one) == edit(other)


def test_what_an_edit_leaves_alone_is_shared() -> None:
    _, world = both((Transition(state="a", action="go", next="b"), Transition(state="b", action="go", next="a")))
    edited = changed(world, rows_of(world, None), {0: world.transitions[0].model_copy(update={"reward": 5.0})})
    assert edited.transitions.reward.tolist() == [5.0, 0.0] and edited.transitions.probability is world.transitions.probability


def test_many_rows_become_columns_and_compile_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transition, "MANY", 3)
    for name in ("mdp/three-state", "grid/lecture-3x4"):
        mdp = library_world(name).compile()
        world = table_of(mdp)
        packed = parse(dump(world), name)
        assert isinstance(packed.transitions, Columns) and packed == world
        for field in ("next_state", "probability", "reward", "terminated", "state_offsets", "outcome_offsets"):
            assert np.array_equal(getattr(packed.compile(), field), getattr(mdp, field))


def test_a_large_table_is_made_of_columns() -> None:
    world = table_of(made("make:garnet?states=1000&actions=3&branching=2").compile())
    assert isinstance(world.transitions, Columns) and len(world.transitions) == 6000
    again = parse(dump(world), "")
    assert again == world and isinstance(again.transitions, Columns)


def test_columns_that_name_what_is_not_listed_are_refused() -> None:
    columns = Columns.of([Transition(state="a", action="go", next="bb")])
    with pytest.raises(ValueError, match=r"transitions\.0\.next names 'bb', which is not listed"):
        TableWorld(states=("a", "b"), actions=("go",), transitions=columns)
    with pytest.raises(WorldError):
        TableWorld(
            states=("a", "b"), actions=("go",), transitions=Columns.of([Transition(state="a", action="go", next="b", probability=0.5)])
        ).compile()
