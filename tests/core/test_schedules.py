"""Schedules: values by hand, the same from kernels, text that reads back, and a sentence for every mistake."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compiled import compiled
from core.config import Config, assign, build, setting, settings_table
from core.errors import ConfigError
from core.points import MOST_POINTS, Points, read_points, write_points
from core.schedules import (
    WRITTEN,
    Clock,
    Kind,
    LearningRate,
    Probability,
    Schedule,
    StepSize,
    Temperature,
    read,
    value_at,
    values_at,
)  # fmt: skip
from core.tabular.engine.policy import clock

POINTS: Points = ((100.0, 1.0), (200.0, 0.5), (600.0, 0.1))


class Example(Config):
    """A setting of each declared kind of schedule."""

    epsilon: Probability = setting(Schedule(start=0.1), "Epsilon", "How curious.")
    temperature: Temperature = setting(Schedule(start=1.0), "Temperature", "How warm.")
    step: StepSize = setting(Schedule(start=0.1), "Step", "How far.")
    rate: LearningRate = setting(Schedule(start=0.1), "Rate", "How far, too.")


def piecewise(*points: tuple[float, float], per: Clock = Clock.step) -> Schedule:
    return Schedule(kind=Kind.piecewise, points=points, per=per)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule(start=0.3), {0: 0.3, 10**9: 0.3}),
        (Schedule(kind=Kind.linear, start=1, end=0.2, duration=10), {0: 1.0, 5: 0.6, 10: 0.2, 99: 0.2}),
        (Schedule(kind=Kind.exponential, start=0.9, end=0.05, duration=1000), {0: 0.9, 1000: 0.05 + 0.85 / math.e, 10**9: 0.05}),
        (Schedule(kind=Kind.power, start=0.05, duration=200), {0: 0.05, 200: 0.025, 600: 0.0125}),
        (Schedule(kind=Kind.power, start=1, end=0.3, duration=1, exponent=2), {0: 1.0, 1: 0.3}),
        (Schedule(kind=Kind.harmonic), {0: 1.0, 1: 1 / 2, 2: 1 / 3, 999: 1e-3}),
        (piecewise(*POINTS), {0: 1.0, 99: 1.0, 100: 1.0, 150: 0.75, 200: 0.5, 500: 0.2, 600: 0.1, 601: 0.1, 10**12: 0.1}),
        (piecewise((0, 0.5)), {0: 0.5, 7: 0.5}),
        (piecewise((5, 0.0), (6, 1.0)), {0: 0.0, 5: 0.0, 6: 1.0}),
    ],
)
def test_values_at_start_middle_end_and_beyond(schedule: Schedule, expected: dict[int, float]) -> None:
    for t, value in expected.items():
        assert schedule.value(t) == pytest.approx(value, abs=1e-12)
        assert value_at(schedule.encode(), float(t)) == schedule.value(t)
    times = np.array(list(expected), np.int64)
    assert values_at(schedule.encode(), times).tolist() == [schedule.value(t) for t in times]


numbers = st.floats(0.001, 1000)
clocks = st.sampled_from(Clock)
times = st.lists(st.floats(0, 1e9), min_size=1, max_size=MOST_POINTS, unique=True).map(sorted)
values = st.lists(numbers, min_size=MOST_POINTS, max_size=MOST_POINTS)
points = st.builds(lambda times, values: tuple(zip(times, values, strict=False)), times, values)
plain = {"start": numbers, "end": numbers, "duration": numbers, "per": clocks}
schedules = st.one_of(
    st.builds(Schedule, start=numbers),
    st.builds(Schedule, kind=st.sampled_from((Kind.linear, Kind.exponential)), **plain),
    st.builds(Schedule, kind=st.just(Kind.power), exponent=st.floats(0.1, 4), **plain),
    st.just(Schedule(kind=Kind.harmonic)),
    st.builds(Schedule, kind=st.just(Kind.piecewise), points=points, per=clocks),
)


@given(schedules)
def test_a_schedule_reads_back_from_its_text_and_from_its_file(schedule: Schedule) -> None:
    assert Schedule.model_validate(read(schedule.text())) == schedule
    assert Schedule.model_validate_json(schedule.model_dump_json()) == schedule


@given(schedules, st.integers(0, 10**10))
def test_kernels_see_the_same_value_and_it_lies_between_the_ends(schedule: Schedule, t: int) -> None:
    value = schedule.value(t)
    assert value_at(schedule.encode(), float(t)) == value
    assert min(schedule.ends) - 1e-9 <= value <= max(schedule.ends) + 1e-9


@given(points, st.floats(0, 1e9))
def test_piecewise_is_numpys_interpolation(points: Points, t: float) -> None:
    assert piecewise(*points).value(t) == pytest.approx(np.interp(t, *zip(*points, strict=True)), rel=1e-9)


@compiled
def counted(schedule: np.ndarray, steps: int, episodes: int, visits: int) -> float:
    """As the learners' kernels read a schedule."""
    return value_at(schedule, clock(schedule, steps, episodes, visits))


