"""Thompson sampling (Thompson 1933; Russo, Van Roy, Kazerouni, Osband and Wen 2018, sections 3 and 4).

The learner keeps a distribution of what each arm may be worth on average. For every pull it draws a guess for each arm and takes the arm
with the best one: arms are pulled as often as they are believed to be the best. What is believed then follows Bayes. Rewards 0 and 1:

    Beta(a, b):   a <- a + r,   b <- b + 1 - r;   the mean is a / (a + b)

Other rewards, taken to be normal with a variance sigma^2 that is known:

    Normal(m, v): m <- m + v / (v + sigma^2) (r - m),   v <- v sigma^2 / (v + sigma^2)

Deviations from the papers: which of the two is used follows from the rewards in the world's table, the one thing that the learner looks
up there. The Beta prior is Beta(1, 1). Rewards of a table are discrete, so that "normal" is an approximation; it only asks for their
variance. The action values on show are the means of the distributions, the state's value is the largest of them.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import LearnerConfig, Task, Term
from core.registry import Algorithm
from core.tabular.engine.bandit import BanditLearner
from core.tabular.engine.draws import Stream
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ThompsonSamplingConfig(LearnerConfig):
    """Settings of Thompson sampling."""

    prior_mean: float = setting(
        0.0, "Prior mean", "Rewards other than 0 and 1: what an arm is believed to be worth before the first pull.", ge=-1e6, le=1e6
    )
    prior_deviation: float = setting(
        10.0, "Prior deviation", "Rewards other than 0 and 1: how uncertain that belief is, as a standard deviation.", gt=0, le=1e6
    )
    deviation: float = setting(
        1.0,
        "Reward deviation",
        "Rewards other than 0 and 1: how much those of one arm scatter, as a standard deviation.",
        symbol="σ",
        gt=0,
        le=1e6,
    )


class ThompsonSampling(BanditLearner):
    """Beliefs about each arm, and pulls drawn from them."""

    settings: ThompsonSamplingConfig
    kept: ClassVar[tuple[str, ...]] = ("beliefs", *BanditLearner.kept)
    recorded: ClassVar[tuple[str, ...]] = ("pair", "outcome", "old", "first", "second", "new")

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.binary = bool(np.isin(self.mdp.reward, (0.0, 1.0)).all())
        self.noise = self.settings.deviation**2
        prior = (1.0, 1.0) if self.binary else (self.settings.prior_mean, self.settings.prior_deviation**2)
        self.beliefs = np.tile(np.array(prior), (*self.visits.shape, 1))
        """[K, P, 2] float64, a and b, or m and v, of each arm."""
        self.equation = "E[q(a)] ← (a + r) / (a + b + 1)" if self.binary else "m ← m + v/(v + σ²) (r − m)"
        self.formula = "(a + r) / (a + b + 1)" if self.binary else "m + v / (v + noise) * (r - m)"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return learn(
            self.table, self.binary, self.noise, self.beliefs[member], self.visits[member], ledger,
            world, self.streams[member].exploration, units, episodes,
        )  # fmt: skip

    def arms(self, member: int) -> Floats:
        first, second = self.beliefs[member].T
        return first / (first + second) if self.binary else first

    def value(self, member: int) -> float:
        return float(self.arms(member).max())

    def terms(self, known: Mapping[str, float], member: int) -> dict[str, Term]:
        arm, first, second, reward = self.arm(known), known["first"], known["second"], self.reward(known)
        if self.binary:
            return {
                "a": Term("a", f"rewards 1 of '{arm}' before, and 1", first),
                "r": reward,
                "b": Term("b", f"rewards 0 of '{arm}' before, and 1", second),
            }
        return {
            "m": Term("m", f"mean of what '{arm}' may be worth, before", first),
            "v": Term("v", f"variance of what '{arm}' may be worth, before", second),
            "noise": Term("σ²", "variance of the rewards of one arm", self.noise),
            "r": reward,
        }


@borrowing
def learn(
    table: Table, binary: bool, noise: float, beliefs: Floats, visits: Ints, ledger: Ledger,
    world: Stream, exploration: Generator, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken.

    Args:
        binary: whether rewards are 0 and 1.
        noise: their variance otherwise.
        beliefs: [P, 2] a and b, or m and v, of each arm; visits: [P].
    """
    _, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair, best = 0, -np.inf
        for other in range(len(beliefs)):
            first, second = beliefs[other, 0], beliefs[other, 1]
            guess = exploration.beta(first, second) if binary else exploration.normal(first, np.sqrt(second))
            if guess > best:
                pair, best = other, guess
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        earning, first, second = reward[outcome], beliefs[pair, 0], beliefs[pair, 1]
        if binary:
            old = first / (first + second)
            beliefs[pair, 0], beliefs[pair, 1] = first + earning, second + 1.0 - earning
            new = (first + earning) / (first + second + 1.0)
        else:
            old = first
            new = first + second / (second + noise) * (earning - first)
            beliefs[pair, 0], beliefs[pair, 1] = new, second * noise / (second + noise)
        visits[pair] += 1

        earned, surprise, expected = earned + earning, surprise + abs(earning - old), expected + old
        horizon = 1.0 + discount * horizon
        came += earning * horizon
        state, steps, length, done = next_state[outcome], steps + 1, length + 1, done + 1
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
    if done:
        note_update(last, pair, outcome, old, first, second, new)
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="thompson-sampling",
    title="Thompson sampling",
    summary="Pulls each arm as often as it believes that arm to be the best one.",
    source="Thompson (1933); Russo et al. (2018), A Tutorial on Thompson Sampling",
    config=ThompsonSamplingConfig,
    build=ThompsonSampling,
    needs="bandit",
    limit=100_000,
    order=131,
)
