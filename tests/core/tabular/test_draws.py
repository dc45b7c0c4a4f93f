"""Random numbers in kernels: xoshiro256+ word for word, evenly spread, and what is drawn with them."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chisquare

from core.compiled import compiled
from core.learner import Budget
from core.tabular.engine.draws import EXPLORATION, WORLD, Stream, below, bits, uniform
from core.tabular.engine.policy import best_pair
from core.tabular.engine.table import Table, sample_outcome, sample_start
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from tests.core.tabular.answers import learner
from tests.core.tabular.walks import bandit

WORDS = (0x0123456789ABCDEF, 0xFEDCBA9876543210, 0xDEADBEEFCAFEBABE, 0x8000000000000001)
MASK = 2**64 - 1


def begun(words: tuple[int, ...] = WORDS) -> Stream:
    return np.array(words, np.uint64)


def reference(words: tuple[int, ...], count: int) -> list[int]:
    """xoshiro256+ as its authors print it, with Python's numbers."""
    s, drawn = list(words), []
    for _ in range(count):
        drawn.append((s[0] + s[3]) & MASK)
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = ((s[3] << 45) | (s[3] >> 19)) & MASK
    return drawn


@compiled
def many(stream: Stream, count: int) -> NDArray[np.float64]:
    drawn = np.empty(count)
    for place in range(count):
        drawn[place] = uniform(stream)
    return drawn


@pytest.mark.parametrize("words", [WORDS, (1, 0, 0, 0), (MASK, MASK, MASK, MASK)])
def test_the_words_are_those_of_the_reference(words: tuple[int, ...]) -> None:
    stream = begun(words)
    assert [int(bits(stream)) for _ in range(3_000)] == reference(words, 3_000)


def test_numbers_are_the_upper_53_bits_and_choices_the_upper_32() -> None:
    words = reference(WORDS, 3_000)
    assert many(begun(), 3_000).tolist() == [word // 2**11 / 2**53 for word in words]
    stream = begun()
    assert [below(stream, 7) for _ in range(3_000)] == [word // 2**32 * 7 // 2**32 for word in words]
    assert uniform(begun((MASK, 0, 0, 0))) == 1 - 2**-53
    assert below(begun((MASK, 0, 0, 0)), 2**31) == 2**31 - 1


def test_numbers_are_evenly_spread_and_neighbours_do_not_hang_together() -> None:
    drawn = many(begun(), 1_000_000)
    assert chisquare(np.bincount((drawn * 100).astype(int), minlength=100)).pvalue > 0.001
    pairs = (drawn[::2] * 10).astype(int) * 10 + (drawn[1::2] * 10).astype(int)
    assert chisquare(np.bincount(pairs, minlength=100)).pvalue > 0.001


def counted(draw: Callable[[Stream], int], size: int, count: int = 20_000) -> NDArray[np.int64]:
    stream = begun()
    return np.bincount([draw(stream) for _ in range(count)], minlength=size)


def test_starts_and_outcomes_come_with_their_probabilities() -> None:
    table = Table.of(bandit({"arm": [(0.5, 0.0), (0.2, 1.0), (0.3, 2.0)]}).compile(), 1.0)
    found = counted(lambda stream: sample_outcome(table.outcome_offsets, table.cumulative, 0, stream), 3)
    assert chisquare(found, 20_000 * np.array([0.5, 0.2, 0.3])).pvalue > 0.001
    chances = np.array([0.0, 0.1, 0.0, 0.0, 0.4, 0.2, 0.3, 0.0])
    found = counted(lambda stream: sample_start(np.cumsum(chances), stream), 8)
    assert (found[chances == 0] == 0).all()
    assert chisquare(found[chances > 0], 20_000 * chances[chances > 0]).pvalue > 0.001


def test_a_start_is_never_a_state_behind_the_last_possible_one() -> None:
    """Ten times 0.1 add up to less than 1."""
    mdp = GridWorld(map=("SSSSSSSSSSG",)).compile()
    assert np.cumsum(mdp.start)[-1] < 1
    start = Table.of(mdp, 1.0).start
    assert start[9:].tolist() == [1, 1]
    assert sample_start(start, begun((MASK, 0, 0, 0))) == 9


def test_ties_are_broken_evenly() -> None:
    q = np.array([9.0, 1.0, 3.0, 3.0, 0.0, 3.0, 9.0])
    found = counted(lambda stream: best_pair(q, 1, 6, stream), 7)
    assert found[[0, 1, 4, 6]].sum() == 0
    assert chisquare(found[[2, 3, 5]]).pvalue > 0.001
    assert best_pair(np.full(3, np.nan), 1, 3, begun()) in (1, 2)


def test_streams_of_a_member_do_not_depend_on_the_others_and_differ() -> None:
    world = open_world("grid/frozen-lake-4x4")
    alone, among = learner("q-learning", world), learner("q-learning", world, members=3)
    assert len(np.unique(among.draws.reshape(-1, 4), axis=0)) == 9
    for agents in (alone, among):
        before = agents.draws.copy()
        agents.advance(Budget(1_000))
        assert (agents.draws[:, [WORLD, EXPLORATION]] != before[:, [WORLD, EXPLORATION]]).any(axis=2).all()
    assert np.array_equal(alone.draws[0], among.draws[0])
    assert np.array_equal(alone.q[0], among.q[0])
