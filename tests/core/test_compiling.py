"""Compiling is told once for a kernel with all that it calls, and machine code that is there is not told."""

import gc
import subprocess
import sys
from pathlib import Path

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


@compiled
def thrice(number: int) -> int:
    return 3 * number


def test_no_garbage_is_collected_meanwhile_and_then_as_before() -> None:
    collecting: list[bool] = []

    def tell(_: bool) -> None:
        collecting.append(gc.isenabled())

    thrice.dispatcher._cache.disable()
    watch(tell)
    try:
        assert thrice(3) == 9
        gc.disable()
        assert thrice(2.5) == 7.5
        assert not gc.isenabled()
    finally:
        gc.enable()
        unwatch(tell)
    assert collecting == [False, True, False, False]


def test_watching_imports_no_compiler() -> None:
    code = "import sys, core.compiling as c; c.watch(print); c.unwatch(print); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


START = """
import sys
from pathlib import Path
import platformdirs
platformdirs.user_cache_path = lambda *_: Path(sys.argv[1])
from core.compiling import watch
from core.learner import Budget, Task
from core.registry import algorithm
from core.worlds.library import open_world
said = []
watch(said.append)
chosen = algorithm("td-0")
chosen.build(Task(open_world("grid/lecture-3x4"), chosen.config())).advance(Budget(10))
print(len(said))
"""


def test_a_second_start_compiles_nothing(tmp_path: Path) -> None:
    starts = [subprocess.run([sys.executable, "-c", START, str(tmp_path)], check=True, capture_output=True, text=True) for _ in range(2)]
    first, second = (int(start.stdout) for start in starts)
    assert first > 0 and second == 0
