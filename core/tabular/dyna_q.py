"""Dyna-Q (Sutton 1990; Sutton and Barto 2018, section 8.2).

After each real step and its Q-learning update, n steps from memory are learned from as if they had just happened:

    Q(s, a) <- Q(s, a) + alpha [r + gamma max over a' of Q(s', a') - Q(s, a)]        for the real step, then n times for
    s any state met, a any action tried in it, r and s' what the model says follows

So few real steps go a long way. n = 0 is Q-learning.

Deviations from the book: the model counts every outcome seen instead of keeping the last one, and draws them as often as they were seen;
in a deterministic world this is the same, in a stochastic one it converges. Planning draws from a stream of its own and leaves visits and
step sizes that count them as they are; the explained update is that of the real step. Ties between best actions are broken at random; a
truncated episode still bootstraps from its last state, a terminated one does not.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import REPLAY, Stream, below
from core.tabular.engine.model import Model, ModelConfig, ModelLearner, note_met, remembered, tried_pair
from core.tabular.engine.policy import Policy, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, best_value, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class DynaQConfig(ModelConfig):
    """Settings of Dyna-Q."""


class DynaQ(ModelLearner):
    """Q-learning from real steps and from remembered ones."""

    equation = "Q(s, a) ← Q(s, a) + α [r + γ max_a' Q(s', a') − Q(s, a)]"
    following = "max_a' Q(s', a')"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, self.model(member),
            self.settings.planning_steps, world, exploration, self.draws[member, REPLAY], units, episodes,
        )  # fmt: skip


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger, model: Model, planning_steps: int,
    world: Stream, exploration: Stream, replay: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    counts, met, held = model
    state, steps, episodes, length, known = place[0], place[1], place[2], place[3], held[0]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        following = 0.0 if terminated[outcome] else best_value(state_offsets, q, next_state[outcome])
        alpha = value_at(step_size, clock(step_size, steps, episodes, visits[pair]))
        old = q[pair]
        error = reward[outcome] + discount * following - old
        new = old + alpha * error
        q[pair] = new
        if visits[pair] == 0:
            known = note_met(state_offsets, visits, met, known, state)
        visits[pair] += 1
        counts[outcome] += 1
        for _ in range(planning_steps):
            again = tried_pair(state_offsets, visits, met[below(replay, known)], replay)
            seen = remembered(outcome_offsets, counts, visits, again, replay)
            ahead = 0.0 if terminated[seen] else best_value(state_offsets, q, next_state[seen])
            pace = value_at(step_size, clock(step_size, steps, episodes, visits[again]))
            q[again] += pace * (reward[seen] + discount * ahead - q[again])

        earned, surprise, expected = earned + reward[outcome], surprise + abs(error), expected + old
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        state, steps, length, done = next_state[outcome], steps + 1, length + 1, done + 1
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
    if done:
        note_update(last, pair, outcome, old, following, alpha, new)
    held[0] = known
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="dyna-q",
    title="Dyna-Q",
    summary="Remembers what its actions led to and learns from memories between the steps.",
    source="Sutton (1990); Sutton and Barto (2018), section 8.2",
    config=DynaQConfig,
    build=DynaQ,
    needs="finite",
    limit=1_000_000,
    order=106,
)
