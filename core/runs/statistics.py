"""What many members come to together: mean, interquartile mean or median, with a 95 % interval.

    mean                 with Student's t, mean +- t s / sqrt(K)
    interquartile mean   the mean of the middle half, int(K / 4) cut from either end: it looks away from single bad seeds, and wastes less
                         than the median (Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice")
    median

The intervals of the last two are percentiles of a bootstrap over members, which is the stratified one of Agarwal et al. for a single task.
A resample of K members is how often each rank occurs in it: so the same resamples serve every place of a curve, as one matrix product with
the sorted members. They come from a fixed seed: the same run gives the same band.
"""

from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 400
"""Of the bootstrap; fewer where members are many."""
PRODUCTS = 400_000
"""Ranks times resamples at most."""

# Two-sided 95 % points of Student's t for 1, 2, ... degrees of freedom.
_T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
        2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042)  # fmt: skip


class Statistic(StrEnum):
    """How members are brought together; `each` does not."""

    mean = "mean"
    iqm = "interquartile mean"
    median = "median"
    each = "each"


def summary(y: Floats, statistic: Statistic) -> tuple[Floats, Floats, Floats]:
    """Over the first axis of [K, X]: the statistic, and the ends of its 95 % interval, each [X].

    The mean leaves missing members out; the others are NaN where one is missing. Below two members there is no interval.
    """
    if statistic in (Statistic.mean, Statistic.each):
        mean, half = mean_and_half(y)
        return mean, mean - half, mean + half
    ranked = np.sort(y, axis=0)
    centre = middle(np.ones((1, len(y))), statistic)[0] @ ranked
    if len(y) < 2:
        return centre, np.full_like(centre, np.nan), np.full_like(centre, np.nan)
    drawn = _resamples(len(y), statistic) @ ranked
    ends = round(0.025 * (len(drawn) - 1)), round(0.975 * (len(drawn) - 1))
    low, high = np.partition(drawn, ends, axis=0)[list(ends)]
    return centre, low, high


def mean_and_half(y: Floats) -> tuple[Floats, Floats]:
    """Over the first axis: the mean of the finite values, and half the width of its 95 % confidence interval (Student's t)."""
    use = np.isfinite(y)
    counts = use.sum(axis=0)
    mean = np.where(use, y, 0.0).sum(axis=0) / np.maximum(counts, 1)
    squares = np.where(use, (y - mean) ** 2, 0.0).sum(axis=0)
    spread = np.sqrt(squares / np.maximum(counts - 1, 1) / np.maximum(counts, 1))
    factors = np.array([_T95[min(count - 2, len(_T95) - 1)] if count > 1 else np.nan for count in range(int(counts.max(initial=0)) + 1)])
    return np.where(counts > 0, mean, np.nan), factors[counts] * spread


def middle(counts: Floats, statistic: Statistic) -> Floats:
    """[B, K] how much each rank weighs in the interquartile mean or the median of samples in which it occurs `counts` [B, K] times."""
    members = counts.shape[1]
    cut = members // 4 if statistic is Statistic.iqm else (members - 1) / 2
    above = np.cumsum(counts, axis=1)
    inside = np.minimum(above, members - cut) - np.maximum(above - counts, cut)
    return np.maximum(inside, 0.0) / (members - 2 * cut)


@lru_cache(maxsize=8)
def _resamples(members: int, statistic: Statistic) -> Floats:
    """[B, K] weights of the ranks in resamples."""
    resamples = int(np.clip(PRODUCTS // members, 50, RESAMPLES))
    counts = np.random.default_rng(0).multinomial(members, np.full(members, 1 / members), resamples)
    return middle(counts.astype(np.float64), statistic)
