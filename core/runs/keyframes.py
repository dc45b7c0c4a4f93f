"""Kept states of a run, and which of them are let go where they outgrow their memory."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.learner import State


@dataclass(frozen=True, eq=False)
class Keyframe:
    """A kept state.

    Attributes:
        units, boundaries: where in the run it is.
        worked: seconds of work from the start of the run.
        state: of the session; its history is a view, which takes no memory of its own.
        size: bytes, without what the state kept before it holds, too.
    """

    units: int
    boundaries: int
    worked: float
    state: State
    size: int


def thinned(keyframes: Sequence[Keyframe], worked: float, memory: int) -> list[Keyframe]:
    """Those that stay when an eighth of the memory is to be free: the first, and the newest quarter as it is; in between they are spread
    over the run, the longer ago the wider, three times as wide at its start as now.

    Args:
        keyframes: in order.
        worked: seconds of work of the run so far.
        memory: bytes.
    """
    held, grain = list(keyframes), 0.5 / len(keyframes)
    while sum(keyframe.size for keyframe in held) > memory * 7 / 8 and len(held) > 3:
        newest = max(len(held) // 4, 1)
        kept = held[:1]
        for keyframe in held[1:-newest]:
            if keyframe.worked - kept[-1].worked >= grain * (1.5 * worked - keyframe.worked):
                kept.append(keyframe)
        held = _beside(held, [*kept, *held[-newest:]])
        grain *= 1.2
    return held


def _beside(before: list[Keyframe], kept: list[Keyframe]) -> list[Keyframe]:
    """With the sizes they have now: what a state takes depends on the one before, with which it may share arrays."""
    neighbour = dict(zip(map(id, before[1:]), before, strict=False))
    found = kept[:1]
    for one in kept[1:]:
        alike = neighbour[id(one)] is found[-1]
        found.append(one if alike else replace(one, size=size_of(one.state, found[-1].state)))
    return found


def size_of(state: State, before: State) -> int:
    """Bytes that a state takes beside the arrays of the one before, which are held anyway; its history is a view."""
    shared: Container[int] = _arrays(before)
    return sum(array.nbytes for key, array in _arrays(state).items() if key not in shared)


def _arrays(tree: object) -> dict[int, NDArray[Any]]:
    """The arrays of a state but for its history, by identity."""
    if isinstance(tree, dict):
        return {key: array for name, part in tree.items() if name != "history" for key, array in _arrays(part).items()}
    return {id(tree): tree} if isinstance(tree, np.ndarray) else {}
