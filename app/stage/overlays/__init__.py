"""What can be laid over a grid: one module with an OVERLAY each, found because it is there, painted in their order."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtGui import QPainter

from app.stage.hit import Placement
from core.learner import Snapshot
from core.worlds.grid import GridMDP, GridWorld
from core.worlds.mdp import Floats


@dataclass(frozen=True, eq=False)
class Scene:
    """What an overlay paints: the world, what is known of it, and where its cells are.

    Attributes:
        span: the value that gets the strongest colour; -span the strongest on the other side of zero.
        window: first row, end row, first column, end column in view.
        shown: names of the overlays that are switched on.
    """

    world: GridWorld
    grid: GridMDP
    snapshot: Snapshot
    place: Placement
    span: float
    window: tuple[int, int, int, int]
    shown: frozenset[str] = frozenset()

    def seen(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """The states whose cells are in view."""
        top, bottom, left, right = self.window
        states = self.grid.state_of_cell[top:bottom, left:right].ravel()
        return states[states >= 0]

    def tint(self, values: Floats) -> Floats:
        """Places from 0 to 1 in the colour table, 0.5 for zero."""
        return np.clip(0.5 + 0.5 * values / self.span, 0.0, 1.0)


@dataclass(frozen=True)
class Overlay:
    """One layer.

    Attributes:
        name: to switch it by.
        title: as shown.
        tip: what it means.
        order: lower ones are painted first.
        shown: whether it is on at first.
        paint: draws it.
    """

    name: str
    title: str
    tip: str
    order: int
    shown: bool
    paint: Callable[[QPainter, Scene], None]


@cache
def overlays() -> tuple[Overlay, ...]:
    """Every overlay, in painting order."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted((module.OVERLAY for module in modules), key=lambda overlay: overlay.order))
