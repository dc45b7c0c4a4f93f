"""What runs come to, by hand; their statistics against scipy and brute force."""

import math

import numpy as np
import pytest
from scipy.stats import trim_mean

from core.runs.scores import Returns, differences, level, returns_of, score
from core.runs.spec import RunSpec
from core.runs.statistics import Statistic, middle, summary
from core.worlds.library import open_world


def member(returns: list[float], length: int = 10) -> Returns:
    return Returns(length * np.arange(1.0, len(returns) + 1), np.array(returns))


def spec(**config: object) -> RunSpec:
    return RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning", config=config)


def test_the_final_score_is_the_mean_of_the_last_hundred() -> None:
    assert member([0.0] * 50 + [1.0] * 100).final == 1.0
    assert member([0.0, 1.0]).final == 0.5


def test_the_area_counts_steps_not_episodes() -> None:
    assert Returns(np.array([10.0, 40.0]), np.array([1.0, 3.0])).area == pytest.approx((10 * 1 + 30 * 3) / 40)


def test_a_level_is_reached_by_a_mean_of_a_hundred() -> None:
    rising = member([0.0] * 100 + [1.0] * 100)
    assert rising.reached(0.5) == 10 * 150
    assert rising.reached(0.0) == 10 * 100
    assert rising.reached(1.0) == 10 * 200
    assert math.isinf(rising.reached(1.01)) and math.isinf(member([1.0] * 99).reached(0.5))


def test_the_score_of_many_members() -> None:
    members = [member([float(number)] * 100) for number in range(8)]
    found = score(members, 3.0)
    assert (found.final, found.iqm, found.area) == pytest.approx((3.5, 3.5, 3.5))
    assert found.low < 3.5 < found.high and (found.reached, found.members) == (5, 8)
    assert found.steps == 1000
    assert math.isinf(score(members, 6.0).steps) and score(members, 6.0).reached == 2
    assert math.isnan(score([], 1.0).final)


def test_the_level_is_the_worlds_or_nine_tenths_of_the_best() -> None:
    assert level(open_world("gym:CartPole-v1"), [1.0]) == 475
    grid = open_world("grid/lecture-3x4")
    assert level(grid, [0.2, 1.0, math.nan]) == pytest.approx(0.9) and level(grid, [-50.0, -10.0]) == pytest.approx(-11.0)
    assert math.isnan(level(grid, []))


def test_only_settings_that_differ_are_told() -> None:
    one, other, third = spec(step_size=0.1), spec(step_size=0.5), spec(step_size=0.5).model_copy(update={"seed": 4})
    assert differences([one]) == [{}]
    assert differences([one, other]) == [{"Step size": "0.1"}, {"Step size": "0.5"}]
    assert differences([other, third]) == [{"Seed": "0"}, {"Seed": "4"}]


def test_episodes_are_told_apart_by_member() -> None:
    columns = {
        "episode": np.array([0, 0, 1]),
        "member": np.array([0, 1, 0]),
        "step": np.array([3, 4, 9]),
        "return": np.array([1.0, 2.0, 3.0]),
    }
    one, other = returns_of({"episodes": columns})
    assert one.returns.tolist() == [1, 3] and one.steps.tolist() == [3, 9] and other.returns.tolist() == [2]
    assert returns_of({}) == []


@pytest.mark.parametrize("members", [2, 3, 4, 5, 8, 13])
def test_the_interquartile_mean_is_scipys_and_the_median_numpys(members: int) -> None:
    y = np.random.default_rng(members).normal(size=(members, 6))
    assert summary(y, Statistic.iqm)[0] == pytest.approx(trim_mean(y, 0.25, axis=0))
    assert summary(y, Statistic.median)[0] == pytest.approx(np.median(y, axis=0))


def test_the_weights_of_ranks_are_those_of_the_drawn_sample() -> None:
    rng = np.random.default_rng(3)
    y = np.sort(rng.normal(size=9))
    for statistic, plain in ((Statistic.iqm, lambda z: trim_mean(z, 0.25)), (Statistic.median, np.median)):
        for _ in range(50):
            drawn = rng.integers(0, 9, 9)
            counts = np.bincount(drawn, minlength=9)[None].astype(float)
            assert middle(counts, statistic)[0] @ y == pytest.approx(plain(y[drawn]))


def test_the_band_of_the_interquartile_mean_is_that_of_a_plain_bootstrap() -> None:
    rng = np.random.default_rng(5)
    y = rng.normal(size=(10, 1))
    _, low, high = summary(y, Statistic.iqm)
    plain = np.percentile([trim_mean(y[rng.integers(0, 10, 10), 0], 0.25) for _ in range(4000)], [2.5, 97.5])
    assert [low[0], high[0]] == pytest.approx(plain, abs=0.15)
    assert [part.tolist() for part in summary(y, Statistic.iqm)] == [part.tolist() for part in summary(y, Statistic.iqm)]
    assert np.isnan(summary(y[:1], Statistic.iqm)[1]).all()
