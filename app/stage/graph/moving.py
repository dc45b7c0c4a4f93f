"""A graph while some of its states are dragged, or after an edit: only the arrows concerned are laid anew, which keeps up with the hand."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace

from app.stage.graph.crowd import Box, around
from app.stage.graph.drawing import Drawing, Pair, write_labels
from app.stage.graph.routing import Router, lines_between
from core.worlds.table import TableWorld, Transition

Places = Mapping[str, tuple[float, float]]
MANY = 120
"""Actions from which straight lines stand for their arrows as long as the hand moves."""


class Moving:
    """Some states on their way.

    Args:
        drawing: of the table, before anything moved.
        places: of every state, before anything moved.
        states: those that are dragged.
        width: of a text in units of the scene.
        named: what an action is called on the screen.
        edited: states whose actions are others than in the drawing.

    Attributes:
        states: those that are dragged.
        pairs: every action of a state that is dragged or edited, or from which an action leads to one that is dragged.
        drawing: all of it, as it is now.
        coarse: whether `lines` stand for the arrows of the pairs.
        lines: straight lines from state to state.
    """

    def __init__(self, drawing: Drawing, world: TableWorld, places: Places, states: frozenset[str], width: Callable[[str], float],
                 named: Callable[[str], str], edited: frozenset[str] = frozenset()) -> None:  # fmt: skip
        self.world, self.states, self.width, self.named = world, states, width, named
        self.at = {name: complex(*place) * drawing.sizes.spacing for name, place in places.items()}
        self.sources = sources = states | edited | {row.state for row in world.transitions if row.next in states}
        rows: dict[Pair, list[Transition]] = defaultdict(list)
        for row in world.transitions:
            if row.state in sources:
                rows[row.state, row.action].append(row)
        self.rows = dict(rows)
        self.pairs = frozenset(self.rows)
        self.steps = {(row.state, row.next) for group in rows.values() for row in group if row.state != row.next}
        self.leads = {(row.state, row.next) for row in world.transitions if row.state != row.next and row.next in sources}
        self.drawing = drawing
        self.coarse = drawing.sizes.simple or len(self.pairs) > MANY
        self.lines: list[tuple[complex, complex]] = []
        self.involved = {*states, *(end for step in self.steps for end in step)}

    def to(self, places: Places, settled: bool = False, careful: bool = False) -> Box:
        """Put states elsewhere; the part of the scene that looks different.

        Args:
            settled: whether they stay there: labels keep clear of everything else.
            careful: whether labels and arrows may take time to avoid others.
        """
        before = self._bounds()
        sizes = self.drawing.sizes
        self.at |= {name: complex(*place) * sizes.spacing for name, place in places.items()}
        states = self.drawing.states | {name: replace(self.drawing.states[name], at=self.at[name]) for name in places}
        if self.coarse:
            self.lines = lines_between(self.at, self.steps, sizes.radius)
            self.drawing = replace(self.drawing, states=states)
        else:
            nodes, arrows = Router(self.world, self.at, self.rows, sizes, careful, self.leads).parts(self.named)
            others = {pair: node for pair, node in self.drawing.nodes.items() if pair[0] not in self.sources}
            further = {outcome: arrow for outcome, arrow in self.drawing.arrows.items() if outcome[0] not in self.sources}
            part = Drawing(sizes, {name: states[name] for name in self.involved}, nodes, arrows)
            write_labels(part, self.width, careful, Drawing(sizes, states, others, further) if settled else None)
            self.drawing = Drawing(sizes, states, others | nodes, further | arrows)
        after = self._bounds()
        return min(before[0], after[0]), min(before[1], after[1]), max(before[2], after[2]), max(before[3], after[3])

    def _bounds(self) -> Box:
        """A box around all that moves."""
        drawing, radius = self.drawing, self.drawing.sizes.radius
        boxes = [around(drawing.states[name].at, 6 * radius, 6 * radius) for name in self.sources]
        boxes += [around(end, 1, 1) for line in self.lines for end in line]
        if not self.coarse:
            nodes = [node for pair, node in drawing.nodes.items() if pair[0] in self.sources]
            arrows = [arrow for outcome, arrow in drawing.arrows.items() if outcome[0] in self.sources]
            boxes += [box for box in (*(node.box for node in nodes), *(arrow.box for arrow in arrows)) if box is not None]
            boxes += [around(node.at, radius, radius) for node in nodes]
            ends = [end for arrow in arrows for end in (arrow.curve.a, arrow.curve.b, arrow.curve.c, arrow.curve.d)]
            boxes += [around(end, radius, radius) for end in ends]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def followed(drawing: Drawing, before: tuple[TableWorld, Places], after: tuple[TableWorld, Places], width: Callable[[str], float],
             named: Callable[[str], str], careful: bool) -> Drawing | None:  # fmt: skip
    """The drawing after an edit, if that has changed little: laid anew where it has; None where all of it must be.

    Args:
        before: the table that is drawn, with the places of its states.
        after: the table after the edit, likewise.
    """
    (old, old_places), (world, places) = before, after
    if drawing.sizes.simple or old.states != world.states or old.start != world.start or old_places.keys() != places.keys():
        return None
    moved = {name: place for name, place in places.items() if place != old_places[name]}
    edited: frozenset[str] = frozenset()
    if old.transitions != world.transitions:
        was, rows = _by_state(old), _by_state(world)
        edited = frozenset(name for name in world.states if was.get(name) != rows.get(name))
        if was.keys() != rows.keys():
            return None
    if not moved and not edited:
        return drawing
    moving = Moving(drawing, world, old_places, frozenset(moved), width, named, edited)
    if moving.coarse:
        return None
    moving.to(moved, settled=True, careful=careful)
    return moving.drawing


def _by_state(world: TableWorld) -> dict[str, list[Transition]]:
    found: dict[str, list[Transition]] = defaultdict(list)
    for row in world.transitions:
        found[row.state].append(row)
    return found
