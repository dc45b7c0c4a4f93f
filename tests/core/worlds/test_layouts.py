"""Layouts of tables: deterministic, every state at a place of its own, shapes as promised."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.worlds import alignment, layouts
from core.worlds.as_table import as_table
from core.worlds.library import library_world, names
from core.worlds.table import TableWorld, Transition


def table(states: int, arrows: list[tuple[int, int]], start: int | None = 0) -> TableWorld:
    rows = tuple(Transition(state=f"s{a}", action=f"a{n}", next=f"s{b}") for n, (a, b) in enumerate(arrows))
    begun = {} if start is None else {f"s{start}": 1.0}
    actions = tuple(row.action for row in rows) or ("a0",)
    return TableWorld(states=tuple(f"s{n}" for n in range(states)), actions=actions, transitions=rows, start=begun)


@st.composite
def tables(draw: st.DrawFn) -> TableWorld:
    states = draw(st.integers(1, 12))
    state = st.integers(0, states - 1)
    return table(states, draw(st.lists(st.tuples(state, state), max_size=20)), draw(st.none() | state))


def test_layouts_are_deterministic_and_keep_all_states_apart() -> None:
    @settings(deadline=None, max_examples=60)
    @given(tables())
    def hold(world: TableWorld) -> None:
        for layout in (*layouts.LAYOUTS.values(), layouts.automatic, layouts.complete):
            places = layout(world)
            assert tuple(places) == world.states and places == layout(world)
            points = np.array(list(places.values()))
            assert np.isfinite(points).all()
            apart = np.linalg.norm(points[:, None] - points[None], axis=2) + np.eye(len(points)) * 9
            assert apart.min() > 0.25

    hold()


def test_layers_are_the_distances_from_the_start() -> None:
    world = table(7, [(3, 1), (3, 2), (1, 0), (2, 0), (0, 4), (4, 3), (4, 0), (5, 6)], start=3)
    places = layouts.layered(world)
    assert {state: places[state][0] for state in world.states[:5]} == {"s3": 0, "s1": 1, "s2": 1, "s0": 2, "s4": 3}
    assert (places["s5"][0], places["s6"][0]) == (0, 1), "what cannot be reached has layers of its own"


def test_layers_are_ordered_so_that_arrows_do_not_cross() -> None:
    world = table(5, [(0, 1), (0, 2), (1, 4), (2, 3)])
    places = layouts.layered(world)
    assert (places["s1"][1] < places["s2"][1]) == (places["s4"][1] < places["s3"][1])


def test_a_circle_begins_at_its_top_and_goes_clockwise() -> None:
    places = layouts.circle(table(4, []))
    half = round(math.sqrt(0.5), 2)
    assert places == {"s0": (0, -half), "s1": (half, 0), "s2": (0, half), "s3": (-half, 0)}
    assert layouts.circle(table(1, [])) == {"s0": (0, 0)}


def test_chains_stand_in_rows_that_turn() -> None:
    short = layouts.automatic(table(3, [(0, 1), (1, 2), (2, 0), (1, 0)]))
    assert short == {"s0": (0, 0), "s1": (1, 0), "s2": (2, 0)}
    both = [arrow for n in range(20) for arrow in ((n, n + 1), (n + 1, n))]
    long = layouts.automatic(table(21, both, start=10))
    points = np.array([long[f"s{n}"] for n in range(21)])
    assert np.allclose(np.linalg.norm(np.diff(points, axis=0), axis=1), 1)
    assert points.max(axis=0).tolist() == [6, 2]


def test_springs_lie_level_and_neighbours_are_nearer_than_others() -> None:
    world = table(8, [(n, (n + 1) % 8) for n in range(8)])
    points = np.array(list(layouts.spring(world).values()))
    sides = np.linalg.norm(points - np.roll(points, 1, axis=0), axis=1)
    across = np.linalg.norm(points[:4] - points[4:], axis=1)
    assert sides.max() < across.min()
    assert np.ptp(points[:, 0]) >= np.ptp(points[:, 1]) - 0.05
    assert points[0, 0] <= points[:, 0].mean()


def test_places_that_are_known_stay_and_the_missing_ones_come_near_their_neighbours() -> None:
    world = table(4, [(0, 1), (1, 2)]).model_copy(update={"places": {"s0": (5.0, 5.0), "s1": (6.0, 5.0)}})
    places = layouts.complete(world)
    assert (places["s0"], places["s1"]) == ((5, 5), (6, 5))
    assert math.dist(places["s2"], places["s1"]) <= 1.3
    assert all(math.dist(places["s3"], places[other]) >= layouts.CLEAR - 0.02 for other in ("s0", "s1", "s2"))
    assert world.places == {"s0": (5.0, 5.0), "s1": (6.0, 5.0)}


def test_states_are_aligned_distributed_and_snapped() -> None:
    places = {"a": (0.1, 3.0), "b": (2.0, 1.1), "c": (1.0, 2.0)}
    assert alignment.aligned(places, 0) == {"a": (0.1, 3.0), "b": (0.1, 1.1), "c": (0.1, 2.0)}
    assert alignment.aligned(places, 1) == {"a": (0.1, 1.1), "b": (2.0, 1.1), "c": (1.0, 1.1)}
    spread = alignment.distributed({"a": (0, 0), "b": (4, 5), "c": (1, 7)}, 0)
    assert spread == {"a": (0, 0), "b": (4, 5), "c": (2, 7)}
    assert alignment.snapped(places) == {"a": (0, 3), "b": (2, 1), "c": (1, 2)}


@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("gym:")])
def test_every_finite_world_of_the_library_is_laid_out(name: str) -> None:
    world = library_world(name)
    shown = as_table(world, world.compile())
    places = layouts.complete(shown)
    assert tuple(places) == shown.states and len(set(places.values())) == len(places)
