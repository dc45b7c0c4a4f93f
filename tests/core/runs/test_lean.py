"""States kept side by side: each is what it was to the bit, and what did not change between them is held once."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.learner import Budget
from core.runs import lean as module
from core.runs.keyframes import Keyframe, Keyframes
from core.runs.lean import Cut, lean, whole
from core.runs.reproduce import differences
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.library import open_world


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 999), st.sampled_from([0.0, -0.0, 1.5, np.nan])), max_size=4), max_size=6),
    st.sampled_from([0, 1, 7, 8, 100, 1000]),
)
def test_states_are_what_they_were_and_kept_ones_stay(writes: list[list[tuple[int, float]]], length: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", 64)
        patch.setattr(module, "PROBE", 256)
        patch.setattr(module, "SMALL", 64)
        live, before, held, kept = np.arange(length, dtype=float), None, None, []
        for changes in writes:
            for place, value in changes:
                if length:
                    live[place % length] = value
            state = {"table": live.copy(), "count": len(kept), "inner": {"bytes": np.array([len(kept)], np.uint8), "none": None}}
            held = lean(state, before, held)
            kept.append((held, state["table"].tobytes(), len(kept)))
            before = state
        for held, table, count in kept:
            found = whole(held)
            assert found["table"].tobytes() == table and found["table"].shape == (length,)
            assert found["count"] == count and found["inner"]["bytes"][0] == count and found["inner"]["none"] is None


def test_what_did_not_change_is_held_once() -> None:
    size = 4 * module.PIECE // 8
    first = {"target": np.zeros(size), "weights": np.zeros(size)}
    second = {"target": np.zeros(size), "weights": np.ones(size)}
    third = {"target": np.zeros(size), "weights": np.ones(size)}
    third["weights"][-1] = 2.0
    kept = Keyframes(2**30)
    held = before = None
    sizes = []
    for number, state in enumerate((first, second, third, third)):
        held = lean(state, before, held)
        kept.add(Keyframe(number, 0, number, held))
        before = state
        sizes.append(kept.size // module.PIECE)
    assert sizes == [8, 16, 20, 20]
    assert isinstance(held["target"], Cut)
    assert list(differences(kept.frames[1].state, second)) == []


def test_read_only_arrays_are_shared_as_they_are() -> None:
    piece = np.zeros(10)
    piece.flags.writeable = False
    assert whole(lean({"piece": piece}, {"piece": piece}, {"piece": piece}))["piece"] is piece


def table(number: int, length: int = 12_500) -> Keyframe:
    """A state of `8 * length` bytes and little more, after as many seconds of work as its number."""
    return Keyframe(number, 0, float(number), {"table": np.zeros(length)})


def test_neighbours_lie_no_further_apart_than_they_must() -> None:
    """Ten times as many states as there is room for: the widest gap is at most twice what spreading them evenly would give."""
    kept = Keyframes(64 * 101_000)
    kept.add(table(0))
    each = kept.size
    assert 100_000 < each < 101_000
    for number in range(1, 640):
        kept.add(table(number))
        assert kept.size <= kept.memory
        assert kept.frames[0].units == 0 and kept.frames[-1].units == number
    units = np.array([frame.units for frame in kept.frames])
    assert len(units) >= 56 and kept.size == each * len(units)
    assert np.diff(units).max() <= 2 * 640 / 56


def test_what_small_states_take_is_counted_whole() -> None:
    """A state of a small world is dicts and numbers rather than arrays: twenty times as much as these."""
    session = Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", seed=1))
    session.advance(Budget(1000))
    kept, before, held = Keyframes(2**30), None, None
    tracemalloc.start()
    try:
        began = tracemalloc.get_traced_memory()[0]
        for number in range(300):
            session.advance(Budget(100))
            state = session.state()
            held, before = lean(state, before, held), state
            kept.add(Keyframe(number, 0, float(number), held))
        took = tracemalloc.get_traced_memory()[0] - began
    finally:
        tracemalloc.stop()
    assert 0.6 * took < kept.size < 1.2 * took
    session.close()


def test_with_less_memory_older_states_go_and_with_more_they_lie_closer_again() -> None:
    kept = Keyframes(100 * 101_000)
    for number in range(90):
        kept.add(table(number))
    assert len(kept.frames) == 90 and not kept.thinned
    kept.limit(30 * 101_000)
    units = [frame.units for frame in kept.frames]
    assert kept.size <= 30 * 101_000 and 25 <= len(units) <= 30 and kept.thinned
    assert units[0] == 0 and units[-3:] == [87, 88, 89]
    kept.limit(200 * 101_000)
    assert not kept.thinned
    for number in range(90, 200):
        kept.add(table(number))
    assert [frame.units for frame in kept.frames] == [*units, *range(90, 200)]
    kept.limit(0)
    assert [frame.units for frame in kept.frames] == [0, 199]
    kept.add(table(200))
    assert [frame.units for frame in kept.frames] == [0, 200]


def test_states_of_nearly_half_the_memory_are_kept_and_larger_ones_are_not() -> None:
    kept = Keyframes(1_000_000)
    assert all(kept.add(table(number, 60_000)) for number in range(5))
    assert [frame.units for frame in kept.frames] == [0, 4]
    size = kept.size
    assert not kept.add(table(5, 63_000)) and kept.size == size
    assert [frame.units for frame in kept.frames] == [0, 4]


def test_a_first_state_larger_than_the_memory_is_kept_all_the_same() -> None:
    kept = Keyframes(1000)
    assert kept.add(table(0)) and [frame.units for frame in kept.frames] == [0]
    kept.limit(500)
    assert [frame.units for frame in kept.frames] == [0]
