"""Numbers of states as colours of their cells: which number has which colour, and how the legend writes it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.numbers import short as digits
from app.stage.aside import Aside
from app.stage.hit import Placement
from app.stage.lettering import short
from app.theme import theme
from core.learner import Snapshot
from core.worlds.mdp import Floats, Ints

SMALL = 0.1
"""A scale that reaches less far is written in digits that count, not in hundredths."""


@dataclass(frozen=True, eq=False)
class Shade:
    """One number for each state.

    Attributes:
        values: [S] float64, NaN where there is none.
        symbol: what they are, above the legend.
        span: the value that gets the strongest colour.
        signed: whether they lie on both sides of zero, the strongest colours at -span and span; otherwise from 0 to span.
        counts: whether they are whole numbers, whose colour goes by their logarithm.
    """

    values: Floats
    symbol: str
    span: float
    signed: bool = True
    counts: bool = False

    def places(self, values: Floats) -> Floats:
        """Places of values [N] in the colour table from 0 to 1; 0.5 for zero."""
        share = np.log1p(np.maximum(values, 0)) / math.log1p(self.span) if self.counts else values / self.span
        return np.clip(0.5 + 0.5 * share, 0.0, 1.0)

    def marks(self) -> list[tuple[float, str]]:
        """Numbers beside the legend, by their share of its height from the bottom."""
        if self.counts:
            middle = round(math.expm1(0.5 * math.log1p(self.span)))
            between = [(math.log1p(middle) / math.log1p(self.span), self.text(middle))] if 0 < middle < self.span else []
            return [(1.0, self.text(self.span)), *between, (0.0, "0")]
        if self.signed:
            return [(1.0, self.text(self.span)), (0.5, "0"), (0.0, self.text(-self.span))]
        return [(1.0, self.text(self.span)), (0.0, "0")]

    def colours(self, values: Floats) -> NDArray[np.uint8]:
        """[N, 4] RGBA of values [N]; transparent where there is none."""
        known = ~np.isnan(values)
        colours = theme.value_table()[(self.places(np.where(known, values, 0.0)) * 255).astype(np.intp)]
        colours[~known] = 0
        return colours

    def text(self, value: float) -> str:
        """A value, short; of a scale that reaches less far than a tenth, two digits of it."""
        if self.counts and value < 10_000:
            return f"{value:.0f}"
        return digits(value, 2) if self.span < SMALL and value else short(value)


@dataclass(frozen=True, eq=False)
class Known:
    """What numbers of states are made of, wherever the states are drawn.

    Attributes:
        snapshot, aside: what is known of a run.
        states: how many there are.
        span: the value that gets the strongest colour; -span the strongest on the other side of zero.
        ranges: what a person has fixed the span of a scale to, by its name.
    """

    snapshot: Snapshot
    aside: Aside
    states: int
    span: float
    ranges: Mapping[str, float] = field(default_factory=dict)


def largest(values: Floats | None) -> float:
    """The largest size of any value; 1 where there is none but 0."""
    if values is None or np.isnan(values).all():
        return 1.0
    return float(np.nanmax(np.abs(values))) or 1.0


def paint_cells(painter: QPainter, place: Placement, cells: Ints, colours: NDArray[np.uint8]) -> None:
    """Colour cells [N, 2], as one image with a pixel each, scaled up: its cost does not grow with the drawing."""
    picture = np.zeros((place.rows, place.columns, 4), np.uint8)
    picture[cells[:, 0], cells[:, 1]] = colours
    image = QImage(picture.data, place.columns, place.rows, 4 * place.columns, QImage.Format.Format_RGBA8888)
    painter.drawImage(QRectF(place.left, place.top, place.cell * place.columns, place.cell * place.rows), image)
