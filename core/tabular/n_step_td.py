"""n-step TD prediction (Sutton and Barto 2018, section 7.1, equation 7.2).

The value of a state moves towards the rewards of the next n steps plus the value of the state that they led to:

    V(s) <- V(s) + alpha [r1 + gamma r2 + ... + gamma^(n-1) rn + gamma^n V(s after n steps) - V(s)]

n = 1 is TD(0); an n longer than every episode is the every-visit Monte Carlo method, but for the order of the updates.

Deviations from the book: when an episode ends, the updates of its last n states are made at once and not in n - 1 further time steps
without an action; they are the same ones. A truncated episode bootstraps from its last state, a terminated one does not.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task, Term
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.episode import outcome_pair
from core.tabular.engine.policy import clock
from core.tabular.engine.prediction import PredictionConfig, PredictionLearner, follow
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class NStepTdConfig(PredictionConfig):
    """Settings of n-step TD."""

    n: int = setting(
        4,
        "Steps ahead",
        "Rewards that an update waits for before it trusts a value. 1 is TD(0).",
        unit="steps",
        symbol="n",
        ge=1,
        le=10_000,
    )


class NStepTd(PredictionLearner):
    """Prediction by the value of the state n steps later."""

    settings: NStepTdConfig
    kept: ClassVar[tuple[str, ...]] = (*PredictionLearner.kept, "path")
    recorded: ClassVar[tuple[str, ...]] = (*PredictionLearner.recorded, "rewards", "power", "reached")
    equation = "V(s) ← V(s) + α [r₁ + γ r₂ + … + γⁿ⁻¹ rₙ + γⁿ V(sₙ) − V(s)]"
    formula = "v + alpha * (rewards + power * following - v)"
    following = "V(sₙ)"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.path = np.zeros((self.members, self.settings.n), np.int64)
        self.origin = self.mdp.pair_state[outcome_pair(self.mdp)]

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return learn(
            self.table, self.uniform, self.step_size, self.v[member], self.visits[member], self.path[member], self.origin,
            ledger, world, exploration, units, episodes,
        )  # fmt: skip

    def target(self, known: Mapping[str, float]) -> dict[str, Term]:
        newest = super().target({**known, "outcome": known["reached"]})
        return {
            "rewards": Term("r₁ + γ r₂ + …", "rewards received since, later ones discounted", known["rewards"]),
            "power": Term("γⁿ", "discount of as many steps", known["power"]),
            "following": newest["following"],
        }

    def reached(self, known: Mapping[str, float], member: int) -> tuple[tuple[int, float], ...]:
        return ((int(self.mdp.next_state[int(known["reached"])]), 1.0),)

    def surprise(self, known: Mapping[str, float]) -> float:
        return known["rewards"] + known["power"] * known["following"] - known["old"]


@borrowing
def learn(
    table: Table, uniform: bool, step_size: Floats, v: Floats, visits: Ints, path: Ints, origin: Ints, ledger: Ledger,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken.

    Args:
        path: [n] the newest outcomes; that of step t of the episode lies at t modulo n.
        origin: [T] the state in which each outcome happens.
    """
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    n = len(path)
    while done < units and episodes < most_episodes:
        reached = sample_outcome(outcome_offsets, cumulative, follow(uniform, state_offsets, state, exploration), world)
        path[length % n] = reached
        state = next_state[reached]
        following = 0.0 if terminated[reached] else v[state]
        length += 1
        over = terminated[reached] or length == step_limit
        for time in range(max(length - n, 0), length if over else length - n + 1):
            rewards, power = 0.0, 1.0
            for later in range(length - 1, time - 1, -1):
                rewards = reward[path[later % n]] + discount * rewards
                power *= discount
            outcome = path[time % n]
            left = origin[outcome]
            alpha = value_at(step_size, clock(step_size, steps, episodes, visits[left]))
            old = v[left]
            error = rewards + power * following - old
            v[left] = old + alpha * error
            visits[left] += 1
            surprise, expected = surprise + abs(error), expected + old
            note_update(last, left, outcome, old, following, alpha, v[left])
            last[6], last[7], last[8] = rewards, power, reached

        earned, steps, done = earned + reward[reached], steps + 1, done + 1
        horizon = 1.0 + discount * horizon
        came += reward[reached] * horizon
        if over:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="n-step-td",
    title="n-step TD",
    summary="Learns what a given policy is worth from the rewards of several steps and the value of where they led.",
    source="Sutton and Barto (2018), section 7.1",
    config=NStepTdConfig,
    build=NStepTd,
    needs="finite",
    limit=1_000_000,
    order=121,
)
