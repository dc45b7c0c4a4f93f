"""How many threads the library takes with which compiled networks multiply."""

from functools import cache
from typing import Any

_asked = 0


def use(threads: int) -> None:
    """From now on at most so many in this process. With more than one, small products would mostly wait for them."""
    global _asked
    if threads == _asked:  # to ask the library each time took longer than many a slice of work
        return
    for library in _libraries():
        library.set_num_threads(threads)
    _asked = threads


@cache
def _libraries() -> list[Any]:
    import scipy.linalg.cython_blas  # noqa: F401  (from which numba takes its products)
    from threadpoolctl import ThreadpoolController

    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
