"""A graph as it is drawn: where every circle, node, arrow and label is, and what lies under a point. Pure geometry, no Qt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.stage.graph.crowd import Box, Crowd, around
from app.stage.graph.curves import Curve, turned
from app.stage.graph.outcome_text import proper
from core.worlds.table import Transition

Pair = tuple[str, str]
"""State and action."""
Outcome = tuple[str, str, int]
"""State, action, and which of the outcomes of the two."""
Part = str | Pair | Outcome
"""A state, an action in a state, or an outcome."""
DETAILED, OUTCOMES = 300, 1500
"""States and outcomes up to which actions, labels and curves are drawn; above, circles and straight lines."""
CAREFUL = 400
"""Outcomes up to which labels and arrows take their time to avoid one another."""


@dataclass(frozen=True)
class Sizes:
    """How large everything is, in units of the scene: pixels at zoom 1.

    Attributes:
        scale: of texts; 1 is normal, 1.6 is for a projector.
        simple: whether circles and lines are all that is drawn.
    """

    scale: float = 1.0
    simple: bool = False

    @property
    def radius(self) -> float:
        return 30.0 * self.scale

    @property
    def spacing(self) -> float:
        """From one state to the next."""
        return 3.0 * self.radius if self.simple else 100.0 + 100.0 * self.scale

    @property
    def node(self) -> float:
        """Radius of an action."""
        return 5.0 * self.scale

    @property
    def head(self) -> float:
        """Length of an arrow's head."""
        return 10.0 * self.scale

    @property
    def text(self) -> float:
        return 12.5 * self.scale


@dataclass(frozen=True, slots=True)
class State:
    """A circle. `start` is the way its start arrow comes from, and `chance` what stands at it."""

    name: str
    at: complex
    terminal: bool
    start: complex | None = None
    chance: str = ""


@dataclass(slots=True)
class Node:
    """An action in a state: a small filled node on the way to what follows; `way` is where it lies, as seen from the state."""

    pair: Pair
    at: complex
    way: complex
    total: float
    single: bool
    text: str = ""
    box: Box | None = None

    @property
    def wrong(self) -> bool:
        """Whether its probabilities do not add up to 1."""
        return not proper(self.total)


@dataclass(slots=True)
class Arrow:
    """An outcome: from its action's node to the circle of the next state."""

    outcome: Outcome
    row: Transition
    curve: Curve
    text: str = ""
    box: Box | None = None

    @property
    def pair(self) -> Pair:
        return self.outcome[:2]


@dataclass
class Drawing:
    """Everything there is to draw.

    Attributes:
        lines: where there is no detail, from border to border, by the states at their ends.
    """

    sizes: Sizes
    states: dict[str, State] = field(default_factory=dict)
    nodes: dict[Pair, Node] = field(default_factory=dict)
    arrows: dict[Outcome, Arrow] = field(default_factory=dict)
    lines: dict[tuple[str, str], tuple[complex, complex]] = field(default_factory=dict)

    @property
    def bounds(self) -> Box:
        """What it takes up, with a margin for names and heads."""
        radius, detailed = self.sizes.radius, not self.sizes.simple
        boxes = [around(state.at, 2 * radius, 2 * radius) for state in self.states.values()]
        boxes += [
            around(state.at + state.start * 2.2 * radius, radius, radius)
            for state in self.states.values()
            if state.start is not None and detailed
        ]
        boxes += [thing.box for things in (self.nodes, self.arrows) for thing in things.values() if thing.box]
        boxes += [around(node.at, 12, 12) for node in self.nodes.values()]
        boxes += [around(arrow.curve.at(t), 6, 6) for arrow in self.arrows.values() for t in (0.25, 0.5, 0.75)]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts) - 6, min(tops) - 6, max(rights) + 6, max(bottoms) + 6

    def state_at(self, point: complex, beyond: float = 0.0) -> str | None:
        """The state whose circle, made larger by so much, a point lies in; the nearest of several."""
        near = min(self.states.values(), key=lambda state: abs(state.at - point), default=None)
        return near.name if near is not None and abs(near.at - point) <= self.sizes.radius + beyond else None

    def node_at(self, point: complex, reach: float) -> Pair | None:
        """The action whose node or name is there."""
        for node in self.nodes.values():
            if abs(node.at - point) <= self.sizes.node + reach or _inside(node.box, point):
                return node.pair
        return None

    def label_at(self, point: complex) -> Outcome | None:
        """The outcome whose label is there."""
        return next((arrow.outcome for arrow in self.arrows.values() if _inside(arrow.box, point)), None)

    def arrow_at(self, point: complex, reach: float) -> Outcome | None:
        """The outcome whose line passes there."""
        if not self.arrows:
            return None
        start, along = self._segments
        share = np.clip(((point - start) * along.conj()).real / np.maximum(np.abs(along) ** 2, 1e-9), 0, 1)
        distances = np.abs(point - start - share * along).min(axis=1)
        nearest = int(distances.argmin())
        return list(self.arrows)[nearest] if distances[nearest] <= reach else None

    @cached_property
    def _segments(self) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
        """[arrows, 16] where straight pieces of each arrow begin, and where they go from there."""
        corners = np.array([[arrow.curve.a, arrow.curve.b, arrow.curve.c, arrow.curve.d] for arrow in self.arrows.values()])
        t = np.linspace(0, 1, 17)
        points = corners @ np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3])
        return points[:, :-1], np.diff(points, axis=1)

    def label_box(self, outcome: Outcome) -> Box:
        """Where its label is, or would be."""
        arrow = self.arrows[outcome]
        return arrow.box or around(arrow.curve.at(0.5), 60 * self.sizes.scale, 20 * self.sizes.scale)


