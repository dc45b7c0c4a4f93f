"""A queue of numbers 0 .. N - 1 by priority, largest first: a binary heap that knows where each number is.

Attributes of a queue, as kernels take them:
    heap: [N] int64, the numbers that wait are the first `size`; heap[i] is at least as urgent as heap[2 i + 1] and heap[2 i + 2].
    slot: [N] int64, where in the heap a number is; -1: it does not wait.
    priority: [N] float64.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@borrowing
def put(heap: Ints, slot: Ints, priority: Floats, size: int, number: int, urgency: float) -> int:
    """Let a number wait with this priority, also if it waits with another; return how many wait."""
    place = slot[number]
    if place < 0:
        place = size
        size += 1
    while place > 0 and priority[heap[(place - 1) // 2]] < urgency:
        heap[place] = heap[(place - 1) // 2]
        slot[heap[place]] = place
        place = (place - 1) // 2
    _sink(heap, slot, priority, size, place, number, urgency)
    return size


@borrowing
def take(heap: Ints, slot: Ints, priority: Floats, size: int) -> int:
    """Take the most urgent number away from those that wait, of which there is one at least; return it."""
    number, moved = heap[0], heap[size - 1]
    slot[number] = -1
    if size > 1:
        _sink(heap, slot, priority, size - 1, 0, moved, priority[moved])
    return number


@borrowing
def _sink(heap: Ints, slot: Ints, priority: Floats, size: int, place: int, number: int, urgency: float) -> None:
    """Put a number at `place` or as far below as it must go."""
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and priority[heap[child + 1]] > priority[heap[child]]:
            child += 1
        if priority[heap[child]] <= urgency:
            break
        heap[place] = heap[child]
        slot[heap[place]] = place
        place = child
    heap[place], slot[number], priority[number] = number, place, urgency
