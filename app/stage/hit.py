"""Where the cells of a grid are on the screen. Pure geometry, no Qt."""

from dataclasses import dataclass, replace

from core.worlds.shapes import Place


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

    def cell_at(self, x: float, y: float) -> Place | None:
        """The (row, column) under a point, None outside the grid."""
        row, column = int((y - self.top) // self.cell), int((x - self.left) // self.cell)
        return (row, column) if 0 <= row < self.rows and 0 <= column < self.columns else None

    def nearest(self, x: float, y: float) -> Place:
        """The (row, column) under a point, or the one nearest to it."""
        row, column = int((y - self.top) // self.cell), int((x - self.left) // self.cell)
        return min(max(row, 0), self.rows - 1), min(max(column, 0), self.columns - 1)

    def side_at(self, x: float, y: float) -> tuple[Place, str]:
        """The cell at a point, or nearest to it, and which of its sides is nearest: "up", "right", "down" or "left"."""
        row, column = self.nearest(x, y)
        left, top = self.corner(row, column)
        ways = {"up": y - top, "right": left + self.cell - x, "down": top + self.cell - y, "left": x - left}
        return (row, column), min(ways, key=ways.__getitem__)

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
        return replace(self, left=self.left + dx, top=self.top + dy)

    def showing(self, row: int, column: int, width: float, height: float) -> "Placement":
        """Moved as little as shows the whole of a cell within width x height pixels."""
        x, y = self.corner(row, column)
        return self.moved(max(-x, 0) + min(width - x - self.cell, 0), max(-y, 0) + min(height - y - self.cell, 0))

    def visible(self, width: float, height: float, x: float = 0.0, y: float = 0.0) -> tuple[int, int, int, int]:
        """First row, end row, first column, end column of the cells within width x height pixels from (x, y) on."""
        first_row, first_column = max(0, int((y - self.top) // self.cell)), max(0, int((x - self.left) // self.cell))
        end_row = min(self.rows, int((y + height - self.top) // self.cell) + 1)
        end_column = min(self.columns, int((x + width - self.left) // self.cell) + 1)
        return first_row, max(first_row, end_row), first_column, max(first_column, end_column)
