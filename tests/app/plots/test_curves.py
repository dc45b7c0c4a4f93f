"""The arithmetic behind the curves, against sums done by hand."""

from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from app.plots.curves import Curves, Series, bundle, landmarks, stride, thin, trailing_mean
from core.history import Columns, History, Rows
from core.runs.statistics import mean_and_half


def series(y: list[float], x: list[float] | None = None) -> Series:
    made = Series()
    made.append(np.arange(len(y), dtype=float) if x is None else np.array(x), np.array(y))
    return made


def columns(episodes: int, members: int = 1, start: int = 0) -> Columns:
    number = np.repeat(np.arange(start, start + episodes), members)
    member = np.tile(np.arange(members), episodes)
    return MappingProxyType({"episode": number, "member": member, "step": 10 * (number + 1), "return": number * 1.0 + 100 * member})


def test_members_are_told_apart() -> None:
    curves = Curves("episode", "return")
    assert curves.update(columns(3, members=2))
    assert [list(series.y) for series in curves.ordered()] == [[0, 1, 2], [100, 101, 102]]
    assert not curves.update(columns(3, members=2))


def test_only_new_rows_are_taken_in_and_a_new_run_starts_over() -> None:
    curves = Curves("episode", "return")
    curves.update(columns(5))
    first = curves.members[0]
    curves.update(columns(2000))
    assert curves.members[0] is first and first.count == 2000
    assert (first.y == np.arange(2000)).all()
    curves.update(columns(10, start=7))
    assert list(curves.members[0].x) == list(range(7, 17))
    curves.update(columns(30))
    assert list(curves.members[0].x) == list(range(30))


def test_a_thinned_history_is_followed() -> None:
    history = History(capacity=1000)
    curves = Curves("episode", "return")
    for start in range(0, 5000, 250):
        history.append(Rows("episodes", columns(250, start=start)))
        curves.update(history.view()["episodes"])
        assert (curves.members[0].y == history.view()["episodes"]["return"]).all()


def test_infinities_count_as_missing() -> None:
    assert np.isnan(series([1, np.inf, -np.inf]).y[1:]).all()


def test_the_mean_trails_and_leaves_out_what_is_missing() -> None:
    y = series([1, 2, 3, np.nan, 5, 6]).y
    assert trailing_mean(y, np.array([0, 1, 2, 4, 5]), 2).tolist() == [1, 1.5, 2.5, 5, 5.5]
    assert np.isnan(trailing_mean(y, np.array([3]), 1)).all()
    assert trailing_mean(y, np.array([5]), 100)[0] == pytest.approx(17 / 5)


@given(st.integers(0, 5000), st.integers(1, 500))
def test_a_stride_is_a_power_of_two_that_suffices(rows: int, most: int) -> None:
    step = stride(rows, most)
    assert step & (step - 1) == 0 and most * step >= rows


@given(st.lists(st.floats(-1e6, 1e6) | st.just(np.nan), min_size=1, max_size=400), st.integers(1, 60))
def test_thinning_keeps_the_peaks(values: list[float], most: int) -> None:
    x, y = thin(series(values), 0, len(values), most)
    assert len(x) == len(y) <= max(2 * most + 2, len(values) if len(values) <= most else 0)
    assert (np.diff(x) >= 0).all()
    assert np.fmax.reduce(y) == np.fmax.reduce(values) or np.isnan(values).all()
    assert np.fmin.reduce(y) == np.fmin.reduce(values) or np.isnan(values).all()


def test_drawn_points_stay_where_they_are_as_the_run_grows() -> None:
    before, after = landmarks(0, 10_000, 200)[:-1], landmarks(0, 10_700, 200)
    assert set(before) <= set(after)
    assert after[-1] == 10_699


def test_the_band_is_students() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=(6, 50))
    mean, half = mean_and_half(y)
    assert mean == pytest.approx(y.mean(axis=0))
    assert half == pytest.approx(student.ppf(0.975, 5) * y.std(axis=0, ddof=1) / np.sqrt(6), rel=1e-3)
    assert np.isnan(mean_and_half(y[:1])[1]).all()
    assert np.isnan(mean_and_half(np.full((2, 3), np.nan))[0]).all()


def test_a_long_run_is_thinned_from_remembered_blocks() -> None:
    rng = np.random.default_rng(1)
    made = Series()
    for size in (70, 5_000, 1, 63, 20_000):
        made.append(np.arange(made.count, made.count + size), rng.normal(size=size))
        for first, last, most in ((0, made.count, 20), (made.count // 3, made.count - 5, 10), (0, made.count, 3)):
            _, y = thin(made, first, last, most)
            assert y.max() == made.y[first - first % stride(last - first, most) : last].max()
            step = stride(last - first, most)
            if step > 1:
                starts = range(first - first % step, last, step)
                lows = [made.y[start : min(start + step, last)].min() for start in starts]
                assert y.reshape(-1, 2).min(axis=1).tolist() == lows


def test_the_mean_ends_where_the_slowest_member_is() -> None:
    fast, slow = series([1.0] * 100), series([3.0] * 40)
    drawn = bundle([fast, slow], 0, 1000, 200, 1)
    assert drawn.x[-1] == 99 and (drawn.lines[0] == 1).all()
    assert (drawn.centre[drawn.x <= 39] == 2).all() and np.isnan(drawn.centre[drawn.x > 39]).all()
    assert np.isnan(drawn.lines[1][drawn.x > 39]).all()
    assert not len(bundle([fast, slow], 2000, 3000, 200, 1).x)
    assert np.isnan(bundle([series([1.0], [5.0]), series([1.0], [2.0])], 0, 10, 10, 1).centre).all()
