"""Watkins's Q(lambda) (Watkins 1989; Sutton and Barto 2018, section 12.10).

Every TD error of Q-learning moves all pairs that led to it by their traces z, back to the last action that was not a best one
(off-policy): behind such an action the rewards are no longer those of the greedy policy.

    z <- 0 for all pairs, if the action a taken in s is no best one
    delta = r + gamma max over a' of Q(s', a') - Q(s, a)
    z(s, a) <- z(s, a) + alpha        (accumulating)
    Q <- Q + delta z,  z <- gamma lambda z    for all pairs

lambda = 0 is Q-learning. The more the agent explores, the shorter the traces. Replacing and dutch traces as in SARSA(lambda).

Deviations from the book: whether an action is a best one is asked when it is taken, by the values of that moment, ties counting as best;
the step size stands inside the trace, so that one which counts visits may be used, see `core.tabular.engine.traces`, also on traces that
are dropped; ties between best actions are broken at random; a truncated episode still bootstraps from its last state, a terminated one
does not; traces end with the episode in both cases.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.policy import Policy, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, best_value, sample_outcome, sample_start
from core.tabular.engine.traces import TraceConfig, TraceLearner, Traces, forget, mark, spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class QLambdaConfig(TraceConfig):
    """Settings of Watkins's Q(lambda)."""


class QLambda(TraceLearner):
    """Off-policy control by the best next action, reaching back along traces as long as best actions were taken."""

    equation = "Q(s, a) ← Q(s, a) + α z(s, a) [r + γ max_a' Q(s', a') − Q(s, a)]"
    following = "max_a' Q(s', a')"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, self.traces(member),
            world, exploration, units, episodes,
        )  # fmt: skip


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger, traces: Traces,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    kind, decay, z, active, counts = traces
    state, steps, episodes, length, count = place[0], place[1], place[2], place[3], counts[0]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        old = q[pair]
        if old < best_value(state_offsets, q, state):
            count = forget(z, active, count)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        following = 0.0 if terminated[outcome] else best_value(state_offsets, q, next_state[outcome])
        alpha = value_at(step_size, clock(step_size, steps, episodes, visits[pair]))
        error = reward[outcome] + discount * following - old
        touched = mark(kind, z, active, count, pair, alpha)
        weight = z[pair]
        count = spread(q, z, active, touched, error, decay)
        visits[pair] += 1

        earned, surprise, expected = earned + reward[outcome], surprise + abs(error), expected + old
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        state, steps, length, done = next_state[outcome], steps + 1, length + 1, done + 1
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
            count = forget(z, active, count)
    if done:
        note_update(last, pair, outcome, old, following, alpha, q[pair])
        last[6], last[7] = weight / alpha if alpha > 0.0 else 0.0, touched
    counts[0] = count
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="q-lambda",
    title="Q(λ)",
    summary="Q-learning whose surprises reach back along the way, up to the last action that was no best one.",
    source="Watkins (1989); Sutton and Barto (2018), section 12.10",
    config=QLambdaConfig,
    build=QLambda,
    needs="finite",
    limit=10_000_000,
    order=105,
)
