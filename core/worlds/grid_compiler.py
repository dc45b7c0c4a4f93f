"""Makes the transition table of a grid, as `core.worlds.grid` tells the rules.

A state is a cell and the keys that are held there. Without keys there is one state for every cell that is no wall, row by row;
with keys, those that can be come to from some cell with empty hands.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import WorldError, nearest
from core.worlds import build
from core.worlds.grid import DOORS, KEYS, PORTALS, STAY, WAYS, Cell, GridWorld
from core.worlds.grid_names import place_of, side_of, wind_of
from core.worlds.mdp import Bools, FiniteMDP, Floats, Ints


@dataclass(frozen=True, eq=False)
class GridMDP:
    """A compiled grid. Its states lie in layers, one for every set of keys that may be held.

    Attributes:
        mdp: the transition table.
        layers: [L, rows, columns] int64, the state of each cell with the keys of each layer, -1 where there is none.
        held: L texts, the keys of each layer: "" with empty hands, "ab" with two keys.
        cell_of_state: [S, 2] int64, row and column.
        layer_of_state: [S] int64.
    """

    mdp: FiniteMDP
    layers: Ints
    held: tuple[str, ...]
    cell_of_state: Ints
    layer_of_state: Ints

    @property
    def state_of_cell(self) -> Ints:
        """[rows, columns] int64, the state of each cell with empty hands, -1 where there is none."""
        return self.layers[0]


@dataclass(frozen=True, eq=False)
class _Cells:
    """The cells that are no walls, numbered row by row, N of them, and what is on them."""

    world: GridWorld
    number: Ints
    place: Ints
    sign: NDArray[np.uint8]

    def where(self, signs: str) -> Bools:
        """[N] whether a cell has one of the signs."""
        return np.isin(self.sign, np.frombuffer(signs.encode(), np.uint8))

    @property
    def back(self) -> Bools:
        """[N] whether who comes to a cell is put back to the start."""
        leads = self.world.traps_lead_back and not self.world.traps_end and self.where(Cell.start).any()
        return self.where(Cell.trap) & leads

    @property
    def standing(self) -> Bools:
        """[N] whether one can be there with empty hands."""
        return ~self.where(DOORS) & ~self.back

    def array(self, values: dict[str, float], default: float) -> Floats:
        """[N] a field by cell as an array."""
        found = np.full(self.number.shape, default)
        for name, value in values.items():
            found[place_of(name, "")] = value
        return found[self.number >= 0]


def compiled(world: GridWorld) -> GridMDP:
    """Compile a grid; WorldError where its own transitions name what there is not, or do not add up."""
    signs = np.frombuffer("".join(world.map).encode(), np.uint8).reshape(world.rows, world.columns)
    free = signs != ord(Cell.wall)
    cells = _Cells(world, np.where(free, np.cumsum(free).reshape(free.shape) - 1, -1).astype(np.int64), np.argwhere(free), signs[free])
    terminal = cells.where(Cell.goal + Cell.end + (Cell.trap if world.traps_end else ""))
    keys = [key for key in KEYS if cells.where(key).any()]
    held = ["".join(key for bit, key in enumerate(keys) if group >> bit & 1) for group in range(2 ** len(keys))]
    picked = sum((cells.where(key) << bit for bit, key in enumerate(keys)), start=np.zeros(len(cells.sign), np.int64))

    count, turns = len(cells.sign), _turns(world)
    chances = _chances(cells, turns)
    likely = np.flatnonzero(chances.any(axis=(0, 1)))
    entered, landing = [], []
    for group, names in enumerate(held):
        shut = cells.where("".join(door for door, key in zip(DOORS, KEYS, strict=True) if key not in names))
        come_to = _come_to(cells, shut, turns, likely)
        landed = _led(cells, come_to)
        entered.append(come_to)
        landing.append(landed + count * (group | picked[landed]))
    there = _reachable(cells, keys, picked, terminal, landing) if keys else cells.standing
    return _assemble(cells, held, terminal, picked, chances[:, :, likely], there, np.concatenate(entered), np.concatenate(landing))


def _assemble(
    cells: _Cells, held: list[str], terminal: Bools, picked: Ints, chances: Floats, there: Bools, entered: Ints, landing: Ints
) -> GridMDP:
    """The table, from the cell that each outcome comes to and the state in which it ends, both [groups × N, A, O]."""
    world = cells.world
    number = np.where(there, np.cumsum(there) - 1, -1)
    group_of, cell_of = np.divmod(np.flatnonzero(there), len(cells.sign))
    over = terminal[cell_of]
    source = np.flatnonzero(~over)
    kept = np.flatnonzero(there)[source]
    next_state = number[landing[kept]]
    shape = next_state.shape
    used = np.unique(group_of)
    layer = np.searchsorted(used, group_of)
    place = cells.place[cell_of]
    layers = np.full((len(used), world.rows, world.columns), -1, np.int64)
    layers[layer, place[:, 0], place[:, 1]] = np.arange(len(cell_of))
    names = [f"{row},{column}" for row, column in place.tolist()]
    if len(used) > 1:
        names = [name + (f"+{held[group]}" if group else "") for name, group in zip(names, group_of.tolist(), strict=True)]
    columns: dict[str, NDArray[Any]] = {
        "state": np.broadcast_to(source[:, None, None], shape).ravel(),
        "action": np.broadcast_to(np.arange(shape[1])[:, None], shape).ravel(),
        "next_state": next_state.ravel(),
        "probability": chances[cell_of[source]].ravel(),
        "reward": _rewards(cells)[entered[kept]].ravel(),
        "terminated": over[next_state].ravel(),
    }
    if world.transitions:
        columns = _with_own(columns, world, names, over)
    mdp = build.from_rows(
        names,
        world.actions,
        **columns,
        start=_starts(cells, terminal, picked, cell_of, group_of),
        discount=world.discount,
        step_limit=world.step_limit,
    )
    return GridMDP(mdp, layers, tuple(held[group] for group in used), place, layer)


def _turns(world: GridWorld) -> Ints:
    """[A, O] the moves that an intended one may become: itself, the next to its right, the next to its left."""
    ways = [name for name in world.actions if name != STAY]
    moves = np.arange(len(ways))[:, None] + np.array([0, 1, -1])
    slipping = moves % len(ways)
    return np.vstack([slipping, np.full((1, 3), len(ways))]) if STAY in world.actions else slipping


def _chances(cells: _Cells, turns: Ints) -> Floats:
    """[N, A, O] probabilities of `_outcomes`: which way it goes, and how strongly the wind blows; last, that it sticks."""
    slip = cells.array(cells.world.slips, cells.world.slip)
    way = np.stack([1 - 2 * slip, slip, slip], axis=1)
    chance = np.repeat(way[:, None], len(turns), axis=1)
    chance[:, turns[:, 0] == turns[:, 1]] = (1.0, 0.0, 0.0)
    if cells.world.gusts and cells.world.winds:
        chance = np.repeat(chance / 3, 3, axis=2)
    stuck = cells.where(Cell.sticky)[:, None, None] * cells.world.stickiness
    return np.concatenate([chance * (1 - stuck), np.broadcast_to(stuck, (*chance.shape[:2], 1))], axis=2)


def _come_to(cells: _Cells, shut: Bools, turns: Ints, likely: Ints) -> Ints:
    """[N, A, O] the cell that each likely outcome comes to, with some doors shut."""
    world = cells.world
    step = _steps(cells, shut)
    stay = np.arange(len(step))
    ways = [list(WAYS).index(name) for name in world.actions if name != STAY]
    ice = cells.where(Cell.ice)
    moved = np.column_stack([_slid(step[:, way], ice) for way in ways] + [stay])
    strengths = [-1, 0, 1] if world.gusts and world.winds else [0]
    ends = np.stack([_blown(cells, step, moved, gust) for gust in strengths], axis=2)
    way, gust = np.divmod(likely, len(strengths))
    found = np.empty((len(step), len(turns), len(likely)), np.int64)
    for place in range(len(likely)):
        found[:, :, place] = stay[:, None] if way[place] == turns.shape[1] else ends[:, turns[:, way[place]], gust[place]]
    return found


def _steps(cells: _Cells, shut: Bools) -> Ints:
    """[N, 8] where one step in each of `WAYS` leads; the cell itself where something is in the way."""
    world = cells.world
    count = len(cells.sign)
    open_number = np.pad(cells.number, 1, constant_values=-1)
    open_number[1:-1, 1:-1][tuple(cells.place[shut].T)] = -1
    row, column = cells.place.T + 1
    crossing = {name: np.ones((world.rows + 2, world.columns + 2), bool) for name in ("up", "right", "down", "left")}
    for name, passing in world.fences.items():
        r, c, side = side_of(name, "")
        there, back = ("right", "left") if side == "right" else ("down", "up")
        crossing[there][r + 1, c + 1] = passing == there
        crossing[back][r + 1 + (side == "down"), c + 1 + (side == "right")] = passing == back

    def reach(way: str, r: Ints, c: Ints) -> Bools:
        down, across = WAYS[way]
        return (open_number[r + down, c + across] >= 0) & crossing[way][r, c]

    steps = np.empty((count, len(WAYS)), np.int64)
    for place, (way, (down, across)) in enumerate(WAYS.items()):
        if " " in way:
            first, second = way.split()
            (down_1, across_1), (down_2, across_2) = WAYS[first], WAYS[second]
            free = (reach(first, row, column) & reach(second, row + down_1, column + across_1)) | (
                reach(second, row, column) & reach(first, row + down_2, column + across_2)
            )
        else:
            free = reach(way, row, column)
        steps[:, place] = np.where(free, open_number[row + down, column + across], np.arange(count))
    return steps


def _slid(step: Ints, ice: Bools) -> Ints:
    """[N] where a step ends once it has slid over ice: on each round, twice as far."""
    if not ice.any():
        return step
    on = np.where(ice, step, np.arange(len(step)))
    while not np.array_equal(on, on[on]):
        on = on[on]
    return on[step]


def _blown(cells: _Cells, step: Ints, moved: Ints, gust: int) -> Ints:
    """[N, moves + 1] where each ends once the wind of the cell that was left has carried it on."""
    blown = moved.copy()
    for wind in sorted(set(cells.world.winds.values())):
        way, strength = wind_of(wind)
        cell = np.array([cells.number[place_of(name, "")] for name, other in cells.world.winds.items() if other == wind])
        cell = cell[cell >= 0]
        there = blown[cell]
        for _ in range(strength + gust):
            there = step[there, list(WAYS).index(way)]
        blown[cell] = there
    return blown


def _led(cells: _Cells, come_to: Ints) -> Ints:
    """Where portals, and traps that lead back, put who has come there; not who has only stayed, as `come_to` [N, A, O] tells."""
    other = np.arange(len(cells.sign))
    for sign in PORTALS:
        pair = np.flatnonzero(cells.where(sign))
        if len(pair) == 2:
            other[pair] = pair[::-1]
    if cells.back.any():
        other[cells.back] = np.flatnonzero(cells.where(Cell.start))[0]
    if np.array_equal(other, np.arange(len(other))):
        return come_to
    here = np.arange(len(come_to))[:, None, None]
    return np.where(come_to == here, come_to, other[come_to])


def _rewards(cells: _Cells) -> Floats:
    """[N] what a step earns that comes to a cell."""
    world = cells.world
    kinds = world.goal_reward * cells.where(Cell.goal) + world.trap_reward * cells.where(Cell.trap)
    own = cells.array(world.rewards, np.nan)
    return world.living_reward + np.where(np.isnan(own), kinds, own)


def _starts(cells: _Cells, terminal: Bools, picked: Ints, cell_of: Ints, group_of: Ints) -> Floats | None:
    """[S] probabilities of starting, with no other key than one that lies there; None for anywhere."""
    weight = cells.where(Cell.start) * cells.array(cells.world.starts, 1.0)
    if not weight.any():
        if not group_of.any():
            return None
        weight = (~terminal).astype(float)
    start = np.where(group_of == picked[cell_of], weight[cell_of], 0.0)
    return start / start.sum() if start.any() else None


def _reachable(cells: _Cells, keys: list[str], picked: Ints, terminal: Bools, landing: list[Ints]) -> Bools:
    """[groups × N] which states there are: come to from some cell with empty hands, or with the key that lies there."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    count = len(cells.sign)
    total = count * len(landing)
    going = np.flatnonzero(~np.tile(terminal, len(landing)))
    following = np.concatenate(landing)[going].reshape(len(going), -1)
    first = (np.arange(count) + count * picked)[cells.standing]
    row = np.concatenate([np.repeat(going, following.shape[1]), np.full(len(first), total)])
    column = np.concatenate([following.ravel(), first])
    graph = csr_array((np.ones(len(row), np.int8), (row, column)), shape=(total + 1, total + 1))
    there = np.zeros(total + 1, bool)
    there[breadth_first_order(graph, total, return_predecessors=False)] = True
    return there[:total]