def write_labels(drawing: Drawing, width: Callable[[str], float], careful: bool = True, others: Drawing | None = None) -> None:
    """Find a place for every name and label: beside its line, off circles, nodes, other labels and lines.

    Args:
        width: of a text in units of the scene.
        careful: whether to try many places.
        others: what is there beside the drawing, with labels that stay where they are.
    """
    sizes = drawing.sizes
    height = 1.35 * sizes.text
    crowd = Crowd()
    for state in drawing.states.values():
        crowd.add(around(state.at, 1.9 * sizes.radius, 1.9 * sizes.radius))
        if state.start is not None:
            crowd.pass_through([state.at + state.start * sizes.radius * (1 + n / 8) for n in range(10)])
    for node in drawing.nodes.values():
        crowd.add(around(node.at, 2.6 * sizes.node, 2.6 * sizes.node))
        crowd.pass_through([node.at - node.way * n * 7 * sizes.scale for n in range(1, 9)])
    for arrow in drawing.arrows.values():
        crowd.pass_through(arrow.curve.points(25))
    if others is not None and drawing.nodes:
        _keep_clear(crowd, others, _reach(drawing, 4 * sizes.radius))
    for arrow in drawing.arrows.values():
        if arrow.text:
            places = _beside(arrow.curve, width(arrow.text) + 6 * sizes.scale, height, careful)
            arrow.box = crowd.settle(places)
    for node in drawing.nodes.values():
        if node.text:
            places = _near(node, sizes, width(node.text) + 4 * sizes.scale, height, careful)
            node.box = crowd.settle(places)


def _reach(drawing: Drawing, beyond: float) -> Box:
    """A box around nodes and arrows, larger by so much."""
    points = [node.at for node in drawing.nodes.values()] + [arrow.curve.at(t / 4) for arrow in drawing.arrows.values() for t in range(5)]
    across, down = [point.real for point in points], [point.imag for point in points]
    return min(across) - beyond, min(down) - beyond, max(across) + beyond, max(down) + beyond


def _keep_clear(crowd: Crowd, others: Drawing, within: Box) -> None:
    """Have labels avoid what lies in a box."""
    radius, node_size = others.sizes.radius, others.sizes.node
    for state in others.states.values():
        if _inside(within, state.at):
            crowd.add(around(state.at, 1.9 * radius, 1.9 * radius))
    for node in others.nodes.values():
        if _inside(within, node.at):
            crowd.add(around(node.at, 2.6 * node_size, 2.6 * node_size))
            if node.box:
                crowd.add(node.box)
    for arrow in others.arrows.values():
        if _inside(within, arrow.curve.a) or _inside(within, arrow.curve.d):
            crowd.pass_through(arrow.curve.points(25))
            if arrow.box:
                crowd.add(arrow.box)


def _beside(curve: Curve, wide: float, high: float, careful: bool) -> list[tuple[float, Box]]:
    """Places along a curve with what each costs: on its outer side, on the other, on the line itself."""
    places = []
    bend = (curve.at(0.5) - (curve.a + curve.d) / 2) / (curve.d - curve.a) if abs(curve.d - curve.a) > 1e-6 else 0j
    outer = 1 if bend.imag > 0 or (abs(bend.imag) < 1e-3 and (curve.d - curve.a).real < 0) else -1
    for t in (0.35, 0.45, 0.25, 0.55, 0.65, 0.75) if careful else (0.4,):
        point = curve.at(t)
        along = curve.at(t + 0.02) - curve.at(t - 0.02)
        for side, cost in ((outer, 0), (-outer, 60), (0, 330)):
            normal = turned(along / abs(along), side * 1.5708) if side and abs(along) > 1e-9 else 0j
            places.append((cost + 200 * abs(t - 0.35), _touching(point, normal, 3, wide, high)))
    return places


def _near(node: Node, sizes: Sizes, wide: float, high: float, careful: bool) -> list[tuple[float, Box]]:
    """Places around an action's node, with what each costs."""
    places: list[tuple[float, Box]] = []
    for angle, cost in ((-1.57, 0), (1.57, 20), (-0.9, 30), (0.9, 30), (-2.2, 40), (2.2, 40), (0.0, 60))[: 7 if careful else 1]:
        places.append((cost, _touching(node.at, turned(node.way, angle), sizes.node + 1, wide, high)))
    return places


def _touching(point: complex, way: complex, gap: float, wide: float, high: float) -> Box:
    """A box that begins `gap` from a point in a direction: with its side where that is level or upright, else with a corner."""
    across, down = (max(-1.0, min(1.0, 2.4 * part)) for part in (way.real, way.imag))
    return around(point + gap * way + complex(across * wide / 2, down * high / 2), wide, high)


def _inside(box: Box | None, point: complex) -> bool:
    return box is not None and box[0] <= point.real <= box[2] and box[1] <= point.imag <= box[3]
