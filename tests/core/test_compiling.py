"""Compiling is told once for a kernel with all that it calls, and machine code that is there is not told."""

import subprocess
import sys

from core.compiled import compiled
from core.compiling import unwatch, watch


@compiled
def inner(number: int) -> int:
    return number + 1


@compiled
def outer(number: int) -> int:
    return 2 * inner(number)


def test_a_kernel_is_told_when_it_is_compiled_and_not_again() -> None:
    said: list[bool] = []
    tell = said.append
    watch(tell)
    try:
        for kernel in (inner, outer):
            kernel.dispatcher._cache.disable()
        assert outer(3) == 8
        assert said == [True, False]
        assert outer(4) == 10
        assert said == [True, False]
    finally:
        unwatch(tell)
    assert outer(2.5) == 7.0
    assert said == [True, False]


def test_watching_imports_no_compiler() -> None:
    code = "import sys, core.compiling as c; c.watch(print); c.unwatch(print); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
