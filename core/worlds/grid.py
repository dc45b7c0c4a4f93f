"""Grid worlds: a map of cells that compiles to a finite MDP and keeps the way back from state to cell.

A step goes one cell up, right, down or left; with probability `slip` each it goes to the right or to the left of the
intended direction instead. Into a wall or over the edge it stays. Every step earns the living reward and the reward
of the cell in which it ends. Entering a goal ends the episode, entering a trap where `traps_end` says so. A cell may
have a reward of its own in place of that of its kind.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from core.config import setting
from core.errors import WorldError
from core.worlds import build
from core.worlds.document import Document, Rules
from core.worlds.mdp import FiniteMDP, Floats, Ints

LARGEST = 1000
"""Cells along one side at most."""

ACTIONS = ("up", "right", "down", "left")
MOVES = np.array([(-1, 0), (0, 1), (1, 0), (0, -1)])
"""[4, 2] (row, column) of each action; the neighbours of an action in this order are its sides."""


class Cell(StrEnum):
    """What a cell is, as written in the map."""

    floor = "."
    wall = "#"
    start = "S"
    goal = "G"
    trap = "T"


SIGNS = frozenset(cell.value for cell in Cell)


@dataclass(frozen=True, eq=False)
class GridMDP:
    """A compiled grid.

    Attributes:
        mdp: the transition table; its states are the cells that are no walls, row by row.
        state_of_cell: [rows, columns] int64, -1 for walls.
        cell_of_state: [S, 2] int64, row and column.
    """

    mdp: FiniteMDP
    state_of_cell: Ints
    cell_of_state: Ints


class GridRules(Rules):
    """The rules of a grid, apart from its map."""

    goal_reward: float = setting(1.0, "Goal reward", "Earned on entering a goal.", ge=-1e6, le=1e6)
    trap_reward: float = setting(-1.0, "Trap reward", "Earned on entering a trap.", ge=-1e6, le=1e6)
    traps_end: bool = setting(True, "Traps end the episode", "Whether entering a trap ends the episode.")
    living_reward: float = setting(0.0, "Living reward", "Earned on every step; below 0 it makes the agent hurry.", ge=-1e6, le=1e6)
    slip: float = setting(0.0, "Slip", "Probability of moving to the right of the intended direction, and again to the left.", ge=0, le=0.5)


class GridWorld(GridRules, Document):
    """A map and its rules."""

    kind: Literal["grid"] = setting("grid", "Kind", "A grid world.")
    map: tuple[str, ...] = setting(
        (), "Map", "One text per row: . floor, # wall, S start, G goal, T trap.", min_length=1, max_length=LARGEST
    )
    rewards: dict[str, float] = Field(
        default_factory=dict,
        title="Rewards",
        description="Rewards of single cells, by \"row,column\" from 0, in place of the goal's or the trap's.",
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
    def _somewhere(self) -> Self:
        if all(set(row) == {Cell.wall.value} for row in self.map):
            raise ValueError("every cell is a wall; leave at least one free")
        for name, reward in self.rewards.items():
            row, column = _place(name)
            if not (row < self.rows and column < self.columns):
                raise ValueError(f"rewards name the cell {name}, which is not on the map")
            if abs(reward) > 1e9:
                raise ValueError(f"the reward of the cell {name} must lie from -1e9 to 1e9, not {reward:g}")
        return self

    @property
    def rows(self) -> int:
        return len(self.map)

    @property
    def columns(self) -> int:
        return len(self.map[0])

    def cell(self, row: int, column: int) -> Cell:
        return Cell(self.map[row][column])

    def reward(self, row: int, column: int) -> float:
        """What entering a cell earns, the living reward left out."""
        kinds = {Cell.goal: self.goal_reward, Cell.trap: self.trap_reward}
        return self.rewards.get(f"{row},{column}", kinds.get(self.cell(row, column), 0.0))

    def painted(self, cells: Iterable[tuple[int, int]], cell: Cell) -> "GridWorld":
        """This world with `cell` at every (row, column); the same object where nothing changes.

        A cell that becomes another has the reward of its kind.

        Raises:
            WorldError: where that would leave nothing but walls.
        """
        changed: dict[int, list[str]] = {}
        rewards = dict(self.rewards)
        for row, column in cells:
            if self.map[row][column] != cell:
                changed.setdefault(row, list(self.map[row]))[column] = cell.value
                rewards.pop(f"{row},{column}", None)
        if not changed:
            return self
        rows = tuple("".join(changed[number]) if number in changed else row for number, row in enumerate(self.map))
        if cell is Cell.wall and all(set(row) == {Cell.wall.value} for row in rows):
            raise WorldError("That would leave nothing but walls", remedy="Leave at least one cell free")
        return self.model_copy(update={"map": rows, "rewards": rewards})

    def resized(self, rows: int, columns: int) -> "GridWorld":
        """This world cut or filled up with floor to the new size, anchored at the top left."""
        kept = tuple(row[:columns].ljust(columns, Cell.floor.value) for row in self.map[:rows])
        filled = kept + (Cell.floor.value * columns,) * (rows - len(kept))
        rewards = {name: reward for name, reward in self.rewards.items() if _place(name)[0] < rows and _place(name)[1] < columns}
        return GridWorld.model_validate(self.model_dump() | {"map": filled, "rewards": rewards})

    @property
    def finite(self) -> bool:
        return True

    @cached_property
    def compiled(self) -> GridMDP:
        """The transition table and the maps between cells and states."""
        signs = np.frombuffer("".join(self.map).encode(), np.uint8).reshape(self.rows, self.columns)
        free = signs != ord(Cell.wall)
        state_of_cell = np.where(free, np.cumsum(free).reshape(free.shape) - 1, -1).astype(np.int64)
        cell_of_state = np.argwhere(free)
        sign = signs[free]
        goal, trap = sign == ord(Cell.goal), sign == ord(Cell.trap)
        terminal = goal | (trap & self.traps_end)
        reward = self._entering(signs)[free]

        source = np.flatnonzero(~terminal)
        landing = np.empty((len(source), 4), np.int64)
        fenced = np.pad(state_of_cell, 1, constant_values=-1).ravel()
        row, column = cell_of_state[source].T + 1
        for direction, (down, across) in enumerate(MOVES.tolist()):
            reached = fenced[(row + down) * (self.columns + 2) + column + across]
            landing[:, direction] = np.where(reached >= 0, reached, source)

        turns, chances = ([0], [1.0]) if self.slip == 0 else ([0, 1, -1], [1 - 2 * self.slip, self.slip, self.slip])
        heading = (np.arange(4)[:, None] + turns) % 4
        next_state = landing[:, heading].ravel()
        starts = (sign == ord(Cell.start)) & ~terminal
        mdp = build.from_rows(
            [f"{row},{column}" for row, column in cell_of_state.tolist()],
            ACTIONS,
            state=np.repeat(source, heading.size),
            action=np.tile(np.repeat(np.arange(4), len(turns)), len(source)),
            next_state=next_state,
            probability=np.tile(chances, 4 * len(source)),
            reward=reward[next_state],
            terminated=terminal[next_state],
            start=starts / starts.sum() if starts.any() else None,
            discount=self.discount,
            step_limit=self.step_limit,
        )
        return GridMDP(mdp, state_of_cell, cell_of_state)

    def compile(self) -> FiniteMDP:
        """The finite MDP of this grid."""
        return self.compiled.mdp

    def _entering(self, signs: NDArray[np.uint8]) -> Floats:
        """[rows, columns] what a step that ends in a cell earns."""
        reward = self.goal_reward * (signs == ord(Cell.goal)) + self.trap_reward * (signs == ord(Cell.trap))
        for name, own in self.rewards.items():
            reward[_place(name)] = own
        return self.living_reward + reward


def _place(name: str) -> tuple[int, int]:
    found = re.fullmatch("(0|[1-9][0-9]{0,3}),(0|[1-9][0-9]{0,3})", name)
    if not found:
        raise ValueError(f"rewards name '{name}'; a cell is written as row,column, such as 0,3")
    return int(found[1]), int(found[2])
