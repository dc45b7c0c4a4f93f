"""Puts states in line: places moved onto a lattice, onto one line, or to equal distances."""

from collections.abc import Mapping

import numpy as np

Place = tuple[float, float]
Places = dict[str, Place]


def snapped(places: Mapping[str, Place], step: float = 0.25) -> Places:
    """The nearest points of a lattice with that step."""
    return {state: (round(x / step) * step, round(y / step) * step) for state, (x, y) in places.items()}


def aligned(places: Mapping[str, Place], axis: int) -> Places:
    """On one line: axis 0 under the leftmost, axis 1 beside the topmost."""
    least = min(place[axis] for place in places.values())
    return {state: (least, y) if axis == 0 else (x, least) for state, (x, y) in places.items()}


def distributed(places: Mapping[str, Place], axis: int) -> Places:
    """At equal distances between the first and the last along an axis, in their present order."""
    order = sorted(places, key=lambda state: (places[state][axis], places[state][1 - axis], state))
    ends = places[order[0]][axis], places[order[-1]][axis]
    lines = dict(zip(order, np.linspace(*ends, len(order)).tolist(), strict=True))
    return {state: (lines[state], y) if axis == 0 else (x, lines[state]) for state, (x, y) in places.items()}
