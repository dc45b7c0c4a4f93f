"""Where the agent stands: on a state, or for a moment on the arrow that it takes."""

import time
from itertools import pairwise

from PySide6.QtCore import QObject, QPointF, QVariantAnimation, Signal
from PySide6.QtGui import QPainter, QPen

from app.stage.graph.drawing import Arrow, Drawing
from app.theme import theme
from core.learner import Snapshot

SLOW = 0.2
"""Seconds between two steps from which the way can be shown."""
TRAVEL = 180
"""Milliseconds of the way."""


class Token(QObject):
    """Follows the snapshots of a run; `moved` asks to be painted."""

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state: str | None = None
        self.arrow: Arrow | None = None
        self.way: list[complex] = []
        self.units = 0
        self.last = 0.0
        self.travel = QVariantAnimation(self)
        self.travel.setDuration(TRAVEL)
        self.travel.setStartValue(0.0)
        self.travel.setEndValue(1.0)
        self.travel.valueChanged.connect(self._go)
        self.travel.finished.connect(self._arrive)

    def follow(self, snapshot: Snapshot | None, drawing: Drawing | None, bold: frozenset[tuple[str, str]]) -> None:
        """Go where the agent is, along the arrow it took where one step was made and there is time to see it."""
        before, now = self.state, time.monotonic()
        names = list(drawing.states) if drawing is not None else []
        known = snapshot is not None and snapshot.state is not None and snapshot.state < len(names)
        self.state = names[snapshot.state] if snapshot is not None and snapshot.state is not None and known else None
        stepped = snapshot is not None and snapshot.counters.units == self.units + 1 and "error bound" not in snapshot.metrics
        if snapshot is None or snapshot.counters.units != self.units:
            unhurried = now - self.last > SLOW
            self.last, self.units = now, snapshot.counters.units if snapshot is not None else 0
            self.travel.stop()
            self.way = []
            self.arrow = _taken(drawing, before, self.state, bold) if stepped and drawing is not None else None
            if self.arrow is not None and unhurried and drawing is not None:
                node = drawing.nodes[self.arrow.pair]
                self.way = [
                    drawing.states[node.pair[0]].at,
                    node.at,
                    *self.arrow.curve.points(16)[1:],
                    drawing.states[self.arrow.row.next].at,
                ]
                self.travel.start()

    def at(self, drawing: Drawing) -> complex | None:
        """Where to paint it, in units of the scene; None where nobody stands anywhere."""
        if self.state is None or self.state not in drawing.states:
            return None
        if self.way:
            lengths = [abs(other - one) for one, other in pairwise(self.way)]
            left = float(self.travel.currentValue()) * sum(lengths)
            for one, other, length in zip(self.way, self.way[1:], lengths, strict=False):
                if left <= length:
                    return one + (other - one) * (left / length if length else 0)
                left -= length
        return drawing.states[self.state].at - drawing.sizes.radius * (1 + 1j) / abs(1 + 1j)

    def paint(self, painter: QPainter, drawing: Drawing) -> None:
        """A dot with a ring, readable on every colour."""
        at = self.at(drawing)
        if at is not None:
            radius = 7.0 * drawing.sizes.scale if not drawing.sizes.simple else 16.0
            painter.setPen(QPen(theme.colour("panel"), radius * 0.35))
            painter.setBrush(theme.colour("agent"))
            painter.drawEllipse(QPointF(at.real, at.imag), radius, radius)

    def _go(self, _share: object) -> None:
        self.moved.emit()

    def _arrive(self) -> None:
        self.way = []
        self.moved.emit()


def _taken(drawing: Drawing, state: str | None, following: str | None, bold: frozenset[tuple[str, str]]) -> Arrow | None:
    """The arrow that was taken, as far as it can be told: of several, the one of a greedy action, then the likeliest."""
    ways = [arrow for arrow in drawing.arrows.values() if arrow.outcome[0] == state and arrow.row.next == following]
    return max(ways, key=lambda arrow: (arrow.pair in bold, arrow.row.probability), default=None)
