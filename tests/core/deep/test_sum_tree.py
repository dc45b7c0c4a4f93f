"""Sum trees: parents are the sums of their children, and places are found as by adding up priorities one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.deep.engine.sum_tree import Floats, build, find, put


def check_sums(tree: Floats) -> None:
    inner = np.arange(1, len(tree) // 2)
    assert np.array_equal(tree[inner], tree[2 * inner] + tree[2 * inner + 1])


def order(tree: Floats) -> list[int]:
    """Places from left to right."""
    places = len(tree) // 2
    waiting, found = [1], []
    while waiting:
        node = waiting.pop()
        if node >= places:
            found.append(node - places)
        else:
            waiting += [2 * node + 1, 2 * node]
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.lists(st.tuples(st.integers(0, 39), st.floats(0.0, 1e6)), max_size=60))
def test_parents_are_sums_to_the_bit_after_any_updates(places: int, updates: list[tuple[int, float]]) -> None:
    tree = np.zeros(2 * places)
    for place, priority in updates:
        put(tree, place % places, priority)
    check_sums(tree)
    again = np.zeros((1, 2 * places))
    again[0, places:] = tree[places:]
    build(again)
    assert np.array_equal(again[0, 1:], tree[1:])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_places_are_found_as_by_adding_up(priorities: list[int]) -> None:
    tree = np.zeros(2 * len(priorities))
    for place, priority in enumerate(priorities):
        put(tree, place, priority)
    expected = [place for place in order(tree) for _ in range(priorities[place])]
    places = np.zeros(2 * len(expected), np.int64)
    find(tree, np.arange(2 * len(expected)) / 2, places)
    assert places.tolist() == np.repeat(expected, 2).tolist()


@pytest.mark.parametrize("places", [1, 2, 3, 7, 8, 1000])
def test_a_place_without_priority_is_never_found(places: int) -> None:
    random = np.random.default_rng(places)
    tree = np.zeros(2 * places)
    alive = random.permutation(places)[: max(1, places // 3)]
    for place in alive:
        put(tree, place, float(random.random()) * 10.0 ** random.integers(-12, 12))
    masses = np.append(random.random(500), [0.0, 1.0, np.nextafter(1.0, 0.0)]) * tree[1]
    found = np.zeros(len(masses), np.int64)
    find(tree, masses, found)
    assert set(found.tolist()) <= set(alive.tolist())


def test_many_updates_leave_no_drift() -> None:
    random = np.random.default_rng(1)
    tree = np.zeros(2 * 50)
    for place, priority in zip(random.integers(0, 50, 100_000).tolist(), (10.0 ** random.uniform(-9, 9, 100_000)).tolist(), strict=True):
        put(tree, place, priority)
    for place in range(50):
        put(tree, place, 0.125)
    assert tree[1] == 50 * 0.125
