"""States of a run kept side by side: arrays lie in pieces, and a piece that is as it was in the state before is held once."""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

PIECE = 1 << 14
"""Bytes of a piece; a multiple of 8."""
SMALL = 512
"""Bytes of an array below which it is kept as it is: to look for what did not change would take longer than a copy."""
PROBE = 4 * PIECE
"""Bytes from one place to the next at which two arrays are compared first."""
CUT = 200
"""Bytes that an array in pieces takes beside them, about."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """An array in pieces of `PIECE` bytes, the last one shorter."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    pieces: tuple[bytes, ...]

    def whole(self) -> NDArray[Any]:
        """A copy of the array."""
        return np.ndarray(self.shape, self.dtype, bytearray().join(self.pieces))


def lean(now: Any, before: Any = None, held: Any = None) -> Any:
    """A state that shares what did not change with the one before.

    Args:
        now: the state, as `Session.state` returns it.
        before: the state before.
        held: what this made of that.

    Returns:
        A tree alike. Arrays that have a piece in common with those before are cut; others stay what they are, as do small ones, and
        read-only ones, which nobody writes to.
    """
    if isinstance(now, dict):
        past = before if isinstance(before, dict) and isinstance(held, dict) else {}
        return {name: lean(part, past.get(name), held[name] if name in past else None) for name, part in now.items()}
    if not isinstance(now, np.ndarray) or now.nbytes < SMALL or not now.flags.writeable or not isinstance(before, np.ndarray):
        return now
    if (now.shape, now.dtype) != (before.shape, before.dtype):
        return now
    new, old = _bytes(now), _bytes(before)
    if not any(new[place : place + 8].tobytes() == old[place : place + 8].tobytes() for place in range(0, len(new), PROBE)):
        return now
    same = _same(new, old)
    shared = held.pieces if isinstance(held, Cut) else ()
    if shared and all(same):
        return held
    if not any(same):
        return now
    pieces = [new[place : place + PIECE].tobytes() for place in range(0, len(new), PIECE)] if not shared else list(shared)
    for number in (number for number, unchanged in enumerate(same) if shared and not unchanged):
        pieces[number] = new[number * PIECE : (number + 1) * PIECE].tobytes()
    return Cut(now.shape, now.dtype, tuple(pieces))


def whole(held: Any) -> Any:
    """The state that was made lean, to read from: some of its arrays are the kept ones."""
    if isinstance(held, dict):
        return {name: whole(part) for name, part in held.items()}
    return held.whole() if isinstance(held, Cut) else held


def inventory(held: Any) -> tuple[int, list[bytes | NDArray[Any]]]:
    """The arrays and pieces of arrays in a lean state, and the bytes it takes beside theirs: of a small world's state those are most."""
    found: list[bytes | NDArray[Any]] = []
    return _beside(held, found), found


def _beside(held: Any, found: list[bytes | NDArray[Any]]) -> int:
    if isinstance(held, dict):
        return sys.getsizeof(held) + sum([_beside(part, found) for part in held.values()])
    if isinstance(held, np.ndarray):
        found.append(held)
        return sys.getsizeof(held) - (held.nbytes if held.flags.owndata else 0)
    if isinstance(held, Cut):
        found += held.pieces
        return CUT + sys.getsizeof(held.pieces)
    return sys.getsizeof(held)


def _bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def _same(new: NDArray[np.uint8], old: NDArray[np.uint8]) -> list[bool]:
    """Whether each piece is equal to the bit."""
    even = len(new) // PIECE * PIECE
    words = new[:even].view(np.uint64) == old[:even].view(np.uint64)
    same: list[bool] = words.reshape(-1, PIECE // 8).all(axis=1).tolist()
    return same if even == len(new) else [*same, np.array_equal(new[even:], old[even:])]