def _with_own(columns: dict[str, NDArray[Any]], world: GridWorld, names: list[str], over: Bools) -> dict[str, NDArray[Any]]:
    """The rows with the world's own transitions in place of those of their state and action; an end has none."""
    state = {name: place for place, name in enumerate(names)}
    action = {name: place for place, name in enumerate(world.actions)}
    for number, row in enumerate(world.transitions):
        for field, known in (("state", state), ("action", action), ("next", state)):
            name = getattr(row, field)
            if name not in known:
                near = nearest(name, known)
                raise WorldError(
                    f"there is no {'action' if field == 'action' else 'state'} '{name}'",
                    where=f"transitions.{number}.{field}",
                    remedy=f"Did you mean {near[0]}?" if near else "Take this transition out",
                )
    own = {
        "state": np.array([state[row.state] for row in world.transitions]),
        "action": np.array([action[row.action] for row in world.transitions]),
        "next_state": np.array([state[row.next] for row in world.transitions]),
        "probability": np.array([row.probability for row in world.transitions]),
        "reward": np.array([row.reward for row in world.transitions]),
        "terminated": np.array([row.ends or over[state[row.next]] for row in world.transitions]),
    }
    own = {name: values[~over[own["state"]]] for name, values in own.items()}
    pair = own["state"] * len(action) + own["action"]
    kept = ~np.isin(columns["state"] * len(action) + columns["action"], pair)
    return {name: np.concatenate([values[kept], own[name]]) for name, values in columns.items()}
