"""What can be laid over a grid: one module with an OVERLAY each, found because it is there, painted in their order."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
from PySide6.QtGui import QPainter

from app.stage.aside import NOTHING, Aside
from app.stage.hit import Placement
from app.stage.shade import Known, Shade, paint_cells
from core.learner import Snapshot
from core.worlds.grid import WAYS, GridWorld
from core.worlds.grid_compiler import GridMDP
from core.worlds.mdp import Floats, Ints

VALUES = "V(s)"
"""The scale of values, which action values share."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What an overlay paints: the world, what is known of it, and where its cells are.

    Attributes:
        span: the value that gets the strongest colour; -span the strongest on the other side of zero.
        window: first row, end row, first column, end column in view.
        shown: names of the overlays that are switched on.
        layer: the set of keys whose states are shown, as in `GridMDP.held`.
        aside: what is known beside the snapshot.
        ranges: what a person has fixed the span of a scale to, by its name.
        screen: size of the view, and how many pixels each of its pixels has; None where all is drawn as shapes.
    """

    world: GridWorld
    grid: GridMDP
    snapshot: Snapshot
    place: Placement
    span: float
    window: tuple[int, int, int, int]
    shown: frozenset[str] = frozenset()
    layer: int = 0
    aside: Aside = NOTHING
    ranges: Mapping[str, float] = field(default_factory=dict)
    screen: tuple[tuple[int, int], float] | None = None

    def seen(self) -> Ints:
        """The states whose cells are in view, with the keys of the layer."""
        top, bottom, left, right = self.window
        states = self.grid.layers[self.layer, top:bottom, left:right].ravel()
        return states[states >= 0]

    def centres(self, states: Ints) -> Floats:
        """[N, 2] the (x, y) of the middle of each state's cell."""
        cells, place = self.grid.cell_of_state[states], self.place
        return np.stack([place.left + (cells[:, 1] + 0.5) * place.cell, place.top + (cells[:, 0] + 0.5) * place.cell], axis=1)

    @property
    def ways(self) -> Floats:
        """[A, 2] (row, column) in which each action goes; 0 for staying."""
        return np.array([WAYS.get(action, (0, 0)) for action in self.world.actions], float)

    @property
    def known(self) -> Known:
        """What numbers of states are made of."""
        return Known(self.snapshot, self.aside, self.grid.mdp.states, self.span, self.ranges)

    @cached_property
    def shade(self) -> Shade | None:
        """The numbers that colour the cells: of the last overlay that is on and knows some."""
        on = (overlay.shade for overlay in reversed(overlays()) if overlay.name in self.shown and overlay.shade is not None)
        return next((shade for find in on if (shade := find(self.known)) is not None), None)

    def coloured(self) -> Ints:
        """The states whose cells have a colour: those in which something can be done."""
        return np.flatnonzero(~self.grid.mdp.absorbing & (self.grid.layer_of_state == self.layer))

    def paint_shade(self, painter: QPainter) -> None:
        """Colour the cells."""
        if self.shade is not None:
            states = self.coloured()
            paint_cells(painter, self.place, self.grid.cell_of_state[states], self.shade.colours(self.shade.values[states]))

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
        paint: draws it; None where it is colours of cells alone.
        shade: the numbers that colour the cells; None where there are none to be had. Painted below everything else.
        scale: what its colours or arrows say, as the legend writes it; of those that colour cells, or put arrows into them, only such as
            say the same go together.
        place: where it says so: "cell" or "arrow", or nothing where it bars no other.
        symbol: what the legend calls it, where it shares the scale of another.
        missing: why there may be nothing to see.
        signed, counts: of its colours, as in `Shade`.
        known: whether there is something to see, where `shade` does not say so.
    """

    name: str
    title: str
    tip: str
    order: int
    shown: bool
    paint: Callable[[QPainter, Scene], None] | None = None
    shade: Callable[[Known], Shade | None] | None = None
    scale: str = ""
    place: str = ""
    symbol: str = ""
    missing: str = ""
    signed: bool = True
    counts: bool = False
    known: Callable[[Scene], bool] | None = None

    def tells(self, scene: Scene) -> bool:
        """Whether there is something to see."""
        if self.known is not None:
            return self.known(scene)
        return self.shade is None or self.shade(scene.known) is not None

    def bars(self, other: "Overlay") -> bool:
        """Whether the two cannot be on together."""
        return bool(self.place) and self.place == other.place and self.scale != other.scale


@cache
def overlays() -> tuple[Overlay, ...]:
    """Every overlay, in painting order."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return tuple(sorted((module.OVERLAY for module in modules), key=lambda overlay: overlay.order))
