"""Tests of settings in the words of the screen."""

from collections.abc import Iterator

import pytest

from app import text
from app.forms.words import in_words, told_in_words
from core.schedules import Clock, Kind, Schedule


@pytest.fixture
def korean() -> Iterator[None]:
    text.use("ko")
    yield
    text.use("en")


def test_english_says_what_core_says() -> None:
    assert in_words("exponential(1, 0.1, 500)") == "exponential(1, 0.1, 500)"
    assert in_words("linear(1, 1e-05, 500, per=episode)") == "linear(1, 1e-05, 500, per episode)"
    assert told_in_words({"Device": "auto", "Step size": "0.5"}) == "Device auto, Step size 0.5"
    assert (in_words("True"), in_words("-0.5, 1e-05"), in_words("64–64"), in_words("–")) == ("yes", "-0.5, 1e-05", "64–64", "–")


@pytest.mark.usefixtures("korean")
def test_korean_speaks_korean() -> None:
    assert told_in_words({"Device": "auto", "Members": "8"}) == "장치 자동, 학습기 수 8"
    assert in_words("exponential(1, 0.1, 500, per=episode)") == "지수형(1, 0.1, 500, 에피소드마다)"
    assert in_words("power(1, 0, 100, 0.7, per=visit), 0.1") == "거듭제곱형(1, 0, 100, 0.7, 방문마다), 0.1"


@pytest.mark.usefixtures("korean")
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.harmonic])
@pytest.mark.parametrize("clock", Clock)
def test_no_schedule_stays_english(kind: Kind, clock: Clock) -> None:
    points = ((0.0, 1.0), (10.0, 0.5)) if kind is Kind.piecewise else ()
    said = in_words(Schedule(kind=kind, start=1.0, end=0.1, duration=10.0, exponent=0.7, per=clock, points=points).text())
    assert not any(letter.isascii() and letter.isalpha() for letter in said)
