"""Times and the values at them, as text: "0:1, 5000:0.1"."""

import math
from collections.abc import Iterable
from itertools import pairwise

Points = tuple[tuple[float, float], ...]
"""Times and the values at them."""

MOST_POINTS = 64
LATEST = 1e15
"""Until when points may lie."""


def write_points(points: Points) -> str:
    """Points as text: "0:1, 5000:0.1"."""
    return ", ".join(f"{short(time)}:{short(value)}" for time, value in points)


def read_points(parts: Iterable[str]) -> Points:
    """Points from texts such as "5000:0.1"; ValueError quotes the first that is none."""
    return tuple(_point(part.strip()) for part in parts if part.strip())


def ordered(points: Points) -> Points:
    """The same points; ValueError with a sentence where there are none, too many, or not one after the other."""
    if not points:
        raise ValueError("piecewise needs points, such as 0:1, 5000:0.1")
    if len(points) > MOST_POINTS:
        raise ValueError(f"piecewise takes at most {MOST_POINTS} points, not {len(points)}")
    for time, _ in points:
        if not 0 <= time <= LATEST:
            raise ValueError(f"points must lie from time 0 to {LATEST:g}, not at {short(time)}")
    for (before, _), (after, _) in pairwise(points):
        if after <= before:
            raise ValueError(f"the times of points must increase; {short(after)} comes after {short(before)}")
    return points


def _point(text: str) -> tuple[float, float]:
    time, _, value = text.partition(":")
    try:
        point = float(time), float(value)
    except ValueError:
        point = math.nan, math.nan
    if not all(map(math.isfinite, point)):
        raise ValueError(f"'{text}' is no point; write time:value, such as 5000:0.1")
    return point


def short(value: float) -> str:
    """The shortest text that reads back as this number."""
    text = f"{value:g}"
    return text if float(text) == value else repr(value)
