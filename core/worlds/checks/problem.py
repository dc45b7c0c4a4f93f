"""One thing that is wrong with a world, and how to mend it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.worlds.world import World

ERROR, WARNING, HINT = "error", "warning", "hint"
"""It cannot be trained on; something can hardly be meant; it may be as meant."""


@dataclass(frozen=True)
class Fix:
    """A way to mend it: `make()` is the mended world."""

    title: str
    make: Callable[[], World] = field(compare=False)


@dataclass(frozen=True)
class Problem:
    """One finding.

    Attributes:
        kind: which check found it.
        level: ERROR, WARNING or HINT.
        sentence: what is the matter, in English, from one of a few patterns.
        states: names of the states concerned; of a grid those of its cells, "row,column", walls too.
        fix: how to mend it in one edit, or None.
    """

    kind: str
    level: str
    sentence: str
    states: tuple[str, ...] = ()
    fix: Fix | None = None
