"""A piece cut out of a grid: its cells and everything that is said of them, to be mirrored, turned and put elsewhere."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.worlds.grid import BY_CELL, WAYS, GridWorld
from core.worlds.shapes import Place, Region
from core.worlds.table import Transition

Move = Callable[[Place], Place]
MIRRORED = {"left": "right", "right": "left"}
FLIPPED = {"up": "down", "down": "up"}
TURNED = dict(zip(WAYS, [*list(WAYS)[2:], *list(WAYS)[:2]], strict=True))


@dataclass(frozen=True)
class Clip:
    """Cells are named by row and column within the piece; those beside it, which a side at its edge may have, from -1 on.

    Attributes:
        map: its signs.
        fields: what is said of its cells and of their sides, by the name of the field in `GridWorld`.
        inner: own transitions from its cells to its cells.
        leaving: own transitions from its cells to others; those are named as in the grid that it was cut from.
    """

    map: tuple[str, ...]
    fields: Mapping[str, Mapping[str, Any]]
    inner: tuple[Transition, ...] = ()
    leaving: tuple[Transition, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.map)

    @property
    def columns(self) -> int:
        return len(self.map[0])

    def mirrored(self) -> "Clip":
        """Left and right exchanged."""
        return self._turned(self.rows, self.columns, lambda cell: (cell[0], self.columns - 1 - cell[1]), MIRRORED)

    def flipped(self) -> "Clip":
        """Up and down exchanged."""
        return self._turned(self.rows, self.columns, lambda cell: (self.rows - 1 - cell[0], cell[1]), FLIPPED)

    def rotated(self) -> "Clip":
        """A quarter turned clockwise."""
        return self._turned(self.columns, self.rows, lambda cell: (cell[1], self.rows - 1 - cell[0]), TURNED)

    def shifted(self, down: int, right: int) -> "Clip":
        """Named by row and column of the grid in which it lies there; `map` and where `leaving` leads as they are."""

        def there(cell: Place) -> Place:
            return cell[0] + down, cell[1] + right

        return Clip(self.map, _carried(self.fields, there, {}),
                    tuple(_led(self.inner, there, {})),
                    tuple(_led(self.leaving, there, {}, ends=False)))  # fmt: skip

    def _turned(self, rows: int, columns: int, move: Move, ways: Mapping[str, str]) -> "Clip":
        cells = [[""] * columns for _ in range(rows)]
        for row, line in enumerate(self.map):
            for column, sign in enumerate(line):
                to_row, to_column = move((row, column))
                cells[to_row][to_column] = sign
        return Clip(tuple(map("".join, cells)), _carried(self.fields, move, ways), tuple(_led(self.inner, move, ways)),
                    tuple(_led(self.leaving, move, ways, ends=False)))  # fmt: skip


def clipped(world: GridWorld, region: Region) -> Clip:
    """A region of a grid, cut out, with the fences within it and at its edge."""
    places = region.cells()

    def back(cell: Place) -> Place:
        return cell[0] - region.top, cell[1] - region.left

    fields = {}
    for field in BY_CELL:
        values = getattr(world, field)
        names = [] if not values else inner_sides(region) + edge_sides(region) if field == "fences" else [name(cell) for cell in places]
        fields[field] = {known: values[known] for known in names if known in values}
    ours = [row for row in world.transitions if place(row.state) in region]
    inner = [row for row in ours if place(row.next) in region]
    leaving = [row for row in ours if place(row.next) not in region]
    return Clip(
        tuple(line[region.left : region.left + region.columns] for line in world.map[region.top : region.top + region.rows]),
        _carried(fields, back, {}),
        tuple(_led(inner, back, {})),
        tuple(_led(leaving, back, {}, ends=False)),
    )


def name(cell: Place) -> str:
    """As a grid's fields name a cell."""
    return f"{cell[0]},{cell[1]}"


def place(state: str) -> Place:
    """The cell of a state or a cell by its name; it may lie off the map."""
    row, _, column = state.partition("+")[0].partition(",")
    return int(row), int(column)


def inner_sides(region: Region) -> list[str]:
    """The sides between two cells of a region."""
    bottom, right = region.top + region.rows - 1, region.left + region.columns - 1
    return [f"{row},{column} {side}" for row, column in region.cells()
            for side in ("right", "down") if not (column == right if side == "right" else row == bottom)]  # fmt: skip


def edge_sides(region: Region) -> list[str]:
    """The sides between a cell of a region and one beside it, on the map or not."""
    bottom, right = region.top + region.rows, region.left + region.columns
    across = [f"{row},{column} down" for row in (region.top - 1, bottom - 1) for column in range(region.left, right)]
    return across + [f"{row},{column} right" for row in range(region.top, bottom) for column in (region.left - 1, right - 1)]


def moved_side(side: str, move: Move) -> str:
    """The name of a side whose two cells are elsewhere."""
    cell, _, way = side.partition(" ")
    row, column = place(cell)
    down, right = WAYS[way]
    return side_between(move((row, column)), move((row + down, column + right)))


def side_between(one: Place, other: Place) -> str:
    """The name of the side between two neighbours."""
    first = min(one, other)
    return f"{name(first)} {'down' if one[1] == other[1] else 'right'}"


def relocated(state: str, move: Move) -> str:
    """The state's name with its cell elsewhere and the same keys."""
    cell, plus, keys = state.partition("+")
    return name(move(place(cell))) + plus + keys


def _carried(fields: Mapping[str, Mapping[str, Any]], move: Move, ways: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for field, values in fields.items():
        if field == "fences":
            found[field] = {moved_side(side, move): ways.get(passing, passing) for side, passing in values.items()}
        else:
            found[field] = {name(move(place(cell))): _word(value, ways) for cell, value in values.items()}
    return found


def _word(value: Any, ways: Mapping[str, str]) -> Any:
    """A wind or an action with every direction in it exchanged; anything else as it is."""
    if not isinstance(value, str):
        return value
    if value in ways:
        return ways[value]
    return " ".join(ways.get(part, part) for part in value.split(" "))


def _led(rows: Iterable[Transition], move: Move, ways: Mapping[str, str], ends: bool = True) -> Iterable[Transition]:
    for row in rows:
        following = relocated(row.next, move) if ends else row.next
        yield row.model_copy(update={"state": relocated(row.state, move), "action": _word(row.action, ways), "next": following})
