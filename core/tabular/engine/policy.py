"""The behaviour policy: which action a learner takes while it learns (Sutton and Barto 2018, chapter 2; Thrun 1992).

With probability epsilon any available action; otherwise by strategy

    greedy    the largest Q(s, a)
    softmax   with probability proportional to exp(Q(s, a) / temperature)
    ucb       the largest Q(s, a) + c sqrt(ln N(s) / N(s, a)), actions never tried first
    bonus     the largest f(Q, N) = Q(s, a) + c / (1 + N(s, a)), the exploration function of the lecture

Ties are broken at random.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing, inlined
from core.schedules import value_at
from core.tabular.engine.draws import Stream, below, uniform
from core.tabular.engine.table import USUAL, Index, largest, pairs_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Strategy(StrEnum):
    greedy = "greedy"
    softmax = "softmax"
    ucb = "ucb"
    bonus = "bonus"


STRATEGIES = tuple(Strategy)
GREEDY, SOFTMAX, UCB, BONUS = range(4)


class Policy(NamedTuple):
    """As kernels read it: place of the strategy in `STRATEGIES`, c, and encoded schedules (see `core.schedules.Row`)."""

    strategy: int
    curiosity: float
    epsilon: Floats
    temperature: Floats


@inlined
def clock(schedule: Floats, steps: int, episodes: int, visits: int) -> int:
    """What the schedule counts."""
    return steps if schedule[5] == 0.0 else episodes if schedule[5] == 1.0 else visits


@inlined
def score(strategy: int, curiosity: float, q: Floats, visits: Ints, pair: int, total: int) -> float:
    """What the strategy maximises; `total` is N(s)."""
    value = q[pair]
    if strategy == UCB:
        value = np.inf if visits[pair] == 0 else value + curiosity * np.sqrt(np.log(total) / visits[pair])
    elif strategy == BONUS:
        value += curiosity / (1.0 + visits[pair])
    return value


@inlined
def best_pair(q: Floats, first: int, last: int, exploration: Stream) -> int:
    """The pair with the largest Q from `first` to before `last`, any of them where there are several."""
    if last - first == USUAL:
        pair = one_of_the_best(q, first, first + USUAL, exploration)
    else:
        pair = one_of_the_best(q, first, last, exploration)
    return pair


@inlined
def one_of_the_best(q: Floats, first: int, last: int, exploration: Stream) -> int:
    """The same. Nothing here branches on Q: a processor would often foresee the wrong branch."""
    best, ties = largest(q, first, last), 0
    for pair in range(first, last):
        ties += q[pair] == best
    left_out = below(exploration, ties)
    chosen, seen = first, 0
    for pair in range(first, last - 1):
        seen += q[pair] == best
        chosen += left_out >= seen
    return chosen


@inlined
def choose(
    strategy: int, curiosity: float, epsilon: Floats, temperature: Floats, state_offsets: Index, q: Floats, visits: Ints,
    state: int, steps: int, episodes: int, exploration: Stream,
) -> int:  # fmt: skip
    """A pair of the state by the greedy strategy. Kernels take `choose_curiously` in its place for the others."""
    first, last = pairs_of(state_offsets, state)
    if uniform(exploration) < value_at(epsilon, clock(epsilon, steps, episodes, 0)):
        pair = first + below(exploration, last - first)
    else:
        pair = best_pair(q, first, last, exploration)
    return pair


@inlined
def choose_curiously(
    strategy: int, curiosity: float, epsilon: Floats, temperature: Floats, state_offsets: Index, q: Floats, visits: Ints,
    state: int, steps: int, episodes: int, exploration: Stream,
) -> int:  # fmt: skip
    """A pair of the state by one of the strategies that look at more than the largest Q."""
    first, last = pairs_of(state_offsets, state)
    if uniform(exploration) < value_at(epsilon, clock(epsilon, steps, episodes, 0)):
        pair = first + below(exploration, last - first)
    elif strategy == SOFTMAX:
        pair = softmax_choice(q, first, last, value_at(temperature, clock(temperature, steps, episodes, 0)), exploration)
    else:
        total = 0
        for other in range(first, last):
            total += visits[other]
        pair, ties = first, 1
        best = score(strategy, curiosity, q, visits, first, total)
        for other in range(first + 1, last):
            value = score(strategy, curiosity, q, visits, other, total)
            if value > best:
                pair, ties, best = other, 1, value
            elif value == best:
                ties += 1
                if below(exploration, ties) == 0:
                    pair = other
    return pair


@borrowing
def softmax_choice(q: Floats, first: int, last: int, temperature: float, exploration: Stream) -> int:
    """A pair from `first` to before `last` with probability proportional to exp(Q / temperature)."""
    best = q[first]
    for pair in range(first + 1, last):
        best = max(best, q[pair])
    total = 0.0
    for pair in range(first, last):
        total += np.exp((q[pair] - best) / temperature)
    draw = uniform(exploration) * total
    for pair in range(first, last):
        draw -= np.exp((q[pair] - best) / temperature)
        if draw < 0.0:
            return pair
    return last - 1


@borrowing
def probabilities(
    strategy: int, curiosity: float, epsilon: Floats, temperature: Floats, state_offsets: Index, q: Floats, visits: Ints,
    state: int, steps: int, episodes: int, out: Floats,
) -> int:  # fmt: skip
    """Fill `out` with the probability of each of the state's actions, in the order of its pairs; return how many there are."""
    first, last = pairs_of(state_offsets, state)
    count = last - first
    total = 0
    if strategy == UCB:
        for pair in range(first, last):
            total += visits[pair]
    best = -np.inf
    for pair in range(first, last):
        best = max(best, score(strategy, curiosity, q, visits, pair, total))
    weight = 0.0
    for place in range(count):
        value = score(strategy, curiosity, q, visits, first + place, total)
        if strategy == SOFTMAX:
            out[place] = np.exp((value - best) / value_at(temperature, clock(temperature, steps, episodes, 0)))
        else:
            out[place] = 1.0 if value == best else 0.0
        weight += out[place]
    chance = value_at(epsilon, clock(epsilon, steps, episodes, 0))
    for place in range(count):
        out[place] = chance / count + (1.0 - chance) * out[place] / weight
    return count
