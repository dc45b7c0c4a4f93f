"""SARSA(lambda) (Rummery and Niranjan 1994; Sutton and Barto 2018, section 12.7).

Every TD error of SARSA moves not only the pair just left but all pairs of the episode, by their traces z, which fade by gamma lambda
per step (on-policy):

    delta = r + gamma Q(s', a') - Q(s, a)
    z(s, a) <- z(s, a) + alpha        (accumulating)
    Q <- Q + delta z,  z <- gamma lambda z    for all pairs

lambda = 0 is SARSA; lambda = 1 comes close to Monte Carlo control. Replacing traces set z(s, a) to alpha, dutch ones to
(1 - alpha) z(s, a) + alpha (Singh and Sutton 1996; van Seijen and Sutton 2014).

Deviations from the book: the step size stands inside the trace, so that one which counts visits may be used, see
`core.tabular.engine.traces`, also on traces that are dropped; dutch traces are used with this same update, without the corrections that
make it the true online SARSA(lambda) of section 12.8; replacing traces leave the other actions of the state as they are; ties between
best actions are broken at random; a truncated episode still bootstraps from its last state and an action drawn there, a terminated one
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
from core.tabular.engine.table import Table, sample_outcome, sample_start
from core.tabular.engine.traces import TraceConfig, TraceLearner, Traces, forget, mark, spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class SarsaLambdaConfig(TraceConfig):
    """Settings of SARSA(lambda)."""


class SarsaLambda(TraceLearner):
    """On-policy control by the next action taken, reaching back along traces."""

    equation = "Q(s, a) ← Q(s, a) + α z(s, a) [r + γ Q(s', a') − Q(s, a)]"
    following = "Q(s', a')"

    def meaning(self, state: str, over: str) -> str:
        return f"value of the action taken next in '{state}'{over}"

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
    state, steps, episodes, length, chosen, count = place[0], place[1], place[2], place[3], place[4], counts[0]
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
        touched = mark(kind, z, active, count, pair, alpha)
        weight = z[pair]
        count = spread(q, z, active, touched, error, decay)
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
            count = forget(z, active, count)
    if done:
        note_update(last, pair, outcome, old, following, alpha, q[pair])
        last[6], last[7] = weight / alpha if alpha > 0.0 else 0.0, touched
    counts[0] = count
    note_place(place, totals, state, steps, episodes, length, chosen, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="sarsa-lambda",
    title="SARSA(λ)",
    summary="SARSA whose surprises reach back along the way that led to them.",
    source="Rummery and Niranjan (1994); Sutton and Barto (2018), section 12.7",
    config=SarsaLambdaConfig,
    build=SarsaLambda,
    needs="finite",
    limit=10_000_000,
    order=104,
)
