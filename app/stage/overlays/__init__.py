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
from core.worlds.grid import WAYS, GridWorld
from core.worlds.grid_compiler import GridMDP
from core.worlds.mdp import Floats, Ints


@dataclass(frozen=True, eq=False)
class Scene:
    """What an overlay paints: the world, what is known of it, and where its cells are.

    Attributes:
        span: the value that gets the strongest colour; -span the strongest on the other side of zero.
        window: first row, end row, first column, end column in view.
        shown: names of the overlays that are switched on.
        layer: the set of keys whose states are shown, as in `GridMDP.held`.
    """

    world: GridWorld
    grid: GridMDP
    snapshot: Snapshot
    place: Placement
    span: float
    window: tuple[int, int, int, int]
    shown: frozenset[str] = frozenset()
    layer: int = 0

    def seen(self) -> Ints:
        """The states whose cells are in view, with the keys of the layer."""
        top, bottom, left, right = self.window
        states = self.grid.layers[self.layer, top:bottom, left:right].ravel()
        return states[states >= 0]

    @property
    def ways(self) -> Floats:
        """[A, 2] (row, column) in which each action goes; 0 for staying."""
        return np.array([WAYS.get(action, (0, 0)) for action in self.world.actions], float)

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
