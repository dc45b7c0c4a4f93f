"""Copies of a ring in pieces, made anew only where the ring was written to since.

The state of a learner with a million transitions then costs a copy of those that are new, not of all; and states that are kept one after
another share the pieces that did not change, which nobody writes to.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.deep.engine.device import to_numpy

ROWS = 4096
"""Places of a piece at most."""
BYTES = 1 << 16
"""Bytes of a piece at most, where a place has few."""
FEW = 16
"""Places of a piece at least."""

Rows = dict[str, NDArray[np.float32]]
"""Pieces [K, places, R] by their first place."""


class Pieces:
    """The copies of one ring.

    Args:
        ring: [K, capacity, R].
    """

    def __init__(self, ring: Tensor) -> None:
        self._ring, self._capacity = ring, ring.shape[1]
        self._places = min(ROWS, max(FEW, BYTES // (ring[:, :1].nbytes or 1)))
        self._copies: Rows = {}
        self._count = 0

    def taken(self, count: int) -> Rows:
        """The filled part of the ring.

        Args:
            count: rows written in all, one place after the other; the one written last may have been changed since.
        """
        filled, first = min(count, self._capacity), max(self._count - 1, count - self._capacity, 0)
        begin, end = first % self._capacity, (count - 1) % self._capacity + 1
        written = [(begin, end)] if count - first <= self._capacity - begin else [(begin, self._capacity), (0, end)]
        for start, stop in written if count else []:
            for place in range(start // self._places * self._places, stop, self._places):
                copy = self._copies[str(place)] = to_numpy(self._ring[:, place : min(place + self._places, filled)])
                copy.flags.writeable = False
        self._count = count
        return dict(self._copies)

    def put(self, rows: Rows | NDArray[np.float32], count: int) -> None:
        """Fill the ring as it was when `count` rows had been written.

        Args:
            rows: pieces of any length, or all places at once, as earlier versions kept them.
            count: as given to `taken`.

        Raises:
            ValueError: where the pieces are not those of the filled part.
        """
        pieces = {int(start): piece for start, piece in rows.items()} if isinstance(rows, Mapping) else {0: rows}
        filled = min(count, self._capacity)
        if sum(piece.shape[1] for piece in pieces.values()) != filled or any(_gaps(pieces)):
            raise ValueError("the replay's pieces do not fit together")
        for start, piece in pieces.items():
            self._ring[:, start : start + piece.shape[1]].copy_(torch.tensor(piece))
            piece.flags.writeable = False
        ours = {str(start): piece for start, piece in pieces.items() if piece.shape[1] == min(self._places, filled - start)}
        whole = list(map(int, ours)) == list(range(0, filled, self._places))
        self._copies, self._count = (ours, count) if whole else ({}, 0)


def _gaps(pieces: Mapping[int, NDArray[np.float32]]) -> Iterator[bool]:
    """Whether each piece begins elsewhere than where the one before ends."""
    ends = {start: start + piece.shape[1] for start, piece in pieces.items()}
    yield min(ends, default=0) != 0
    for before, start in pairwise(sorted(ends)):
        yield ends[before] != start
