"""SARSA (Rummery and Niranjan 1994; Sutton and Barto 2018, section 6.4).

The value of the action taken moves towards the reward plus the value of the action taken next (on-policy):

    Q(s, a) <- Q(s, a) + alpha [r + gamma Q(s', a') - Q(s, a)],  a' drawn by the behaviour policy

It learns what its own way of acting is worth, exploration included: on the cliff it takes the safe path. It converges to Q*
if exploration fades out while every pair is visited for ever (Singh et al. 2000).

Deviations from the book: ties between best actions are broken at random; a truncated episode still bootstraps from
its last state and an action drawn there, a terminated one does not.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.learner import TabularConfig, TabularLearner
from core.tabular.engine.policy import Policy, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class SarsaConfig(TabularConfig):
    """Settings of SARSA."""


class Sarsa(TabularLearner):
    """On-policy control by the next action taken."""

    equation = "Q(s, a) ← Q(s, a) + α [r + γ Q(s', a') − Q(s, a)]"
    following = "Q(s', a')"

    def meaning(self, state: str, over: str) -> str:
        return f"value of the action taken next in '{state}'{over}"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, world, exploration, units, episodes
        )


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length, chosen = place[0], place[1], place[2], place[3], place[4]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = chosen
        if pair < 0:
            pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        state, following = next_state[outcome], 0.0
        if not terminated[outcome]:
            chosen = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps + 1, episodes, exploration)
            following = q[chosen]
        alpha = value_at(step_size, clock(step_size, steps, episodes, visits[pair]))
        old = q[pair]
        error = reward[outcome] + discount * following - old
        q[pair] = old + alpha * error
        visits[pair] += 1

        earned, surprise, expected = earned + reward[outcome], surprise + abs(error), expected + old
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        steps, length, done = steps + 1, length + 1, done + 1
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state, chosen = sample_start(start, world), -1
    if done:
        note_update(last, pair, outcome, old, following, alpha, q[pair])
    note_place(place, totals, state, steps, episodes, length, chosen, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="sarsa",
    title="SARSA",
    summary="Learns what its own way of acting is worth, the risk of exploring included.",
    source="Rummery and Niranjan (1994); Sutton and Barto (2018), section 6.4",
    config=SarsaConfig,
    build=Sarsa,
    needs="finite",
    limit=10_000_000,
)
