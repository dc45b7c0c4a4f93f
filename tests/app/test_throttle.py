"""The throttle keeps the pace it is set to, does not race after a pause, and measures what was done."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.throttle
from app.throttle import Throttle
from core.learner import UNBOUNDED


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(app.throttle, "time", SimpleNamespace(perf_counter=clock.perf_counter))
    return clock


def work(throttle: Throttle, clock: Clock, wait: float, times: int) -> int:
    """Ask every `wait` seconds, do all that is allowed; how much that was."""
    done = 0
    for _ in range(times):
        units = max(0, throttle.allowed())
        throttle.spend(units)
        done += units
        clock.now += wait
    return done


def test_without_a_speed_all_is_allowed(clock: Clock) -> None:
    throttle = Throttle()
    assert throttle.allowed() == UNBOUNDED
    throttle.spend(10**6)
    assert throttle.allowed() == UNBOUNDED


@pytest.mark.parametrize(("speed", "wait"), [(1, 0.05), (50, 0.02), (500, 0.02), (1_000_000, 0.01), (2, 0.001)])
def test_the_pace_is_kept(clock: Clock, speed: float, wait: float) -> None:
    throttle = Throttle()
    throttle.speed = speed
    throttle.restart()
    assert throttle.allowed() == 1
    times = round(10 / wait)
    assert work(throttle, clock, wait, times) == pytest.approx(10 * speed, rel=0.01, abs=1)


def test_what_was_spent_beyond_the_pace_is_waited_for(clock: Clock) -> None:
    throttle = Throttle()
    throttle.speed = 10
    throttle.restart()
    throttle.spend(6)
    assert throttle.allowed() <= 0
    clock.now += 0.51
    assert throttle.allowed() <= 0
    clock.now += 0.1
    assert throttle.allowed() == 1


def test_after_a_pause_it_goes_on_instead_of_catching_up(clock: Clock) -> None:
    throttle = Throttle()
    throttle.speed = 100
    throttle.restart()
    work(throttle, clock, 0.01, 50)
    clock.now += 60
    assert throttle.allowed() == 1
    assert work(throttle, clock, 0.01, 100) <= 101


def test_less_than_a_second_is_caught_up(clock: Clock) -> None:
    throttle = Throttle()
    throttle.speed = 100
    throttle.restart()
    clock.now += 0.9
    assert throttle.allowed() == 91


@given(st.integers(1, 5000), st.lists(st.floats(0, 3), min_size=1, max_size=40))
def test_never_more_than_the_pace_allows(speed: int, waits: list[float]) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app.throttle, "time", clock)
        throttle = Throttle()
        throttle.speed = speed
        throttle.restart()
        began, done = clock.now, 0
        for wait in waits:
            clock.now += wait
            done += work(throttle, clock, 0, 1)
            assert done <= speed * (clock.now - began) + 1 + 1e-6


def test_the_rate_is_what_was_done_over_half_a_second_or_more(clock: Clock) -> None:
    throttle = Throttle()
    throttle.spend(100)
    clock.now += 0.4
    throttle.spend(100)
    assert throttle.rate == 0
    clock.now += 0.4
    throttle.spend(200)
    assert throttle.rate == pytest.approx(400 / 0.8)
    clock.now += 1
    throttle.spend(7)
    assert throttle.rate == pytest.approx(7)


def test_a_pause_does_not_count_into_the_rate(clock: Clock) -> None:
    throttle = Throttle()
    throttle.spend(50)
    clock.now += 100
    throttle.restart()
    clock.now += 1
    throttle.spend(30)
    assert throttle.rate == pytest.approx(30)


def test_an_hour_of_sleep_is_not_caught_up(clock: Clock) -> None:
    throttle = Throttle()
    throttle.speed = 50
    throttle.restart()
    work(throttle, clock, 0.02, 50)
    clock.now += 3600
    assert throttle.allowed() == 1
    throttle.spend(1)
    assert work(throttle, clock, 0.02, 50) == pytest.approx(50, abs=2)
