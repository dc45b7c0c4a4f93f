"""Arrows as curves. Points are complex numbers: to the right and down. Pure geometry, no Qt."""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Way = complex
"""A direction: of length 1."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A cubic Bezier curve from a to d."""

    a: complex
    b: complex
    c: complex
    d: complex

    def at(self, t: float) -> complex:
        """The point at t from 0 to 1."""
        s = 1 - t
        return s * s * s * self.a + 3 * s * s * t * self.b + 3 * s * t * t * self.c + t * t * t * self.d

    def points(self, count: int) -> list[complex]:
        """So many points from end to end."""
        return [self.at(n / (count - 1)) for n in range(count)]

    @property
    def heading(self) -> Way:
        """Where it points as it arrives."""
        return unit(self.d - (self.c if abs(self.d - self.c) > 1e-6 else self.a))

    def distance(self, point: complex, count: int = 17) -> float:
        """How far a point is from it."""
        points = self.points(count)
        return min(_from_line(point, one, other) for one, other in pairwise(points))


def unit(vector: complex) -> Way:
    """The direction of a vector; to the right for none."""
    length = abs(vector)
    return vector / length if length > 1e-9 else 1 + 0j


def turned(way: Way, angle: float) -> Way:
    """Turned clockwise, as seen on the screen, by an angle in radians."""
    return way * cmath.exp(1j * angle)


def angle_between(one: Way, other: Way) -> float:
    """The angle from one direction to another, clockwise, from -pi to pi."""
    return cmath.phase(other / one)


def arrow(start: complex, leaving: Way, centre: complex, arriving: Way, radius: float) -> Curve:
    """From a point to the border of a circle, at which it points.

    Args:
        leaving: where it goes at first.
        centre: of the circle.
        arriving: where it arrives, as seen from the centre.
    """
    end = centre + radius * arriving
    reach = 0.38 * abs(end - start)
    return Curve(start, start + reach * leaving, end + reach * arriving, end)


def back(start: complex, out: Way, centre: complex, arriving: Way, radius: float) -> Curve:
    """From an action's node back to the state it belongs to: a neat arc on one side of the line between them."""
    side = 1 if angle_between(out, arriving) > 0 else -1
    end = centre + radius * arriving
    reach = 0.75 * abs(end - start)
    return Curve(start, start + reach * turned(out, side * 1.15), end + reach * arriving, end)


def spread(wanted: Sequence[float], gap: float, fixed: Sequence[float] = (), fixed_gap: float = 0.0) -> list[float]:
    """Angles near those wanted that are at least `gap` from one another and `fixed_gap` from fixed ones, as far as there is room.

    Angles that are equal part in the order given.
    """
    count = len(wanted)
    gap = min(gap, 0.9 * 2 * math.pi / max(count + len(fixed), 1))
    order = sorted(range(count), key=lambda n: (wanted[n] % (2 * math.pi), n))
    angles = [wanted[n] % (2 * math.pi) for n in order]
    for _ in range(40):
        moved = False
        for n in range(count if count > 1 else 0):
            following = (n + 1) % count
            lack = gap - (angles[following] - angles[n] if following else angles[0] + 2 * math.pi - angles[-1])
            if lack > 1e-6 and (following or count > 2):
                angles[n] -= lack / 2
                angles[following] += lack / 2
                moved = True
        for n in range(count):
            for hindrance in fixed:
                off = (angles[n] - hindrance + math.pi) % (2 * math.pi) - math.pi
                if abs(off) < fixed_gap:
                    angles[n] += math.copysign(min(fixed_gap - abs(off), fixed_gap / 2), off)
                    moved = True
        if not moved:
            break
    found = [0.0] * count
    for n, angle in zip(order, angles, strict=True):
        found[n] = angle
    return found


def widest(taken: Sequence[float], preferred: float) -> float:
    """The middle of the widest gap between angles; of gaps that are alike, the one nearest to the preferred angle."""
    if not taken:
        return preferred
    angles = sorted(angle % (2 * math.pi) for angle in taken)
    gaps = [(angles[(n + 1) % len(angles)] - angle) % (2 * math.pi) or 2 * math.pi for n, angle in enumerate(angles)]
    middles = [angle + gap / 2 for angle, gap in zip(angles, gaps, strict=True)]
    return min(
        zip(gaps, middles, strict=True), key=lambda g: (-round(g[0], 1), abs((g[1] - preferred + math.pi) % (2 * math.pi) - math.pi))
    )[1]


def _from_line(point: complex, one: complex, other: complex) -> float:
    along = other - one
    length = abs(along)
    if length < 1e-9:
        return abs(point - one)
    share = ((point - one) / along).real
    return abs(point - one - min(max(share, 0.0), 1.0) * along)
