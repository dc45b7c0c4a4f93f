"""Runs that do not fit into memory: said in one sentence, with what they take.

Where a GPU is full, a run goes on on the processor as a whole. Taking its members in two halves would not help: what K members take are
their weights, optimizers and replay, which halves take alike; a minibatch's activations, which they would share, are a small part of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import clear_frames
from typing import TypeVar

from core import devices
from core.errors import MemoryFull, ValuescapeError
from core.runs.spec import RunSpec

Made = TypeVar("Made")
SEE = "The agent page and inspect say what takes how much"
REMEDIES = {
    "deep": f"Choose a smaller replay, fewer members or a smaller network. {SEE}",
    "linear": "Choose fewer weights or fewer members",
}


@contextmanager
def fitting(spec: RunSpec) -> Iterator[None]:
    """Work of a run.

    Raises:
        MemoryFull: where the machine's own memory has no room for it; that of a GPU raises what torch raises.
    """
    try:
        yield
    except Exception as error:
        if not devices.has_no_room(error):
            raise
        clear_frames(error.__traceback__)  # what was made until then, and processes that it started, would stay as long as its garbage
        raise too_large(spec) from error


def made(make: Callable[[dict[str, str]], Made], told: Callable[[str], object]) -> Made:
    """What `make` makes of a run with these fields of its spec changed: on the processor where a GPU has no room, which is told."""
    try:
        return make({})
    except Exception as error:
        if not devices.is_full(error):
            raise
    told(devices.LEFT)
    return make({"device": "cpu"})


def too_large(spec: RunSpec) -> MemoryFull:
    """That a run does not fit, and what to do."""
    from core.deep.engine.anatomy import written
    from core.registry import family

    kind, taken = family(spec.algorithm), _taken(spec)
    what = "The memory of this machine has no room for this run"
    if taken:
        what = f"The memory of this machine has no room for this run: its networks and replay take {written(taken)}"
    return MemoryFull(what, remedy=REMEDIES.get(kind, "Choose a smaller world or fewer members"))


def _taken(spec: RunSpec) -> int:
    """Bytes of networks and full replay; 0 where there are none, or nobody can tell."""
    from core.deep.engine.inspection import inspect
    from core.worlds.size import size_of

    try:
        size = size_of(spec.world)
        facts = None if size is None else inspect(spec.settings(), size, spec.members)
    except (ValuescapeError, MemoryError):
        return 0
    return 0 if facts is None else facts.memory.total
