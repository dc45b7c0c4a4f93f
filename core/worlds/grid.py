"""Grid worlds: a map of cells that compiles to a finite MDP and keeps the way back from state to cell.

A step goes to a neighbouring cell. With probability `slip` each it goes in the direction next to the intended one, on its
right or on its left (90° away with four moves, 45° with eight). Into a wall, over the edge, across a fence or into a door
without its key it stays; a diagonal step needs one of the two ways round the corner to be free as well. Then, in this order:

- on ice it slides on in the same direction, to the first cell that is no ice or until something is in the way;
- the wind of the cell it left carries it some cells further, as far as it can;
- the step earns the living reward and the reward of the cell that it has come to: the cell's own, or that of its kind;
- who has come to a portal comes out of the other one of its pair, who has fallen into a trap that leads back is at the start;
- who has come to a cell with a key holds that key from then on, and doors of its letter are open.

Leaving a sticky cell fails with the probability `stickiness`: the agent stays, and that is a step like any other. Coming to a goal
or an end ends the episode, falling into a trap where `traps_end` says so. `core.worlds.grid_compiler` makes the transition table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from core.config import setting
from core.errors import WorldError
from core.worlds.document import Document, Rules
from core.worlds.grid_names import cell_of, place_of, side_of, wind_of
from core.worlds.mdp import FiniteMDP
from core.worlds.shapes import Place as Place
from core.worlds.table import Transition

if TYPE_CHECKING:
    from core.worlds.grid_compiler import GridMDP

LARGEST = 1000
"""Cells along one side at most."""
STRONGEST = 99
"""Cells that a wind carries at most."""

WAYS = {
    "up": (-1, 0), "up right": (-1, 1), "right": (0, 1), "down right": (1, 1),
    "down": (1, 0), "down left": (1, -1), "left": (0, -1), "up left": (-1, -1),
}  # fmt: skip
"""Every direction, clockwise, with its (row, column)."""
STAY = "stay"


class Moves(StrEnum):
    """Which actions there are."""

    four = "four"
    four_or_stay = "four or stay"
    eight = "eight"
    eight_or_stay = "eight or stay"

    @property
    def names(self) -> tuple[str, ...]:
        """The actions; directions clockwise."""
        ways = [way for way in WAYS if self in (Moves.eight, Moves.eight_or_stay) or " " not in way]
        return (*ways, STAY) if self in (Moves.four_or_stay, Moves.eight_or_stay) else tuple(ways)


class Cell(StrEnum):
    """What a cell is, as written in the map."""

    floor = "."
    wall = "#"
    start = "S"
    goal = "G"
    trap = "T"
    end = "X"
    ice = "~"
    sticky = "%"
    key_a = "a"
    key_b = "b"
    key_c = "c"
    key_d = "d"
    door_a = "A"
    door_b = "B"
    door_c = "C"
    door_d = "D"
    portal_1 = "1"
    portal_2 = "2"
    portal_3 = "3"
    portal_4 = "4"
    portal_5 = "5"
    portal_6 = "6"
    portal_7 = "7"
    portal_8 = "8"
    portal_9 = "9"

    @property
    def family(self) -> str:
        """What it is, whichever letter or digit it has: "key", "door", "portal", or its name."""
        return self.name.partition("_")[0]


SIGNS = frozenset(cell.value for cell in Cell)
KEYS = "abcd"
DOORS = "ABCD"
PORTALS = "123456789"


class GridRules(Rules):
    """The rules of a grid, apart from its map."""

    moves: Moves = setting(Moves.four, "Moves", "Four directions, or the diagonals too, like a king in chess; with or without staying.")
    goal_reward: float = setting(1.0, "Goal reward", "Earned on entering a goal.", ge=-1e6, le=1e6)
    trap_reward: float = setting(-1.0, "Trap reward", "Earned on entering a trap.", ge=-1e6, le=1e6)
    traps_end: bool = setting(True, "Traps end the episode", "Whether entering a trap ends the episode.")
    traps_lead_back: bool = setting(
        False,
        "Traps lead back",
        "Whether a trap that does not end the episode puts the agent back to the start; with several, to the first.",
        when={"traps_end": ["False"]},
    )
    living_reward: float = setting(0.0, "Living reward", "Earned on every step; below 0 it makes the agent hurry.", ge=-1e6, le=1e6)
    slip: float = setting(0.0, "Slip", "Probability of moving to the right of the intended direction, and again to the left.", ge=0, le=0.5)
    stickiness: float = setting(0.5, "Stickiness", "Probability that leaving a sticky cell fails.", ge=0, lt=1)
    gusts: bool = setting(False, "Gusts", "Whether a wind is one cell weaker or stronger, with probability 1/3 each.")


class GridWorld(GridRules, Document):
    """A map and its rules. Cells are named "row,column" from 0, sides of a cell "row,column right" or "row,column down"."""

    kind: Literal["grid"] = setting("grid", "Kind", "A grid world.")
    map: tuple[str, ...] = setting(
        (),
        "Map",
        "One text per row: . floor, # wall, S start, G goal, T trap, X end, ~ ice, % sticky, a to d keys, A to D doors, 1 to 9 portals.",
        min_length=1,
        max_length=LARGEST,
    )
    rewards: dict[str, float] = Field(
        default_factory=dict,
        title="Rewards",
        description="Rewards of single cells, by \"row,column\" from 0, in place of the goal's or the trap's.",
    )
    starts: dict[str, float] = Field(
        default_factory=dict,
        title="Start weights",
        description="How often an episode starts in a start cell, compared with 1 for the others.",
    )
    slips: dict[str, float] = Field(default_factory=dict, title="Slips", description="Slip of single cells in place of the world's.")
    winds: dict[str, str] = Field(
        default_factory=dict, title="Winds", description='Wind of single cells: direction and cells, such as "up 2".'
    )
    fences: dict[str, str] = Field(
        default_factory=dict,
        title="Fences",
        description='What stands between two cells, by side: "wall", or the only direction in which it may be crossed, such as "right".',
    )
    transitions: tuple[Transition, ...] = Field(
        default=(), title="Own transitions", description="Outcomes of single states and actions in place of those that the rules make."
    )

    @field_validator("map")
    @classmethod
    def _cells(cls, rows: tuple[str, ...]) -> tuple[str, ...]:
        width = len(rows[0])
        for number, row in enumerate(rows):
            if not 1 <= len(row) <= LARGEST:
                raise ValueError(f"row {number} has {len(row)} cells; a row has 1 to {LARGEST}")
            if len(row) != width:
                raise ValueError(f"row {number} has {len(row)} cells, row 0 has {width}")
            if not SIGNS.issuperset(row):
                column = next(place for place, sign in enumerate(row) if sign not in SIGNS)
                raise ValueError(f"row {number}, column {column} holds '{row[column]}'; a cell is one of {' '.join(Cell)}")
        return rows

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if all(set(row) == {Cell.wall.value} for row in self.map):
            raise ValueError("every cell is a wall; leave at least one free")
        text = "".join(self.map)
        for sign in PORTALS:
            if text.count(sign) > 2:
                raise ValueError(f"portal {sign} is on {text.count(sign)} cells; a portal leads from one cell to one other")
        for name, reward in self._named("rewards"):
            _limited(reward, 1e9, f"the reward of the cell {name}", least=-1e9)
        for name, weight in self._named("starts"):
            _limited(weight, 1e9, f"the start weight of the cell {name}")
        for name, slip in self._named("slips"):
            _limited(slip, 0.5, f"the slip of the cell {name}")
        for name, wind in self._named("winds"):
            wind_of(wind, name)
        for name, passing in self._named("fences", sides=True):
            if passing not in FENCES[name.partition(" ")[2]]:
                allowed = ", ".join(FENCES[name.partition(" ")[2]])
                raise ValueError(f"the fence {name} is '{passing}'; it must be one of {allowed}")
        return self

    def _named(self, field: str, sides: bool = False) -> Iterator[tuple[str, Any]]:
        """The entries of a field by cell, each checked to be on the map."""
        for name, value in getattr(self, field).items():
            row, column, side = side_of(name, field) if sides else (*place_of(name, field), "")
            if not (row + (side == "down") < self.rows and column + (side == "right") < self.columns):
                raise ValueError(f"{field} name the {'side' if sides else 'cell'} {name}, which is not on the map")
            yield name, value

    @property
    def rows(self) -> int:
        return len(self.map)

    @property
    def columns(self) -> int:
        return len(self.map[0])

    @property
    def actions(self) -> tuple[str, ...]:
        """Names of the actions."""
        return self.moves.names

    def cell(self, row: int, column: int) -> Cell:
        return Cell(self.map[row][column])

    def find(self, cell: Cell) -> list[Place]:
        """Where cells of a kind are."""
        return [(row, column) for row, line in enumerate(self.map) for column, sign in enumerate(line) if sign == cell]

    def reward(self, row: int, column: int) -> float:
        """What entering a cell earns, the living reward left out."""
        kinds = {Cell.goal: self.goal_reward, Cell.trap: self.trap_reward}
        return self.rewards.get(f"{row},{column}", kinds.get(self.cell(row, column), 0.0))

    def ends(self, cell: Cell) -> bool:
        """Whether entering such a cell ends the episode."""
        return cell in (Cell.goal, Cell.end) or (cell is Cell.trap and self.traps_end)

    def painted(self, cells: Iterable[Place], cell: Cell) -> "GridWorld":
        """This world with `cell` at every (row, column); the same object where nothing changes.

        A cell that becomes another has the reward of its kind, and weighs as much as any other start. A portal that would stand on
        three cells leaves the first of the two that had it.

        Raises:
            WorldError: where that would leave nothing but walls.
        """
        cells = list(cells)
        return self.drawn(dict.fromkeys(cells[-2:] if cell.family == "portal" else cells, cell))

    def drawn(self, cells: Mapping[Place, Cell]) -> "GridWorld":
        """This world with other cells, all at once; as `painted`. Further edits are in `core.worlds.grid_edits`."""
        changed: dict[int, list[str]] = {}
        gone: set[str] = set()
        for (row, column), cell in cells.items():
            if self.map[row][column] != cell:
                changed.setdefault(row, list(self.map[row]))[column] = cell.value
                gone.add(f"{row},{column}")
        if not changed:
            return self
        rows = ["".join(changed[number]) if number in changed else row for number, row in enumerate(self.map)]
        for sign in {cell.value for cell in cells.values() if cell.family == "portal"}:
            while sum(row.count(sign) for row in rows) > 2:
                old = next(place for place in self.find(Cell(sign)) if rows[place[0]][place[1]] == sign and place not in cells)
                rows[old[0]] = rows[old[0]][: old[1]] + Cell.floor.value + rows[old[0]][old[1] + 1 :]
        if Cell.wall in cells.values() and all(set(row) == {Cell.wall.value} for row in rows):
            raise WorldError("That would leave nothing but walls", remedy="Leave at least one cell free")
        update: dict[str, Any] = {"map": tuple(rows)}
        for field, values in (("rewards", self.rewards), ("starts", self.starts)):
            if not gone.isdisjoint(values):
                update[field] = {name: value for name, value in values.items() if name not in gone}
        walls = {f"{row},{column}" for (row, column), cell in cells.items() if cell is Cell.wall} if self.transitions else set()
        if walls:
            update["transitions"] = whole(self.transitions, lambda row: walls.isdisjoint((cell_of(row.state), cell_of(row.next))))
        return self.model_copy(update=update)

    @property
    def finite(self) -> bool:
        return True

    @cached_property
    def compiled(self) -> "GridMDP":
        """The transition table and the maps between cells and states."""
        from core.worlds.grid_compiler import compiled

        return compiled(self)

    def compile(self) -> FiniteMDP:
        """The finite MDP of this grid."""
        return self.compiled.mdp


BY_CELL = ("rewards", "starts", "slips", "winds", "fences")
"""Fields that say something of single cells or sides."""
FENCES = {"right": ("wall", "right", "left"), "down": ("wall", "down", "up")}
"""What may stand at a side."""


def whole(rows: Iterable[Transition], kept: Callable[[Transition], bool]) -> tuple[Transition, ...]:
    """Transitions without those that are not kept, and without any other of their state and action."""
    rows = tuple(rows)
    gone = {(row.state, row.action) for row in rows if not kept(row)}
    return tuple(row for row in rows if (row.state, row.action) not in gone) if gone else rows


def _limited(value: float, most: float, what: str, least: float = 0.0) -> None:
    if not least <= value <= most:
        raise ValueError(f"{what} must lie from {least:g} to {most:g}, not {value:g}".replace("e+0", "e"))
