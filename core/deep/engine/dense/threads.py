"""How many threads the library takes with which compiled networks multiply."""

from functools import cache
from typing import Any


def use(threads: int) -> None:
    """From now on at most so many in this process. With more than one, small products would mostly wait for them."""
    for library in _libraries():
        if library.get_num_threads() != threads:
            library.set_num_threads(threads)


@cache
def _libraries() -> list[Any]:
    import scipy.linalg.cython_blas  # noqa: F401  (from which numba takes its products)
    from threadpoolctl import ThreadpoolController

    return list(ThreadpoolController().select(user_api="blas").lib_controllers)
