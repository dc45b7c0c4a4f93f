"""Copies of a ring in pieces: always what is in the ring, made anew only where it was written to, and never written to again."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.deep.engine import pieces
from core.deep.engine.pieces import Pieces, Rows


def write(ring: torch.Tensor, count: int, rows: int) -> int:
    """Write so many rows, each with its number."""
    for number in range(count, count + rows):
        ring[:, number % ring.shape[1]] = number + 1
    return count + rows


def whole(rows: Rows) -> np.ndarray:
    return np.concatenate([rows[start] for start in sorted(rows, key=int)], axis=1)


@given(st.integers(1, 23), st.integers(1, 7), st.lists(st.integers(0, 40), max_size=6), st.booleans())
def test_they_are_what_is_in_the_ring(capacity: int, places: int, times: list[int], restored: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "ROWS", places)
        ring, count = torch.zeros(2, capacity, 3), 0
        copies, kept = Pieces(ring), list[tuple[Rows, np.ndarray]]()
        for more in times:
            count = write(ring, count, more)
            rows = copies.taken(count)
            held = ring[:, : min(count, capacity)].numpy().copy()
            kept.append((rows, held))
            if count:
                ring[:, (count - 1) % capacity] += 0.5  # the newest may be changed afterwards
            if restored and rows:
                ring = torch.zeros(2, capacity, 3)
                copies = Pieces(ring)
                copies.put(rows, count)
        for rows, held in kept:
            np.testing.assert_array_equal(whole(rows) if rows else np.zeros((2, 0, 3)), held)


def test_what_did_not_change_is_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "ROWS", 4)
    ring = torch.zeros(1, 16, 2)
    copies = Pieces(ring)
    count = write(ring, 0, 10)
    first = copies.taken(count)
    second = copies.taken(write(ring, count, 3))
    assert [first[start] is second[start] for start in ("0", "4", "8")] == [True, True, False] and list(second) == ["0", "4", "8", "12"]


@pytest.mark.parametrize("damage", [{"0": 3}, {"0": 4, "5": 1}, {"0": 4, "4": 2}, {"x": 5}, {}])
def test_pieces_that_do_not_fit_are_refused(damage: dict[str, int]) -> None:
    rows = {start: np.zeros((1, length, 2), np.float32) for start, length in damage.items()}
    with pytest.raises(ValueError, match=r"do not fit together|invalid literal"):
        Pieces(torch.zeros(1, 16, 2)).put(rows, 5)


def test_all_places_at_once_are_read_too() -> None:
    ring = torch.zeros(1, 16, 2)
    rows = np.arange(10, dtype=np.float32).reshape(1, 5, 2)
    copies = Pieces(ring)
    copies.put(rows, 5)
    np.testing.assert_array_equal(ring[:, :5].numpy(), rows)
    np.testing.assert_array_equal(whole(copies.taken(5)), rows)
