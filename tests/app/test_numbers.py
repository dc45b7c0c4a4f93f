"""How numbers are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.numbers import exact, power, short, tick


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (12, "12"), (-0.5, "−0.5"), (1234.5678, "1,235"), (123456, "123,456"), (1e-5, "1·10⁻⁵"), (0.72912, "0.7291"),
     (1.5e9, "1.5·10⁹"), (math.nan, "–"), (math.inf, "∞"), (-math.inf, "−∞"), (99.999, "100")],
)  # fmt: skip
def test_short(value: float, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "spacing", "text"),
    [(0, 0.2, "0.0"), (-0.0, 0.5, "0.0"), (20_000, 5_000, "20k"), (2_500_000, 500_000, "2.5M"), (5_000, 1_000, "5,000"),
     (-0.2, 0.1, "−0.2")],
)  # fmt: skip
def test_marks_of_an_axis(value: float, spacing: float, text: str) -> None:
    assert tick(value, spacing) == text


def test_a_power() -> None:
    assert power(-12) == "10⁻¹²"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_exact_reads_back(value: float) -> None:
    assert float(exact(value)) == value


@pytest.mark.parametrize(("value", "text"), [(1e-4, "1e-4"), (0.1, "0.1"), (1e12, "1e12"), (50.0, "50"), (2.5e-7, "2.5e-7")])
def test_exact_is_short(value: float, text: str) -> None:
    assert exact(value) == text
