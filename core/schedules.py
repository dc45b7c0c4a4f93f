"""How a setting changes while learning goes on: constant, linear, exponential, power, 1/N or piecewise.

    constant     start
    linear       start + (end - start) min(t / duration, 1)
    exponential  end + (start - end) exp(-t / duration)
    power        max(end, start / (1 + t / duration) ** exponent)
    1/N          1 / (1 + t), where t counts visits: with this one, N(s, a) of them
    piecewise    v + (v' - v) (t - u) / (u' - u) between the points u:v and u':v'; constant before the first and after the last

The clock t counts environment steps, episodes, or the earlier visits of the state-action pair at hand.
A schedule may be written as a number ("0.1") or as text: "linear(1, 0.05, 10000)", "power(0.05, 0, 200, per=episode)", "1/N",
"piecewise(0:1, 5000:0.1, 20000:0.05)".
"""

import math
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property
from itertools import chain
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import GetCoreSchemaHandler, ValidationError, ValidationInfo, field_validator
from pydantic_core import CoreSchema, core_schema

from core.compiled import compiled, inlined
from core.config import Config, Span, setting
from core.points import MOST_POINTS, Points, ordered, read_points, short, write_points

SETTLED = 40.0
"""Durations after which an exponential schedule is at its end: less than 2^-57 of the way is left, and an exp takes as long as half a
step of Q-learning."""


class Kind(StrEnum):
    constant = "constant"
    linear = "linear"
    exponential = "exponential"
    power = "power"
    harmonic = "1/N"
    piecewise = "piecewise"


WRITTEN = {
    Kind.constant: ("0.1", "the same all the time"),
    Kind.linear: ("linear(start, end, duration)", "a straight line from start to end, then end"),
    Kind.exponential: ("exponential(start, end, duration)", "towards the end: in every duration, the distance shrinks to 37 %"),
    Kind.power: ("power(start, end, duration, exponent)", "start / (1 + t / duration) ** exponent, never below end; exponent 1 by default"),
    Kind.harmonic: ("1/N", "one over the visits of the state and action with this one, so that values are means"),
    Kind.piecewise: ("piecewise(time:value, ...)", "straight lines between points; constant before the first and after the last"),
}
"""How each is written, and what it does."""


class Clock(StrEnum):
    step = "step"
    episode = "episode"
    visit = "visit"


class Row(IntEnum):
    """Where each number stands in an encoded schedule; points follow."""

    kind, start, end, duration, exponent, clock = range(6)


class Schedule(Config):
    """A value over time."""

    kind: Kind = setting(Kind.constant, "Shape", "How the value changes over time.")
    start: float = setting(0.1, "Start", "The value at the beginning.")
    end: float = setting(0.0, "End", "The value that it approaches (power: that it never falls below).")
    duration: float = setting(
        1000.0,
        "Duration",
        "Linear: when the end is reached. Exponential: time in which the distance to the end shrinks to 37 %. "
        "Power: time in which an exponent of 1 halves the start.",
        gt=0,
    )
    exponent: float = setting(1.0, "Exponent", "Power only: how steeply it falls. Above 0.5 and up to 1 converges.", gt=0, le=4)
    per: Clock = setting(Clock.step, "Clock", "What time is counted in: steps, episodes, or visits of the state and action.")
    points: Points = setting(
        (), "Points", "Piecewise only: times and the values at them, such as 0:1, 5000:0.1, with straight lines in between."
    )

    @field_validator("points")
    @classmethod
    def _points(cls, points: Points, info: ValidationInfo) -> Points:
        """Other kinds have no points."""
        return ordered(points) if info.data.get("kind") is Kind.piecewise else ()

    @property
    def clock(self) -> Clock | None:
        """What the value depends on; None where it stays."""
        return None if self.kind is Kind.constant else Clock.visit if self.kind is Kind.harmonic else self.per

    @property
    def ends(self) -> tuple[float, ...]:
        """Values between which all others lie."""
        if self.kind is Kind.piecewise:
            return tuple(value for _, value in self.points)
        return {Kind.constant: (self.start,), Kind.harmonic: (1.0, 0.0)}.get(self.kind, (self.start, self.end))

    def value(self, t: float) -> float:
        """The value at time `t` (in units of `clock`)."""
        return value_at.function(self._encoded, t)

    @cached_property
    def _encoded(self) -> list[float]:
        return self.encode().tolist()

    def encode(self) -> NDArray[np.float64]:
        """[138] float64 that kernels read: the numbers of `Row`, then time and value of each point.

        The first value also stands before time 0 and the last at infinity, so that every time lies between two points. 1/N is encoded
        as the power that it is.
        """
        if self.kind is Kind.harmonic:
            return Schedule(kind=Kind.power, start=1.0, end=0.0, duration=1.0, per=Clock.visit).encode()
        kinds, clocks = list(Kind), list(Clock)
        numbers = [kinds.index(self.kind), self.start, self.end, self.duration, self.exponent, clocks.index(self.per)]
        given = self.points or ((0.0, self.start),)
        last = [(math.inf, given[-1][1])] * (MOST_POINTS + 1 - len(given))
        return np.array([*numbers, *chain(*[(-1.0, given[0][1]), *given, *last])], dtype=np.float64)

    def text(self) -> str:
        """The shortest text that reads back as this schedule."""
        if self.kind is Kind.constant:
            return short(self.start)
        if self.kind is Kind.harmonic:
            return self.kind.value
        if self.kind is Kind.piecewise:
            arguments = [write_points(self.points)]
        else:
            arguments = [short(self.start), short(self.end), short(self.duration)]
        if self.kind is Kind.power and self.exponent != 1:
            arguments.append(short(self.exponent))
        if self.per is not Clock.step:
            arguments.append(f"per={self.per.value}")
        return f"{self.kind.value}({', '.join(arguments)})"


