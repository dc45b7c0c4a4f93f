"""How a setting changes while learning goes on: constant, linear, exponential or power.

    constant     start
    linear       start + (end - start) min(t / duration, 1)
    exponential  end + (start - end) exp(-t / duration)
    power        max(end, start / (1 + t / duration) ** exponent)

The clock t counts environment steps, episodes, or the visits of the state-action pair at hand.
A schedule may be written as a number ("0.1") or as text: "linear(1, 0.05, 10000)", "power(0.05, 0, 200, per=episode)".
"""

import math
import re
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, ValidationError

from core.compiled import compiled, inlined
from core.config import Config, Span, setting


class Kind(StrEnum):
    constant = "constant"
    linear = "linear"
    exponential = "exponential"
    power = "power"


class Clock(StrEnum):
    step = "step"
    episode = "episode"
    visit = "visit"


class Row(IntEnum):
    """Where each number stands in an encoded schedule."""

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

    def value(self, t: float) -> float:
        """The value at time `t` (in units of `per`)."""
        return value_at.function(self._encoded, t)

    @cached_property
    def _encoded(self) -> list[float]:
        return self.encode().tolist()

    def encode(self) -> NDArray[np.float64]:
        """The six numbers that kernels read, in the order of `Row`."""
        kinds, clocks = list(Kind), list(Clock)
        return np.array(
            [kinds.index(self.kind), self.start, self.end, self.duration, self.exponent, clocks.index(self.per)], dtype=np.float64
        )

    def text(self) -> str:
        """The shortest text that reads back as this schedule."""
        if self.kind is Kind.constant:
            return _number(self.start)
        arguments = [_number(self.start), _number(self.end), _number(self.duration)]
        if self.kind is Kind.power and self.exponent != 1:
            arguments.append(_number(self.exponent))
        if self.per is not Clock.step:
            arguments.append(f"per={self.per.value}")
        return f"{self.kind.value}({', '.join(arguments)})"


@inlined
def value_at(schedule: NDArray[np.float64] | list[float], t: float) -> float:
    """The value at `t` of a schedule encoded as six numbers (see `Row`)."""
    kind, start, end, duration, exponent = schedule[0], schedule[1], schedule[2], schedule[3], schedule[4]
    if kind == 1.0:
        return float(start + (end - start) * min(t / duration, 1.0))
    if kind == 2.0:
        return float(end + (start - end) * math.exp(-t / duration))
    if kind == 3.0:
        base = 1.0 + t / duration
        return float(max(end, start / (base if exponent == 1.0 else base**exponent)))
    return float(start)


@compiled
def values_at(schedule: NDArray[np.float64], times: NDArray[np.int64]) -> NDArray[np.float64]:
    """`value_at` each of many times."""
    values = np.empty(len(times))
    for place in range(len(times)):
        values[place] = value_at(schedule, float(times[place]))
    return values


def _number(value: float) -> str:
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


_CALL = re.compile(r"\s*(\w+)\s*\(([^()]*)\)\s*")


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
    match = _CALL.fullmatch(value)
    if match is None or match[1] not in list(Kind):
        raise ValueError(f'{value!r} is no schedule; write a number, or a text such as "linear(1, 0.05, 10000)"; shapes: {", ".join(Kind)}')
    fields: dict[str, Any] = {"kind": match[1]}
    places = ("start", "end", "duration", "exponent")
    for place, argument in enumerate(part.strip() for part in match[2].split(",") if part.strip()):
        name, equals, text = argument.partition("=")
        if not equals and place >= len(places):
            raise ValueError(f"'{value}' has too many numbers; they are {', '.join(places)}")
        fields[name.strip() if equals else places[place]] = text.strip() if equals else argument
    return fields


def _ends(schedule: Schedule) -> tuple[float, ...]:
    return (schedule.start,) if schedule.kind is Kind.constant else (schedule.start, schedule.end)


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    part = ".".join(str(place) for place in first["loc"])
    if not part:
        return f'{first["input"]!r} is no schedule; write a number, or a text such as "linear(1, 0.05, 10000)"'
    if first["type"] == "extra_forbidden":
        return f"a schedule has no '{part}'; it has {', '.join(Schedule.model_fields)}"
    message = first["msg"].removeprefix("Value error, ")
    return f"its {part}: {message[:1].lower()}{message[1:]}, not {first['input']!r}"


def _bounded(low: float, high: float, above: bool) -> Any:
    def check(value: Any) -> Any:
        fields = read(value)
        try:
            schedule = Schedule.model_validate(fields)
        except ValidationError as error:
            raise ValueError(_fault(error)) from None
        wrong = [end for end in _ends(schedule) if not low <= end <= high] or [low] * (above and schedule.start == low)
        if wrong:
            span = f"above {low:g} and up to {high:g}" if above else f"from {low:g} to {high:g}"
            raise ValueError(f"every value must lie {span}, not {wrong[0]:g}")
        return schedule

    return BeforeValidator(check)


Probability = Annotated[Schedule, _bounded(0.0, 1.0, above=False), Span(least=0.0, most=1.0)]
"""A schedule whose values are probabilities, such as epsilon."""

Temperature = Annotated[Schedule, _bounded(0.0, 1e6, above=True), Span(above=0.0, most=1e6)]
"""A schedule whose values are temperatures: above 0."""

StepSize = Annotated[Schedule, _bounded(0.0, 1.0, above=True), Span(above=0.0, most=1.0)]
"""A schedule whose values are step sizes: above 0, up to 1."""
