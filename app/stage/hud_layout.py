"""Where an environment's picture stands and where the numbers beside or below it: no number is left out while there is a way to show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRectF, QSizeF, Qt

from app.stage.hud import POINTS, needed

Heights = tuple[float, ...]

COLUMN = 240
"""Pixels at a text scale of 1 that a column of numbers takes."""
GUTTER = 24
"""Pixels between two columns."""
MARGIN = 14, 7
"""Pixels around the columns, across and down."""
READABLE = 8.0
"""Points below which text does not shrink."""
STEP = 0.97
"""How much smaller text is tried next."""
MINOR = 0.85
"""What a way without minor lines is worth beside one with them."""
LEAST = QSizeF(72, 48)
"""Pixels of the smallest picture."""


@dataclass(frozen=True)
class Layout:
    """A way to share the room.

    Attributes:
        picture: where the picture may be.
        panel: where the numbers are.
        columns: how many blocks stand in each column.
        whole: whether minor lines have room.
        shrink: how much smaller than usual their text is.
        area: pixels of the picture.
        lacking: pixels of height that the numbers lack.
    """

    picture: QRectF
    panel: QRectF
    columns: tuple[int, ...]
    whole: bool
    shrink: float
    area: float
    lacking: float

    @property
    def rooms(self) -> list[QRectF]:
        """Where each column is."""
        room = self.panel.adjusted(MARGIN[0], MARGIN[1], -MARGIN[0], -MARGIN[1])
        width = (room.width() - GUTTER * (len(self.columns) - 1)) / len(self.columns)
        return [QRectF(room.left() + place * (width + GUTTER), room.top(), width, room.height()) for place in range(len(self.columns))]


@lru_cache(maxsize=64)
def lay_out(place: tuple[float, float, float, float], aspect: float, heights: Heights, without: Heights, scale: float) -> Layout:
    """Share a place (left, top, width, height) between a picture of an aspect (width over height) and blocks of numbers, at a text scale.

    `heights` are those of the blocks, `without` those without minor lines. Of all ways in which every line has room, that with the largest
    text and picture; only where there is none, lines are cut off.
    """
    room = QRectF(*place)
    if not heights:
        return Layout(room, QRectF(), (), True, 1.0, _area(room, aspect), 0.0)
    sizes = [1.0]
    while POINTS * scale * sizes[-1] * STEP >= READABLE:
        sizes.append(sizes[-1] * STEP)
    ways = [
        way
        for lines, whole in ((heights, True), (without, False))
        for size in sizes
        for way in _ways(room, aspect, lines, whole, scale, size)
    ]
    fitting = [way for way in ways if not way.lacking]
    return max(fitting, key=_worth) if fitting else min(ways, key=lambda way: (way.lacking, -way.area))


def _worth(way: Layout) -> float:
    """Large text counts three times as much as a large picture."""
    return float((1.0 if way.whole else MINOR) * way.shrink**1.5 * way.area**0.5)


def _ways(room: QRectF, aspect: float, lines: Heights, whole: bool, scale: float, shrink: float) -> Iterator[Layout]:
    """Every place of the panel with every count of columns, at one size of text."""
    for count in range(1, len(lines) + 1):
        columns = _columns(lines, count)
        counts = tuple(map(len, columns))
        high = max(needed(column, scale * shrink) for column in columns) + 2 * MARGIN[1]
        wide = count * COLUMN * scale * shrink + (count - 1) * GUTTER + 2 * MARGIN[0]
        gap = min(16.0, 0.04 * room.height())
        width = min(wide, room.width() - gap - LEAST.width())
        if wide <= width or count == 1:
            picture = room.adjusted(0, 0, -width - gap, 0)
            panel = QRectF(room.right() - width, room.top(), width, room.height())
            yield Layout(picture, panel, counts, whole, shrink, _area(picture, aspect), max(0.0, high - room.height()))
        height = min(high, room.height() - gap - LEAST.height())
        if wide <= room.width() or count == 1:
            picture = room.adjusted(0, 0, 0, -height - gap)
            panel = QRectF(room.left(), room.bottom() - height, room.width(), height)
            yield Layout(picture, panel, counts, whole, shrink, _area(picture, aspect), max(0.0, high - height))


def _columns(lines: Heights, count: int) -> tuple[Heights, ...]:
    """Blocks in so many columns, in their order, the tallest column as low as can be."""
    if count == 1:
        return (lines,)
    splits = [(lines[:place], *_columns(lines[place:], count - 1)) for place in range(1, len(lines) - count + 2)]
    return min(splits, key=lambda columns: max(needed(column, 1.0) for column in columns))


def _area(room: QRectF, aspect: float) -> float:
    """Pixels of the largest picture in a room."""
    size = QSizeF(aspect, 1.0).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return size.width() * size.height()
