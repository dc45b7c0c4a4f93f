"""Gradient bandit (Sutton and Barto 2018, section 2.8, equations 2.11 and 2.12; REINFORCE with a baseline, Williams 1992).

Each arm has a preference H; what counts is how they compare:

    pi(a) = exp H(a) / sum over b of exp H(b)
    H(a) <- H(a) + alpha (r - m) (1 - pi(a))      of the arm that was pulled
    H(b) <- H(b) - alpha (r - m) pi(b)            of all others

This is stochastic gradient ascent on the mean reward. m is the mean of all rewards before, or 0 without the baseline: then a reward that
every arm pays alike moves preferences, too, and learning is slower.

Deviations from the book: alpha may be any schedule. Before the first pull there is no mean; m is then that first reward, as the book
suggests. The action values on show are the preferences, the state's value is the mean of all rewards so far.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task, Term
from core.registry import Algorithm
from core.schedules import Schedule, StepSize, value_at
from core.tabular.engine.bandit import BanditLearner
from core.tabular.engine.draws import Stream, uniform
from core.tabular.engine.policy import clock
from core.tabular.engine.steps import LAST, Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start
from core.tabular.engine.walker import StepConfig

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class GradientBanditConfig(StepConfig):
    """Settings of the gradient bandit."""

    step_size: StepSize = setting(Schedule(start=0.1), "Step size", "How far one reward moves the preferences.", symbol="α")
    baseline: bool = setting(True, "Baseline", "Whether a reward is compared with the mean of those before, or with 0.")


class GradientBandit(BanditLearner):
    """Preferences that follow the gradient of the mean reward."""

    settings: GradientBanditConfig
    symbol = "H"
    kept: ClassVar[tuple[str, ...]] = ("preferences", "mean", *BanditLearner.kept)
    recorded: ClassVar[tuple[str, ...]] = (*LAST[:3], "baseline", *LAST[4:], "chance")
    equation = "H(a) ← H(a) + α (r − m) (1 − π(a))"
    formula = "h + alpha * (r - baseline) * (1 - chance)"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.preferences = np.zeros(self.visits.shape)
        self.mean = np.zeros((self.members, 1))
        self.scratch = np.empty(self.mdp.pairs)

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return learn(
            self.table, self.step_size, self.settings.baseline, self.preferences[member], self.mean[member], self.visits[member],
            self.scratch, ledger, world, exploration, units, episodes,
        )  # fmt: skip

    def arms(self, member: int) -> Floats:
        return self.preferences[member]

    def value(self, member: int) -> float:
        return float(self.mean[member, 0])

    def surprise(self, known: Mapping[str, float]) -> float:
        return self.reward(known).value - known["baseline"]

    def terms(self, known: Mapping[str, float], member: int) -> dict[str, Term]:
        arm = self.arm(known)
        compared = "mean of all rewards before" if self.settings.baseline else "0, as no baseline is set"
        return {
            "h": Term("H(a)", f"preference for '{arm}' before", known["old"]),
            "alpha": Term("α", "step size", known["step_size"]),
            "r": self.reward(known),
            "baseline": Term("m", compared, known["baseline"]),
            "chance": Term("π(a)", f"probability of '{arm}' before", known["chance"]),
        }


@borrowing
def learn(
    table: Table, step_size: Floats, compared: bool, preferences: Floats, mean: Floats, visits: Ints, chances: Floats,
    ledger: Ledger, world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken.

    Args:
        compared: whether rewards are compared with their mean.
        preferences: [P]; visits: [P]; chances: [P] scratch.
        mean: [1] of all rewards so far.
    """
    _, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    average = mean[0]
    done = rows = 0
    while done < units and episodes < most_episodes:
        best, total = preferences[0], 0.0
        for other in range(1, len(preferences)):
            best = max(best, preferences[other])
        for other in range(len(preferences)):
            chances[other] = np.exp(preferences[other] - best)
            total += chances[other]
        pair, draw = 0, uniform(exploration) * total - chances[0]
        while draw >= 0.0 and pair < len(preferences) - 1:
            pair += 1
            draw -= chances[pair]
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        if steps == 0:
            average = reward[outcome]
        baseline = average if compared else 0.0
        error = reward[outcome] - baseline
        alpha = value_at(step_size, clock(step_size, steps, episodes, visits[pair]))
        old, chance = preferences[pair], chances[pair] / total
        for other in range(len(preferences)):
            preferences[other] -= alpha * error * chances[other] / total
        preferences[pair] = old + alpha * error * (1.0 - chance)
        visits[pair] += 1

        earned, surprise, expected = earned + reward[outcome], surprise + abs(error), expected + average
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        steps, length, done = steps + 1, length + 1, done + 1
        average += (reward[outcome] - average) / steps
        state = next_state[outcome]
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
    mean[0] = average
    if done:
        note_update(last, pair, outcome, old, baseline, alpha, preferences[pair])
        last[6] = chance
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="gradient-bandit",
    title="Gradient bandit",
    summary="Prefers the arms that earn more than the mean, and pulls each the more often the more it is preferred.",
    source="Sutton and Barto (2018), section 2.8",
    config=GradientBanditConfig,
    build=GradientBandit,
    needs="bandit",
    limit=100_000,
    order=130,
)
