"""Finds room for labels: boxes and points that are in the way, looked up by neighbourhood. Pure geometry, no Qt."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
CELL = 96.0
LINE = 45.0
"""What a point of a line under a label costs, as an area of overlap."""


def around(centre: complex, width: float, height: float) -> Box:
    """The box of that size around a point."""
    return centre.real - width / 2, centre.imag - height / 2, centre.real + width / 2, centre.imag + height / 2


class Crowd:
    """What is there already."""

    def __init__(self) -> None:
        self.boxes: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)
        self.points: defaultdict[tuple[int, int], list[complex]] = defaultdict(list)

    def add(self, box: Box) -> None:
        """A box that labels should not cover."""
        for cell in _cells(box):
            self.boxes[cell].append(box)

    def pass_through(self, points: Iterable[complex]) -> None:
        """Points of a line that labels should rather not cover."""
        for point in points:
            self.points[int(point.real // CELL), int(point.imag // CELL)].append(point)

    def settle(self, places: list[tuple[float, Box]]) -> Box:
        """The cheapest of some places, each with a cost of its own; it is taken from now on."""
        best, least = places[0][1], float("inf")
        for cost, box in places:
            if cost < least and (found := cost + self._cost(box, least - cost)) < least:
                best, least = box, found
                if least == 0:
                    break
        self.add(best)
        return best

    def _cost(self, box: Box, enough: float) -> float:
        """What a place costs; no less than `enough` where it costs as much."""
        left, top, right, bottom = box
        cost = 0.0
        for cell in _cells(box):
            for other in self.boxes.get(cell, ()):
                width, height = min(right, other[2]) - max(left, other[0]), min(bottom, other[3]) - max(top, other[1])
                if width > 0 and height > 0:
                    cost += 6 * width * height + 100
            cost += LINE * sum(left < point.real < right and top < point.imag < bottom for point in self.points.get(cell, ()))
            if cost >= enough:
                break
        return cost


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for across in range(int(box[0] // CELL), int(box[2] // CELL) + 1):
        for down in range(int(box[1] // CELL), int(box[3] // CELL) + 1):
            yield across, down