@pytest.mark.parametrize(
    ("schedule", "value"),
    [
        (piecewise((0, 1), (100, 0)), 0.9),
        (piecewise((0, 1), (100, 0), per=Clock.episode), 0.8),
        (piecewise((0, 1), (100, 0), per=Clock.visit), 0.7),
        (Schedule(kind=Kind.harmonic, per=Clock.episode), 1 / 31),
    ],
)
def test_kernels_count_what_the_schedule_says(schedule: Schedule, value: float) -> None:
    assert counted(schedule.encode(), 10, 20, 30) == pytest.approx(value)


def test_all_schedules_are_encoded_alike_long() -> None:
    full = piecewise(*((float(time), 0.5) for time in range(MOST_POINTS)))
    assert {len(schedule.encode()) for schedule in (Schedule(), Schedule(kind=Kind.harmonic), piecewise(*POINTS), full)} == {138}
    assert full.value(10**6) == value_at(full.encode(), 1e6) == 0.5


@pytest.mark.parametrize("text", ["1/N", " 1 / N ", "1/N(s)", "1/N(s, a)", "1/N( s,a )"])
def test_one_by_n_is_the_mean(text: str) -> None:
    schedule = assign(Example, [f"step={text}"]).step
    assert schedule == Schedule(kind=Kind.harmonic)
    assert schedule.text() == "1/N" and schedule.clock is Clock.visit
    mean, returns = 0.0, [3.0, -1.0, 7.0, 2.0]
    for visits, value in enumerate(returns):
        mean += schedule.value(visits) * (value - mean)
    assert mean == pytest.approx(sum(returns) / len(returns))


@pytest.mark.parametrize(
    ("text", "points", "per"),
    [
        ("piecewise(0:1, 5000:0.1, 20000:0.05)", ((0, 1), (5000, 0.1), (20000, 0.05)), Clock.step),
        ("piecewise( 0 : 1 ,5e3:.1, per=episode)", ((0, 1), (5000, 0.1)), Clock.episode),
        ("piecewise(per=episode, 3:1)", ((3, 1),), Clock.episode),
    ],
)
def test_points_as_people_type_them(text: str, points: Points, per: Clock) -> None:
    assert assign(Example, [f"epsilon={text}"]).epsilon == piecewise(*points, per=per)


