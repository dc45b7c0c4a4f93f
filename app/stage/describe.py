"""Everything of a cell in a line: what it is, what is said of it, what is known of it."""

import numpy as np

from app.stage.lettering import short
from app.stage.marks import percent, signed
from app.text import tr
from core.learner import Snapshot
from core.worlds.clip import name
from core.worlds.grid import Cell, GridWorld
from core.worlds.grid_compiler import GridMDP
from core.worlds.shapes import Place

BETWEEN = "   "


def cell_words(world: GridWorld, cell: Place) -> list[str]:
    """Its kind and what is said of it."""
    kind, known = world.cell(*cell), name(cell)
    letter = f" {kind.value}" if kind.family in ("key", "door", "portal") else ""
    words = [tr("row {row}, column {column}: {kind}", row=cell[0], column=cell[1], kind=tr(kind.family) + letter)]
    if kind is Cell.wall:
        return words
    if kind.family == "portal":
        other = next((place for place in world.find(kind) if place != cell), None)
        words.append(tr("leads to {cell}", cell=name(other)) if other is not None else tr("its other end is missing"))
    if reward := world.reward(*cell):
        words.append(tr("reward {reward}", reward=signed(reward)))
    if known in world.slips:
        words.append(tr("slip {slip}", slip=percent(world.slips[known])))
    if known in world.winds:
        way, _, strength = world.winds[known].partition(" ")
        words.append(tr("wind {way} {strength}", way=tr(way), strength=strength))
    if kind is Cell.start and known in world.starts:
        words.append(tr("start weight {weight:g}", weight=world.starts[known]))
    own = sum(row.state.partition("+")[0] == known for row in world.transitions)
    if own:
        words.append(tr("{count} own transitions", count=own))
    return words


def known_words(world: GridWorld, grid: GridMDP, snapshot: Snapshot, cell: Place, layer: int) -> list[str]:
    """Its values and visits with the keys of a layer."""
    state = int(grid.layers[layer, cell[0], cell[1]])
    if state < 0 or snapshot.values is None:
        return []
    words = [f"V = {short(snapshot.values[state])}"]
    if snapshot.q is not None and not np.isnan(snapshot.q[state]).all():
        values = zip(world.actions, snapshot.q[state], strict=True)
        words.append("Q: " + "  ".join(f"{tr(action)} {short(value)}" for action, value in values if not np.isnan(value)))
    if snapshot.visits is not None:
        words.append(tr("{visits} updates", visits=f"{snapshot.visits[state]:,}"))
    return words
