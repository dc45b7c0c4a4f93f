"""Sets of cells that are drawn at once: lines, rectangles, areas."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Place = tuple[int, int]
"""Row and column, from 0 at the top left."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of cells, in cells from the top left of the grid."""

    top: int
    left: int
    rows: int
    columns: int

    @classmethod
    def between(cls, first: Place, second: Place) -> "Region":
        """The smallest region with both cells."""
        (top, bottom), (left, right) = (sorted(pair) for pair in zip(first, second, strict=True))
        return cls(top, left, bottom - top + 1, right - left + 1)

    def __contains__(self, cell: Place) -> bool:
        return self.top <= cell[0] < self.top + self.rows and self.left <= cell[1] < self.left + self.columns

    @property
    def corner(self) -> Place:
        """Its top left cell."""
        return self.top, self.left

    def cells(self) -> list[Place]:
        """Every cell, row by row."""
        return [(row, column) for row in range(self.top, self.top + self.rows) for column in range(self.left, self.left + self.columns)]

    def outline(self) -> list[Place]:
        """The cells at its edge, row by row."""
        last = self.top + self.rows - 1, self.left + self.columns - 1
        return [(row, column) for row, column in self.cells() if row in (self.top, last[0]) or column in (self.left, last[1])]


def line(start: Place, end: Place) -> Iterator[Place]:
    """The cells on the way from start to end, both included (Bresenham 1965): a fast stroke leaves no gaps."""
    row, column = start
    rows, columns = abs(end[0] - row), -abs(end[1] - column)
    step_row, step_column = (1 if row < end[0] else -1), (1 if column < end[1] else -1)
    error = rows + columns
    while True:
        yield row, column
        if (row, column) == end:
            return
        doubled = 2 * error
        if doubled >= columns:
            error += columns
            row += step_row
        if doubled <= rows:
            error += rows
            column += step_column


def area(map_: Sequence[str], start: Place) -> list[Place]:
    """The cells with the sign of `start` that hang together with it by their sides, row by row."""
    sign = map_[start[0]][start[1]]
    found, waiting = {start}, [start]
    while waiting:
        row, column = waiting.pop()
        for there in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            inside = 0 <= there[0] < len(map_) and 0 <= there[1] < len(map_[0])
            if inside and there not in found and map_[there[0]][there[1]] == sign:
                found.add(there)
                waiting.append(there)
    return sorted(found)