def test_points_are_written_as_they_are_read() -> None:
    assert write_points(((0.0, 1.0), (5000.0, 0.1), (12345678.5, 1e-7))) == "0:1, 5000:0.1, 12345678.5:1e-07"
    assert read_points(["0:1", " 5000:0.1", " "]) == ((0, 1), (5000, 0.1))


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("epsilon=piecewise(0:1, 0.1)", "'0.1' is no point; write time:value, such as 5000:0.1"),
        ("epsilon=piecewise(0:1, x:0.1)", "'x:0.1' is no point"),
        ("epsilon=piecewise(0:1, 5:nan)", "'5:nan' is no point"),
        ("epsilon=piecewise(0:1, inf:0.1)", "'inf:0.1' is no point"),
        ("epsilon=piecewise(0:1, 1:2:3)", "'1:2:3' is no point"),
        ("epsilon=piecewise()", "piecewise needs points, such as 0:1, 5000:0.1"),
        ("epsilon=piecewise(0:1, 9:0.5, 9:0.1)", "the times of points must increase; 9 comes after 9"),
        ("epsilon=piecewise(0:1, 9000:0.5, 12:0.1)", "the times of points must increase; 12 comes after 9000"),
        ("epsilon=piecewise(-5:1, 0:0.5)", "points must lie from time 0 to 1e+15, not at -5"),
        (f"epsilon=piecewise({', '.join(f'{time}:0' for time in range(65))})", "piecewise takes at most 64 points, not 65"),
        ("epsilon=piecewise(0:1, 2e15:0)", "points must lie from time 0 to 1e+15, not at 2e+15"),
        ("epsilon=piecewise(0:1, 5:1.5, 9:0)", "every value must lie from 0 to 1, not 1.5"),
        ("epsilon=piecewise(0:1, 5:-0.5)", "every value must lie from 0 to 1, not -0.5"),
        ("epsilon=piecewise(0:1, per=day)", "its per: input should be 'step', 'episode' or 'visit', not 'day'"),
        ('epsilon={"kind": "piecewise", "points": [[0, 1], [5, NaN]]}', "its points.1.1: input should be a finite number, not nan"),
        ('epsilon={"kind": "piecewise", "points": [[0, 1], [5]]}', "its points.1.1: field required"),
        ("epsilon=linear(1, 0, 10, 1, 7)", "too many numbers; they are start, end, duration, exponent"),
        ("epsilon=linearly(1)", "shapes: constant, linear, exponential, power, 1/N, piecewise"),
        ("step=piecewise(0:0, 5:0.5)", "every value must lie above 0 and up to 1, not 0"),
        ("step=piecewise(0:0.5, 5:1.1)", "every value must lie above 0 and up to 1, not 1.1"),
        ("temperature=piecewise(0:1, 100:0)", "every value must lie above 0 and up to 1e+06, not 0"),
        ("temperature=linear(1, 0, 100)", "every value must lie above 0 and up to 1e+06, not 0"),
        ("epsilon=1/N", "visits are not counted here; count steps or episodes"),
        ("temperature=piecewise(0:1, 9:0.1, per=visit)", "visits are not counted here"),
        ("rate=1/N", "visits are not counted here"),
        ("rate=power(0.5, 0, 1, per=visit)", "visits are not counted here"),
    ],
)
def test_every_mistake_has_a_sentence(setting: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        assign(Example, [setting])
    assert caught.value.where == setting.partition("=")[0]
    assert what in caught.value.what


@pytest.mark.parametrize(
    "setting",
    [
        "step=piecewise(0:0.5, 100:0)",
        "step=linear(0.5, 0, 100)",
        "rate=linear(0.5, 0, 100)",
        "step=piecewise(0:1, 9:0.1, per=visit)",
        "step=1/N",
        "temperature=power(1, 0, 100)",
        "temperature=piecewise(0:1, 100:0.01)",
        "epsilon=piecewise(0:1, 100:0)",
    ],
)
def test_what_is_within_its_bounds_is_taken(setting: str) -> None:
    name, _, text = setting.partition("=")
    assert getattr(assign(Example, [setting]), name).text() == text


def test_a_constant_counts_nothing_whatever_its_clock() -> None:
    assert build(Example, {"epsilon": {"start": 0.3, "per": "visit"}}).epsilon.clock is None


def test_a_file_from_before_points_opens_and_other_kinds_keep_none() -> None:
    old = {"kind": "power", "start": 1.0, "end": 0.0, "duration": 10.0, "exponent": 1.0, "per": "visit"}
    assert build(Example, {"step": old}).step.text() == "power(1, 0, 10, per=visit)"
    assert Schedule(kind=Kind.linear, points=POINTS).points == ()


def test_a_table_of_settings_gives_their_bounds() -> None:
    bounds: Callable[[str], str] = {row["name"]: row["bounds"] for row in settings_table(Example)}.__getitem__
    assert (bounds("epsilon"), bounds("temperature"), bounds("step")) == ("from 0 to 1", "above 0 to 1e+06", "above 0 to 1")


def test_every_kind_says_how_it_is_written() -> None:
    numbers = {"start": "1", "end": "0", "duration": "10", "exponent": "2", "time:value": "0:1", "...": "10:0"}
    assert list(WRITTEN) == list(Kind)
    for kind, (text, _) in WRITTEN.items():
        name, bracket, words = text.rstrip(")").partition("(")
        arguments = ", ".join(numbers[word] for word in words.split(", ")) + ")" if bracket else ""
        assert Schedule.model_validate(read(name + bracket + arguments)).kind is kind