@inlined
def value_at(schedule: NDArray[np.float64] | list[float], t: float) -> float:
    """The value at `t`, at least 0, of an encoded schedule (see `Row`).

    The search stands here because a kernel that calls another loses 15 % of its speed, whichever schedule is set.
    """
    kind, start, end, duration, exponent = schedule[0], schedule[1], schedule[2], schedule[3], schedule[4]
    if kind == 1.0:
        return float(start + (end - start) * min(t / duration, 1.0))
    if kind == 2.0:
        return float(end + (start - end) * math.exp(-t / duration)) if t < SETTLED * duration else float(end)
    if kind == 3.0:
        base = 1.0 + t / duration
        return float(max(end, start / (base if exponent == 1.0 else base**exponent)))
    if kind == 5.0:
        after = 8
        while schedule[after] <= t:
            after += 2
        time, value = schedule[after - 2], schedule[after - 1]
        return float(value + (schedule[after + 1] - value) * ((t - time) / (schedule[after] - time)))
    return float(start)


@compiled
def values_at(schedule: NDArray[np.float64], times: NDArray[np.int64]) -> NDArray[np.float64]:
    """`value_at` each of many times."""
    values = np.empty(len(times))
    for place in range(len(times)):
        values[place] = value_at(schedule, float(times[place]))
    return values


_CALL = re.compile(r"\s*(\w+)\s*\(([^()]*)\)\s*")
_HARMONIC = re.compile(r"\s*1\s*/\s*N\s*(\(\s*s\s*(,\s*a\s*)?\))?\s*")


def read(value: Any) -> Any:
    """Turn a number or a text such as "linear(1, 0.05, 10000, per=episode)" into a schedule's fields."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"kind": Kind.constant, "start": value}
    if not isinstance(value, str):
        return value
    try:
        return {"kind": Kind.constant, "start": float(value)}
    except ValueError:
        pass
    if _HARMONIC.fullmatch(value):
        return {"kind": Kind.harmonic}
    match = _CALL.fullmatch(value)
    if match is None or match[1] not in list(Kind):
        raise ValueError(f'{value!r} is no schedule; write a number, or a text such as "linear(1, 0.05, 10000)"; shapes: {", ".join(Kind)}')
    arguments = [part.strip() for part in match[2].split(",") if part.strip()]
    named = dict(_pair(argument) for argument in arguments if "=" in argument)
    numbers = [argument for argument in arguments if "=" not in argument]
    if match[1] == Kind.piecewise:
        return {"kind": match[1], "points": read_points(numbers), **named}
    places = ("start", "end", "duration", "exponent")
    if len(numbers) > len(places):
        raise ValueError(f"'{value}' has too many numbers; they are {', '.join(places)}")
    return {"kind": match[1], **dict(zip(places, numbers, strict=False)), **named}


def _pair(argument: str) -> tuple[str, str]:
    name, _, text = argument.partition("=")
    return name.strip(), text.strip()


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    part = ".".join(str(place) for place in first["loc"])
    if not part:
        return f'{first["input"]!r} is no schedule; write a number, or a text such as "linear(1, 0.05, 10000)"'
    if first["type"] == "extra_forbidden":
        return f"a schedule has no '{part}'; it has {', '.join(Schedule.model_fields)}"
    message = first["msg"].removeprefix("Value error, ")
    return message if first["type"] == "value_error" else f"its {part}: {message[:1].lower()}{message[1:]}, not {first['input']!r}"


@dataclass(frozen=True)
class Bounds(Span):
    """What a setting that is a schedule may be: the bounds of its values, and what it may count.

    Attributes:
        fades: it may go down to the bound that it starts above.
        visits: it may count visits, as the setting belongs to a single state and action.
    """

    fades: bool = False
    visits: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def check(self, value: Any) -> Schedule:
        """The schedule that is given or written; ValueError with a sentence where it is none, or not within."""
        fields = read(value)
        try:
            schedule = Schedule.model_validate(fields)
        except ValidationError as error:
            raise ValueError(_fault(error)) from None
        if schedule.clock is Clock.visit and not self.visits:
            raise ValueError("visits are not counted here; count steps or episodes")
        low, high = self.above if self.least is None else self.least, self.most
        assert low is not None and high is not None
        wrong = [value for value in schedule.ends if not low <= value <= high]
        if self.above is not None:
            reached = schedule.ends[:1] if self.fades or schedule.kind is Kind.power else schedule.ends
            wrong += [value for value in reached if value == low]
        if wrong:
            span = f"from {low:g} to {high:g}" if self.above is None else f"above {low:g} and up to {high:g}"
            raise ValueError(f"every value must lie {span}, not {wrong[0]:g}")
        return schedule


Probability = Annotated[Schedule, Bounds(least=0.0, most=1.0)]
"""A schedule whose values are probabilities, such as epsilon."""

Temperature = Annotated[Schedule, Bounds(above=0.0, most=1e6)]
"""A schedule whose values are temperatures: above 0."""

StepSize = Annotated[Schedule, Bounds(above=0.0, most=1.0, fades=True, visits=True)]
"""A schedule whose values are step sizes of single states or actions: above 0, up to 1."""

LearningRate = Annotated[Schedule, Bounds(above=0.0, most=1.0, fades=True)]
"""A schedule whose values are step sizes of weights, which all states share."""
