"""Where the cells of a grid are on the screen. Pure geometry, no Qt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Placement:
    """A grid laid out on the screen.

    Attributes:
        rows, columns: size of the grid in cells.
        cell: side of a cell in pixels.
        left, top: where the grid's corner lies.
    """

    rows: int
    columns: int
    cell: float
    left: float
    top: float

    @classmethod
    def fit(cls, rows: int, columns: int, width: float, height: float, largest: float = 140.0) -> "Placement":
        """Centred and as large as fits into width x height pixels, cells at most `largest` and at least one pixel."""
        cell = max(1.0, min(width / columns, height / rows, largest))
        cell = float(int(cell)) if cell >= 8 else cell
        return cls(rows, columns, cell, (width - cell * columns) / 2, (height - cell * rows) / 2)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The (row, column) under a point, None outside the grid."""
        row, column = int((y - self.top) // self.cell), int((x - self.left) // self.cell)
        return (row, column) if 0 <= row < self.rows and 0 <= column < self.columns else None

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """The (x, y) of a cell's top left."""
        return self.left + column * self.cell, self.top + row * self.cell

    def center(self, row: int, column: int) -> tuple[float, float]:
        """The (x, y) of a cell's middle."""
        x, y = self.corner(row, column)
        return x + self.cell / 2, y + self.cell / 2

    def zoomed(self, factor: float, x: float, y: float) -> "Placement":
        """Larger by `factor`, the point (x, y) staying where it is."""
        cell = min(max(400.0, self.cell), max(min(2.0, self.cell), self.cell * factor))
        scale = cell / self.cell
        return Placement(self.rows, self.columns, cell, x - (x - self.left) * scale, y - (y - self.top) * scale)

    def moved(self, dx: float, dy: float) -> "Placement":
        """Moved by some pixels."""
        return Placement(self.rows, self.columns, self.cell, self.left + dx, self.top + dy)

    def visible(self, width: float, height: float) -> tuple[int, int, int, int]:
        """First row, end row, first column, end column of the cells within width x height pixels."""
        first_row, first_column = max(0, int(-self.top // self.cell)), max(0, int(-self.left // self.cell))
        end_row = min(self.rows, int((height - self.top) // self.cell) + 1)
        end_column = min(self.columns, int((width - self.left) // self.cell) + 1)
        return first_row, max(first_row, end_row), first_column, max(first_column, end_column)
