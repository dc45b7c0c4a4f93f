"""Kernels that compile on first use.

numba takes a good part of a second to import. A module that only declares kernels must not pay for that:
the window opens before anything is compiled, and `list algorithms` never compiles at all.
"""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Compiled(Generic[P, R]):
    """`numba.njit(nogil=True, cache=True)` of a function, made when it is first called.

    Kernels may call one another. `.function` is the Python source, for code that wants one value and no compiler.
    The machine code is kept on disk beside the source, so that the second start does not compile.
    """

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        update_wrapper(self, function)

    @cached_property
    def dispatcher(self) -> Any:
        import numba

        return numba.njit(nogil=True, cache=True)(self.function)

    @property
    def _numba_type_(self) -> Any:
        return self.dispatcher._numba_type_

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.dispatcher(*args, **kwargs)


def compiled(function: Callable[P, R]) -> Compiled[P, R]:
    """Decorate a kernel: nogil, cached on disk, compiled at its first call."""
    return Compiled(function)
