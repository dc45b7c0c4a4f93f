"""TD(0): what a policy is worth, learnt step by step (Sutton 1988; Sutton and Barto 2018, section 6.1).

After each step the value of the state left moves towards the reward plus the value of the state reached:

    V(s) <- V(s) + alpha [r + gamma V(s') - V(s)]

It converges to V of the policy if every state is visited for ever and the step sizes of a state add up to infinity while their
squares do not; hence the step size may count visits.

Deviations from the book: a truncated episode still bootstraps from its last state, a terminated one does not.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.policy import clock
from core.tabular.engine.prediction import PredictionConfig, PredictionLearner, follow
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class TdZeroConfig(PredictionConfig):
    """Settings of TD(0)."""


class TdZero(PredictionLearner):
    """Prediction by the next state's value."""

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return learn(
            self.table, self.uniform, self.step_size, self.v[member], self.visits[member], ledger, world, exploration, units, episodes
        )


@borrowing
def learn(
    table: Table, uniform: bool, step_size: Floats, v: Floats, visits: Ints, ledger: Ledger,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        left = state
        outcome = sample_outcome(outcome_offsets, cumulative, follow(uniform, state_offsets, left, exploration), world)
        state = next_state[outcome]
        following = 0.0 if terminated[outcome] else v[state]
        alpha = value_at(step_size, clock(step_size, steps, episodes, visits[left]))
        old = v[left]
        error = reward[outcome] + discount * following - old
        v[left] = old + alpha * error
        visits[left] += 1

        earned, surprise, expected = earned + reward[outcome], surprise + abs(error), expected + old
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        steps, length, done = steps + 1, length + 1, done + 1
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
    if done:
        note_update(last, left, outcome, old, following, alpha, v[left])
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="td-0",
    title="TD(0)",
    summary="Learns what a given policy is worth from the difference between one value and the next.",
    source="Sutton (1988); Sutton and Barto (2018), section 6.1",
    config=TdZeroConfig,
    build=TdZero,
    needs="finite",
    limit=1_000_000,
    order=120,
)
