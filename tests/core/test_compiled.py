"""Kernels that borrow their arrays: no reference is counted, and none is made."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from core.compiled import Compiled, borrowing, compiled, inlined

Floats = NDArray[np.float64]


class Both(NamedTuple):
    first: Floats
    second: Floats


@inlined
def part(values: Floats, place: int) -> float:
    return float(values[place])


@inlined
def twice(values: Floats, place: int) -> float:
    return float(2.0 * values[place])


def total(both: Both) -> float:
    first, second = both
    found = 0.0
    for place in range(len(first)):
        found += part(first, place) if first[place] > 0.0 else part(second, place)
    return found


def instructions(kernel: Compiled[[Both], float]) -> str:
    """The loop's machine code, free of what hands arrays over from Python."""
    kernel.dispatcher._cache.disable()
    kernel(Both(np.zeros(1), np.zeros(1)))
    (text,) = kernel.dispatcher.inspect_llvm().values()
    return text.split("define i8* @")[0].split("define ptr @")[0]


def test_a_borrowing_kernel_counts_no_references() -> None:
    assert "NRT_incref" in instructions(compiled(total))
    assert "NRT_" not in instructions(borrowing(total))
    assert "NRT_" not in instructions(borrowing(total).using(part=twice))


def test_values_are_the_same_and_the_arrays_are_still_there() -> None:
    both = Both(np.array([1.0, -1.0]), np.array([4.0, 8.0]))
    assert borrowing(total)(both) == compiled(total)(both) == 9.0
    assert borrowing(total).using(part=twice)(both) == 18.0
    assert both.first.tolist() == [1.0, -1.0]


def made(size: int) -> float:
    return float(np.zeros(size).sum())


def test_a_borrowing_kernel_can_make_no_array() -> None:
    from numba.core.errors import TypingError

    assert compiled(made)(3) == 0.0
    with pytest.raises(TypingError, match="Only accept returning of array passed into the function as argument"):
        borrowing(made)(3)


def half(number: float) -> float:
    return number / 2


def test_two_processes_that_compile_at_once_keep_code_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks what is there before the first has kept anything, and is done sooner."""
    first, second, third = (compiled(half) for _ in range(3))
    files, late = first.dispatcher._cache._cache_file, []
    with monkeypatch.context() as patch:
        patch.setattr(files, "_save_data", lambda *kept: late.append(kept))
        patch.setattr(second.dispatcher._cache._cache_file, "_load_index", dict)
        assert first(3) == 1.5 and second(5.5) == 2.75
    files._save_data(*late[0])
    assert third(5.5) == 2.75 and third.dispatcher.stats.cache_hits
