"""Work on a GPU that is the same again and again: recorded once as a CUDA graph and replayed, so that nobody waits for Python to send it.

A recording reads and writes the very tensors that it was made with. So what goes in is written into tensors that stay, and what comes
out lies in tensors that the next call overwrites; numbers known to Python alone are recorded as they were and must not change.

No recording is trusted: its first replay must come to what the work itself comes to from the same tensors. Where it does not, or where
none can be made, the work is sent piece by piece, as on other devices, and `trouble` says so.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

T = TypeVar("T")
Work = Callable[[], T]
Record = Callable[[Work[Any]], Work[Any]]
"""Makes a recording of some work, which may be done a few times for it."""

TROUBLE = "The GPU could not record the work of a step: it is sent piece by piece, which takes longer"
CLOSE = {"rtol": 1e-3, "atol": 1e-5}
"""How near a replay must come to the work itself."""


class Captured(Generic[T]):
    """Some work, replayed where that is possible.

    Args:
        changed: the tensors that it changes and that outlive it.
        record: makes the recording, at the first call; None: the work is done as it is.

    Attributes:
        trouble: why nothing is replayed, as a sentence; empty where nothing went wrong.
    """

    def __init__(self, changed: Sequence[Tensor], record: Record | None) -> None:
        self._changed, self._record = changed, record
        self._replay: Work[T] | None = None
        self.trouble = ""

    @property
    def replayed(self) -> bool:
        """Whether there is a recording in use."""
        return self._replay is not None

    def __call__(self, work: Work[T]) -> T:
        """Do the work, the same at every call, which returns tensors or tuples of them. It is not kept: who does it may hold this."""
        if self._replay is not None:
            return self._replay()
        if self._record is None:
            return work()
        record, self._record = self._record, None
        return self._first(work, record)

    def _first(self, work: Work[T], record: Record) -> T:
        """The first turn: done, and if the recording does the same, replayed from then on."""
        before: list[Tensor] = []
        try:
            before = _copies(self._changed)
            wanted = _copies(_tensors(work())) + _copies(self._changed)
            self._put(before)
            replay = record(work)
            self._put(before)
            done = replay()
            found = [*_tensors(done), *self._changed]
            if all(torch.allclose(one, other, equal_nan=True, **CLOSE) for one, other in zip(found, wanted, strict=True)):
                self._replay = replay
                return done
        except (RuntimeError, ValueError):
            pass
        self.trouble = TROUBLE
        if before:
            self._put(before)
        return work()

    def _put(self, values: Sequence[Tensor]) -> None:
        for tensor, value in zip(self._changed, values, strict=True):
            tensor.copy_(value)


def recorder(device: torch.device) -> Record | None:
    """What records work of a device; None where nothing does."""
    return partial(cuda_graph, device) if device.type == "cuda" else None


def cuda_graph(device: torch.device, work: Work[T]) -> Work[T]:
    """The work on a CUDA device as a graph of its kernels. (`torch.cuda.graph` collects garbage in some versions, which is not to happen
    in a thread beside a window's.)
    """
    with torch.cuda.device(device):
        stream = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):  # libraries set themselves up at their first calls
                work()
            torch.cuda.synchronize()
            graph = torch.cuda.CUDAGraph()
            graph.capture_begin(capture_error_mode="thread_local")
            try:
                done = work()
            finally:
                graph.capture_end()
        torch.cuda.current_stream().wait_stream(stream)

    def replay() -> T:
        graph.replay()
        return done

    return replay


def _tensors(found: Any) -> Iterator[Tensor]:
    """The tensors in nested tuples, in order."""
    if isinstance(found, Tensor):
        yield found
    for part in found if isinstance(found, tuple) else ():
        yield from _tensors(part)


def _copies(tensors: Any) -> list[Tensor]:
    return [tensor.clone() for tensor in tensors]
