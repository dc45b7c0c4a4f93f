"""Writing, then reading, gives the same table of transitions, over random worlds and within what a format can say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.formats.format import Format
from core.formats.registry import format_named, formats, read_data, written
from core.worlds.grid import GridWorld
from core.worlds.table import TableWorld
from core.worlds.world import World
from tests.core.formats.worlds import grids, same, tables, values


def again(world: World, name: str) -> World:
    format = format_named(name)
    return read_data(written(world, "x", format), "x", format).world


@given(st.one_of(tables(), grids(plain=False)))
def test_our_own_files_say_everything(world: World) -> None:
    assert again(world, "world") == world


@given(tables(ends=True, gaps=True, shared=True))
@pytest.mark.parametrize("name", ["gymnasium-json", "gymnasium-python"])
def test_gymnasiums_dictionary_keeps_all_outcomes(name: str, world: TableWorld) -> None:
    lost = format_named(name).loses(world)
    if not any("terminal one" in line or "last" in line for line in lost):
        same(world.compile(), again(world, name).compile(), names=False, rules=False)


@given(tables(numbered=True, ruled=False))
def test_gymnasiums_dictionary_loses_what_it_says_and_nothing_else(world: TableWorld) -> None:
    if not format_named("gymnasium-json").loses(world):
        same(world.compile(), again(world, "gymnasium-json").compile())


@given(tables(ends=False, shared=False))
def test_arrays_keep_names_rules_and_what_is_available(world: TableWorld) -> None:
    if not format_named("arrays").loses(world):
        same(world.compile(), again(world, "arrays").compile())


@given(tables(ends=False, gaps=False, shared=False, numbered=True))
def test_cassandras_files_keep_discount_and_start(world: TableWorld) -> None:
    if not [line for line in format_named("mdp").loses(world) if "limit" not in line]:
        first, second = world.compile(), again(world.model_copy(update={"step_limit": 1000}), "mdp").compile()
        same(first, second, rules=False)
        assert second.start.tolist() == pytest.approx(first.start.tolist()) and second.discount == first.discount


@given(tables())
@pytest.mark.parametrize("name", ["gymnasium-json", "arrays", "mdp"])
def test_values_stay_whatever_is_lost(name: str, world: TableWorld) -> None:
    known, found = values(world.compile()), list(values(again(world, name).compile()).values())
    assert found[: len(known)] == pytest.approx(list(known.values()), rel=1e-9, abs=1e-9)


@given(grids())
def test_a_map_of_signs_keeps_every_cell(world: GridWorld) -> None:
    assert format_named("map").loses(world) == []
    assert again(world, "map") == world


@given(grids(signs="S.TG"))
def test_frozen_lakes_come_back(world: GridWorld) -> None:
    lake = world.model_copy(update={"slip": 1 / 3, "trap_reward": 0.0, "step_limit": 100})
    if not format_named("frozen-lake").loses(lake):
        assert again(lake, "frozen-lake") == lake


@settings(max_examples=30)
@given(st.one_of(tables(), grids(plain=False)))
def test_nothing_that_is_not_said_is_lost(world: World) -> None:
    """The contract of `loses`: where it says nothing, the table of transitions is the same."""
    kept: list[Format] = [format for format in formats().values() if format.read and format.can_write(world) and not format.loses(world)]
    assert format_named("world") in kept
    for format in kept:
        same(world.compile(), again(world, format.name).compile())
