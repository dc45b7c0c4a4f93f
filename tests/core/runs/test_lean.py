"""States kept side by side: each is what it was to the bit, and what did not change between them is held once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.runs import lean as module
from core.runs.keyframes import Keyframe, Keyframes
from core.runs.lean import Cut, lean, whole
from core.runs.reproduce import differences


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 999), st.sampled_from([0.0, -0.0, 1.5, np.nan])), max_size=4), max_size=6),
    st.sampled_from([0, 1, 7, 8, 100, 1000]),
)
def test_states_are_what_they_were_and_kept_ones_stay(writes: list[list[tuple[int, float]]], length: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE", 64)
        patch.setattr(module, "PROBE", 256)
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


def test_neighbours_lie_no_further_apart_than_they_must() -> None:
    """Ten times as many states as there is room for: the widest gap is at most twice what spreading them evenly would give."""
    kept = Keyframes(64 * 1000)
    for number in range(640):
        kept.add(Keyframe(number, 0, float(number), {"table": np.zeros(125)}))
        assert kept.size <= kept.memory
        assert kept.frames[0].units == 0 and kept.frames[-1].units == number
    units = np.array([frame.units for frame in kept.frames])
    assert len(units) >= 56 and kept.size == 1000 * len(units)
    assert np.diff(units).max() <= 2 * 640 / 56
