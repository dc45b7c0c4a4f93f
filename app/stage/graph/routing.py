"""Lays the arrows of a graph: actions around their states, arrows that part from one another and go around states in their way."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set

import numpy as np

from app.stage.graph import curves
from app.stage.graph.curves import Curve, angle_between, turned, unit
from app.stage.graph.drawing import Arrow, Drawing, Node, Outcome, Pair, Sizes, State, write_labels
from app.stage.graph.outcome_text import label, total
from core.worlds.mdp import Floats
from core.worlds.table import TableWorld, Transition

APART = 0.6
"""Radians between two actions of a state."""
ASIDE = -0.3
"""Radians by which an action makes way for one that comes back: both keep to the same hand, so they part."""
OVER = -0.85
"""Radians by which an action that goes over other states rises."""
BENDS = (0.0, -0.3, 0.3, -0.6, 0.6, -0.9, 0.9, -1.2, 1.2)
UP, LEFT = -1j, -1 + 0j


def draw(
    world: TableWorld,
    places: Mapping[str, tuple[float, float]],
    sizes: Sizes,
    width: Callable[[str], float],
    named: Callable[[str], str] = str,
    careful: bool = True,
) -> Drawing:
    """The drawing of a table.

    Args:
        places: of every state.
        width: of a text in units of the scene.
        named: what an action is called on the screen.
        careful: whether labels and arrows may take time to avoid others.
    """
    at = {name: complex(*places[name]) * sizes.spacing for name in world.states}
    pairs: dict[Pair, list[Transition]] = defaultdict(list)
    for row in world.transitions:
        pairs[row.state, row.action].append(row)
    if sizes.simple:
        return _simple(world, at, pairs, sizes)
    return Router(world, at, dict(pairs), sizes, careful).drawing(width, named)


def _simple(world: TableWorld, at: dict[str, complex], pairs: Mapping[Pair, list[Transition]], sizes: Sizes) -> Drawing:
    active = {state for state, _ in pairs}
    steps = list({(row.state, row.next) for row in world.transitions if row.state != row.next})
    lines = dict(zip(steps, lines_between(at, steps, sizes.radius), strict=True))
    return Drawing(sizes, {name: State(name, at[name], name not in active) for name in world.states}, lines=lines)


def lines_between(at: Mapping[str, complex], steps: Iterable[tuple[str, str]], radius: float) -> list[tuple[complex, complex]]:
    """A straight line for each step from a state to another, from border to border."""
    found = []
    for state, following in steps:
        border = unit(at[following] - at[state]) * radius
        found.append((at[state] + border, at[following] - border))
    return found


class Router:
    """Lays the arrows of one table, or of some of its actions.

    Args:
        at: where every state is.
        pairs: the outcomes of the actions to be laid; all actions of a state or none.
        leads: the steps from another state to one of theirs, in the whole table; None where `pairs` is all of it.
    """

    def __init__(self, world: TableWorld, at: dict[str, complex], pairs: dict[Pair, list[Transition]], sizes: Sizes, careful: bool,
                 leads: Set[tuple[str, str]] | None = None) -> None:  # fmt: skip
        self.world, self.at, self.pairs, self.sizes, self.careful = world, at, pairs, sizes, careful
        self.centres: Floats = np.array([[point.real, point.imag] for point in at.values()])
        self.number = {name: n for n, name in enumerate(at)}
        self.turned = list(world.states if leads is None else dict.fromkeys(state for state, _ in pairs))
        self.leads = {(row.state, row.next) for row in world.transitions if row.state != row.next} if leads is None else leads
        self.starts: dict[str, complex] = {}
        self.ways: dict[Pair, complex] = {}
        self.taken: defaultdict[str, list[float]] = defaultdict(list)
        self.nodes_at: Floats = np.empty((0, 2))

    def drawing(self, width: Callable[[str], float], named: Callable[[str], str]) -> Drawing:
        """Everything at its place."""
        nodes, arrows = self.parts(named)
        active = {state for state, _ in self.pairs}
        several = sum(chance > 0 for chance in self.world.start.values()) > 1
        states = {
            name: State(name, self.at[name], name not in active, self.starts.get(name),
                        f"{self.world.start[name]:.3g}" if name in self.starts and several else "")
            for name in self.world.states
        }  # fmt: skip
        drawing = Drawing(self.sizes, states, nodes, arrows)
        write_labels(drawing, width, self.careful)
        return drawing

    def parts(self, named: Callable[[str], str]) -> tuple[dict[Pair, Node], dict[Outcome, Arrow]]:
        """Nodes and arrows with their texts, which have no place yet."""
        self._turn_actions()
        nodes = {pair: self._node(pair, rows) for pair, rows in self.pairs.items()}
        arrows = self._arrows(nodes)
        for node in nodes.values():
            node.text = f"{named(node.pair[1])}  Σ {total(node.total)}" if node.wrong else named(node.pair[1])
        for arrow in arrows.values():
            arrow.text = label(arrow.row, nodes[arrow.pair].single)
        return nodes, arrows

    def _turn_actions(self) -> None:
        """Where the actions of each state lie around it, and where its start arrow comes from."""
        wanted: dict[Pair, complex] = {}
        for (state, action), rows in self.pairs.items():
            way = self._wanted(state, rows)
            if way is not None:
                wanted[state, action] = way
        coming: defaultdict[str, list[float]] = defaultdict(list)
        for state, following in self.leads:
            coming[following].append(_angle(self.at[state] - self.at[following]))
        of_state: defaultdict[str, list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            of_state[pair[0]].append(pair)
        for state in self.turned:
            own = [pair for pair in of_state[state] if pair in wanted]
            taken = [_angle(wanted[pair]) for pair in own] + coming[state]
            if self.world.start.get(state, 0) > 0:
                free = all(abs(angle_between(LEFT, _way(angle))) > 0.5 for angle in taken)
                self.starts[state] = LEFT if free else _way(curves.widest(taken, math.pi))
                taken.append(_angle(self.starts[state]))
            for pair in of_state[state]:
                if pair not in wanted:
                    wanted[pair] = _way(curves.widest(taken, -math.pi / 2))
                    taken.append(_angle(wanted[pair]))
            fixed = [_angle(self.starts[state])] if state in self.starts else []
            angles = curves.spread([_angle(wanted[pair]) for pair in of_state[state]], APART, fixed, 0.45)
            self.ways |= {pair: _way(angle) for pair, angle in zip(of_state[state], angles, strict=True)}
            self.taken[state] = angles + fixed

    def _wanted(self, state: str, rows: list[Transition]) -> complex | None:
        """Towards what follows; None where nothing but the state itself does."""
        others = [row for row in rows if row.next != state and self.at[row.next] != self.at[state]]
        if not others:
            return None
        ways = [unit(self.at[row.next] - self.at[state]) for row in others]
        mean = sum((way * row.probability for way, row in zip(ways, others, strict=True)), 0j) / sum(row.probability for row in others)
        if abs(mean) < 0.25:
            across = ways[0] * 1j
            return across if across.imag < 0 or (across.imag < 1e-9 and across.real > 0) else -across
        way = unit(mean)
        likely = max(others, key=lambda row: row.probability)
        if 2 * likely.probability >= sum(row.probability for row in others) and self._hits(
            [self.at[state], self.at[likely.next]], {state, likely.next}
        ):
            return turned(way, OVER)
        return turned(way, ASIDE) if (likely.next, state) in self.leads else way

    def _node(self, pair: Pair, rows: list[Transition]) -> Node:
        state, way = pair[0], self.ways[pair]
        scale, radius = self.sizes.scale, self.sizes.radius
        others = {row.next for row in rows} - {state}
        room = min((abs(self.at[other] - self.at[state]) for other in others), default=0.0) - 2 * radius
        far = min(max(0.33 * room, 24 * scale), 52 * scale) if others else 32 * scale
        return Node(pair, self.at[state] + way * (radius + far), way, math.fsum(row.probability for row in rows), len(rows) == 1)

    def _arrows(self, nodes: Mapping[Pair, Node]) -> dict[Outcome, Arrow]:
        self.nodes_at = np.array([[node.at.real, node.at.imag] for node in nodes.values()]).reshape(-1, 2)
        leaving: dict[Outcome, complex] = {}
        arriving: dict[Outcome, complex] = {}
        rows: dict[Outcome, Transition] = {}
        into: defaultdict[str, list[Outcome]] = defaultdict(list)
        for pair, group in self.pairs.items():
            for number, row in enumerate(group):
                outcome = (*pair, number)
                rows[outcome] = row
                into[row.next].append(outcome)
                if row.next != pair[0]:
                    leaving[outcome], arriving[outcome] = self._bend(nodes[pair], row)
        for state, outcomes in into.items():
            for outcome in outcomes:
                if outcome not in arriving:
                    way = nodes[outcome[:2]].way
                    hindrances = self.taken[state] + [_angle(arriving[other]) for other in outcomes if other in arriving]
                    arriving[outcome] = max((turned(way, 0.8), turned(way, -0.8)), key=lambda side: _room(side, hindrances))
            angles = curves.spread([_angle(arriving[outcome]) for outcome in outcomes], 0.36, self.taken[state], 0.3)
            arriving |= {outcome: _way(angle) for outcome, angle in zip(outcomes, angles, strict=True)}
        arrows = {}
        for outcome, row in rows.items():
            node, centre = nodes[outcome[:2]], self.at[row.next]
            if row.next == outcome[0]:
                curve = curves.back(node.at, node.way, centre, arriving[outcome], self.sizes.radius)
            else:
                curve = curves.arrow(node.at, leaving[outcome], centre, arriving[outcome], self.sizes.radius)
            arrows[outcome] = Arrow(outcome, row, curve)
        return arrows

    def _bend(self, node: Node, row: Transition) -> tuple[complex, complex]:
        """How an arrow leaves its node and arrives: as one bend, around states in its way."""
        centre = self.at[row.next]
        direct = unit(centre - node.at)
        natural = angle_between(direct, unit(node.way + 1.2 * direct)) if abs(node.way + 1.2 * direct) > 1e-6 else 0.9
        if not self.careful or not self._cost(self._arc(node.at, direct, centre, natural), row.next):
            return turned(direct, natural), turned(-direct, -0.6 * natural)
        best, least = natural, math.inf
        for bend in (natural, *BENDS):
            cost = self._cost(self._arc(node.at, direct, centre, bend), row.next) + 0.4 * abs(bend - natural) + 0.1 * abs(bend)
            if cost < least:
                best, least = bend, cost
        return turned(direct, best), turned(-direct, -best)

    def _arc(self, start: complex, direct: complex, centre: complex, bend: float) -> Curve:
        return curves.arrow(start, turned(direct, bend), centre, turned(-direct, -bend), self.sizes.radius)

    def _cost(self, curve: Curve, target: str) -> float:
        """What is in the way of a curve: states above all, nodes of other actions a little."""
        points = curve.points(15)
        others = self.nodes_at[np.abs(self.nodes_at - (curve.a.real, curve.a.imag)).sum(axis=1) > 1]
        nodes = self._near(points[2:], others, 2.2 * self.sizes.node)
        return self._hits(points, {target}, shared=1.2) + 0.6 * nodes

    def _hits(self, line: list[complex], except_for: set[str], shared: float = 1.25) -> int:
        """How many states a line of points passes through, or nearly so."""
        return self._near(line, np.delete(self.centres, [self.number[name] for name in except_for], axis=0), shared * self.sizes.radius)

    def _near(self, line: list[complex], centres: Floats, distance: float) -> int:
        """How many points a line passes nearer than that."""
        points = np.array([[point.real, point.imag] for point in line])
        low, high = points.min(axis=0) - distance, points.max(axis=0) + distance
        centres = centres[((centres > low) & (centres < high)).all(axis=1)][:, None]
        if not len(centres):
            return 0
        along = points[1:] - points[:-1]
        squares = np.maximum((along**2).sum(axis=1), 1e-9)
        share = np.clip(((centres - points[:-1]) * along).sum(axis=2) / squares, 0, 1)
        distances = np.linalg.norm(centres - (points[:-1] + share[..., None] * along), axis=2).min(axis=1)
        return int((distances < distance).sum())


def _angle(way: complex) -> float:
    return math.atan2(way.imag, way.real)


def _way(angle: float) -> complex:
    return complex(math.cos(angle), math.sin(angle))


def _room(way: complex, hindrances: list[float]) -> float:
    return min((abs(angle_between(way, _way(angle))) for angle in hindrances), default=math.pi)
