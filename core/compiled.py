"""Kernels that compile on first use.

numba takes a good part of a second to import. A module that only declares kernels must not pay for that:
the window opens before anything is compiled, and `list algorithms` never compiles at all.
"""

import hashlib
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache, cached_property, update_wrapper
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import uuid4

from core.compiling import listen

P = ParamSpec("P")
R = TypeVar("R")

KEPT = 30 * 86_400
"""Seconds for which machine code of sources that have changed is kept."""


class Compiled(Generic[P, R]):
    """`numba.njit(nogil=True, cache=True)` of a function, made when it is first called.

    Kernels may call one another. `.function` is the Python source, for code that wants one value and no compiler.
    The machine code is kept on disk, so that the second start does not compile.
    """

    def __init__(self, function: Callable[P, R], inline: bool = False, counting: bool = True, **instead: "Compiled[..., Any]") -> None:
        self.function = function
        self.inline = inline
        self.counting = counting
        self.instead = instead
        update_wrapper(self, function)

    def using(self, **instead: "Compiled[..., Any]") -> "Compiled[P, R]":
        """The same kernel with other kernels in the place of those that it calls by these names: compiled apart, as if written
        twice, so that the choice between them costs nothing inside the loop."""
        return Compiled(self.function, self.inline, self.counting, **instead)

    @cached_property
    def dispatcher(self) -> Any:
        _choose_cache()
        import numba

        listen()
        # numba inlines only what it knows as its own: the kernels that this one calls are shown to it compiled.
        source: Any = self.function
        called = {name: self.instead.get(name, source.__globals__.get(name)) for name in source.__code__.co_names}
        known = {name: value.dispatcher for name, value in called.items() if isinstance(value, Compiled)}
        function: Any = FunctionType(source.__code__, source.__globals__ | known, source.__name__, source.__defaults__)
        update_wrapper(function, source)
        # machine code is kept on disk by this name
        variant = [kernel.function.__name__ for kernel in self.instead.values()] + ["borrowing"] * (not self.counting)
        function.__qualname__ = "_".join([source.__qualname__, *variant])
        options: Any = {"nogil": True, "cache": True, "inline": "always" if self.inline else "never", "_nrt": self.counting}
        return _named_apart(numba.njit(**options)(function))

    @property
    def _numba_type_(self) -> Any:
        return self.dispatcher._numba_type_

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.dispatcher(*args, **kwargs)


def compiled(function: Callable[P, R]) -> Compiled[P, R]:
    """Decorate a kernel: nogil, cached on disk, compiled at its first call."""
    return Compiled(function)


def borrowing(function: Callable[P, R]) -> Compiled[P, R]:
    """Decorate a kernel that makes no array of its own, nor calls one that does.

    It counts no references to the arrays that it is given, which its caller holds: in a step of 25 ns the counting took 5. numba
    refuses to compile it where it makes an array after all.
    """
    return Compiled(function, counting=False)


def inlined(function: Callable[P, R]) -> Compiled[P, R]:
    """Decorate a part of kernels that is copied into them, where a call would cost more than its work."""
    return Compiled(function, inline=True)


def _named_apart(kernel: Any) -> Any:
    """Have this process keep its machine code under names of its own.

    numba numbers the files of a kernel's signatures. Two processes that compile one kernel for different types at the same time would
    take the same number, and a third would run the code of one with the arguments of the other.
    """
    with suppress(AttributeError):  # numba of another version may keep them otherwise
        files = kernel._cache._cache_file
        files._data_name_pattern = files._data_name_pattern.replace("{number", f"{uuid4().hex[:8]}-{{number")
    return kernel


@cache
def _choose_cache() -> None:
    """Keep machine code in a folder of its own for these very sources.

    numba looks only at the file of a kernel, not at those of the kernels that it calls: after a change there, it would go on
    with the old machine code. Where the folder cannot be made, numba keeps it beside the sources, as always.
    """
    from platformdirs import user_cache_path

    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    kernels = user_cache_path("valuescape") / "kernels"
    folder = kernels / digest.hexdigest()[:16]
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        folder.touch()
        for other in kernels.iterdir():
            if time.time() - other.stat().st_mtime > KEPT:
                shutil.rmtree(other, ignore_errors=True)
        import numba

        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
