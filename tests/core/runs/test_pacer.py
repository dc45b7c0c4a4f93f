"""A machine that sleeps in the middle of a slice does not lose its pace."""

from types import SimpleNamespace

import pytest

from core.learner import UNBOUNDED, Budget, Progress
from core.runs import pacer
from core.runs.pacer import Pacer


class Clock:
    """Each unit of work takes so long."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = 100.0, seconds
        self.calls: list[int] = []

    def perf_counter(self) -> float:
        return self.now

    def advance(self, budget: Budget) -> Progress:
        self.calls.append(budget.units)
        self.now += self.seconds * budget.units
        return Progress(budget.units, 0)


def test_an_hour_of_sleep_makes_the_next_parts_a_quarter_as_long_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(1e-5)
    monkeypatch.setattr(pacer, "time", SimpleNamespace(perf_counter=clock.perf_counter))
    slices = Pacer(0.01)
    for _ in range(10):
        slices.slice(clock.advance, Budget(UNBOUNDED))
    usual = slices.units

    def asleep(budget: Budget) -> Progress:
        clock.now += 3600
        return clock.advance(budget)

    slices.slice(asleep, Budget(UNBOUNDED))
    assert slices.units == usual // 4
    slices.slice(clock.advance, Budget(UNBOUNDED))
    assert slices.units == pytest.approx(usual, rel=0.05)
