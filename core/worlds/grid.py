"""Grid worlds: a map of cells that compiles to a finite MDP and keeps the way back from state to cell.

A step goes one cell up, right, down or left; with probability `slip` each it goes to the right or to the left of the
intended direction instead. Into a wall or over the edge it stays. Every step earns the living reward and the reward
of the cell in which it ends. Entering a goal ends the episode, entering a trap where `traps_end` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
from pydantic import field_validator, model_validator

from core.config import setting
from core.errors import WorldError
from core.worlds import build
from core.worlds.document import Document, Rules
from core.worlds.mdp import FiniteMDP, Ints

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

    @field_validator("map")
    @classmethod
    def _cells(cls, rows: tuple[str, ...]) -> tuple[str, ...]:
        width = len(rows[0])
        for number, row in enumerate(rows):
            if not 1 <= len(row) <= LARGEST:
                raise ValueError(f"row {number} has {len(row)} cells; a row has 1 to {LARGEST}")
            if len(row) != width:
                raise ValueError(f"row {number} has {len(row)} cells, row 0 has {width}")
            for column, sign in enumerate(row):
                if sign not in list(Cell):
                    raise ValueError(f"row {number}, column {column} holds '{sign}'; a cell is one of {' '.join(Cell)}")
        return rows

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if all(sign == Cell.wall for row in self.map for sign in row):
            raise ValueError("every cell is a wall; leave at least one free")
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was compiled from the old ones stays behind."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("compiled", None)
        return copied

    @property
    def rows(self) -> int:
        return len(self.map)

    @property
    def columns(self) -> int:
        return len(self.map[0])

    def cell(self, row: int, column: int) -> Cell:
        return Cell(self.map[row][column])

    def painted(self, cells: Iterable[tuple[int, int]], cell: Cell) -> "GridWorld":
        """This world with `cell` at every (row, column); the same object where nothing changes.

        Raises:
            WorldError: where that would leave nothing but walls.
        """
        changed: dict[int, list[str]] = {}
        for row, column in cells:
            if self.map[row][column] != cell:
                changed.setdefault(row, list(self.map[row]))[column] = cell.value
        if not changed:
            return self
        rows = tuple("".join(changed[number]) if number in changed else row for number, row in enumerate(self.map))
        if cell is Cell.wall and all(set(row) == {Cell.wall.value} for row in rows):
            raise WorldError("That would leave nothing but walls", remedy="Leave at least one cell free")
        return self.model_copy(update={"map": rows})

    def resized(self, rows: int, columns: int) -> "GridWorld":
        """This world cut or filled up with floor to the new size, anchored at the top left."""
        kept = tuple(row[:columns].ljust(columns, Cell.floor.value) for row in self.map[:rows])
        filled = kept + (Cell.floor.value * columns,) * (rows - len(kept))
        return GridWorld.model_validate(self.model_dump() | {"map": filled})

    @property
    def finite(self) -> bool:
        return True

    @cached_property
    def compiled(self) -> GridMDP:
        """The transition table and the maps between cells and states."""
        signs = np.array([list(row) for row in self.map])
        free = signs != Cell.wall
        state_of_cell = np.where(free, np.cumsum(free.ravel()).reshape(free.shape) - 1, -1).astype(np.int64)
        cell_of_state = np.argwhere(free)
        sign = signs[free]
        goal, trap = sign == Cell.goal, sign == Cell.trap
        terminal = goal | (trap & self.traps_end)
        reward = self.living_reward + self.goal_reward * goal + self.trap_reward * trap

        source = np.flatnonzero(~terminal)
        landing = np.empty((len(source), 4), np.int64)
        for direction, move in enumerate(MOVES):
            target = cell_of_state[source] + move
            inside = ((target >= 0) & (target < free.shape)).all(axis=1)
            clipped = np.clip(target, 0, np.array(free.shape) - 1)
            reached = np.where(inside, state_of_cell[clipped[:, 0], clipped[:, 1]], -1)
            landing[:, direction] = np.where(reached >= 0, reached, source)

        turns = [(0, 1 - 2 * self.slip)] if self.slip == 0 else [(0, 1 - 2 * self.slip), (1, self.slip), (-1, self.slip)]
        columns = [
            (source, np.full_like(source, action), landing[:, (action + turn) % 4], np.full(len(source), probability))
            for action in range(4)
            for turn, probability in turns
        ]
        state, action, next_state, probability = (np.concatenate(column) for column in zip(*columns, strict=True))
        starts = (sign == Cell.start) & ~terminal
        mdp = build.from_rows(
            [f"{row},{column}" for row, column in cell_of_state.tolist()],
            ACTIONS,
            state=state,
            action=action,
            next_state=next_state,
            probability=probability,
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
