"""Expected SARSA (van Seijen et al. 2009; Sutton and Barto 2018, section 6.6, equation 6.9).

The value of the action taken moves towards the reward plus the mean value of the next actions, each weighted with the
probability pi(a' | s') that the behaviour policy takes it:

    Q(s, a) <- Q(s, a) + alpha [r + gamma sum over a' of pi(a' | s') Q(s', a') - Q(s, a)]

It learns what SARSA learns, without the chance of the next draw: the same mean update with less variance. With epsilon 0 and the
greedy strategy the mean is the maximum, and this is Q-learning.

Deviations from the book: the policy averaged over is the one that acts, whatever the strategy; ties between best actions share their
probability; a truncated episode still bootstraps from its last state, a terminated one does not.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.learner import Task
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.learner import TabularConfig, TabularLearner
from core.tabular.engine.policy import Policy, choose, clock, probabilities
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ExpectedSarsaConfig(TabularConfig):
    """Settings of expected SARSA."""

    @property
    def teachable(self) -> bool:
        return True


class ExpectedSarsa(TabularLearner):
    """On-policy control by the mean of the next actions."""

    equation = "Q(s, a) ← Q(s, a) + α [r + γ Σ_a' π(a'|s') Q(s', a') − Q(s, a)]"
    following = "Σ_a' π(a'|s') Q(s', a')"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.chances = np.empty(self.mdp.actions)

    def meaning(self, state: str, over: str) -> str:
        return f"mean value of the actions in '{state}', as often as each is taken{over}"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, self.chances,
            world, exploration, units, episodes,
        )  # fmt: skip


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger, chances: Floats,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. `chances` [A] float64 is overwritten."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        state, following = next_state[outcome], 0.0
        if not terminated[outcome]:
            count = probabilities(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps + 1, episodes, chances)
            for action in range(count):
                following += chances[action] * q[state_offsets[state] + action]
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
            state = sample_start(start, world)
    if done:
        note_update(last, pair, outcome, old, following, alpha, q[pair])
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="expected-sarsa",
    title="Expected SARSA",
    summary="SARSA that weighs every next action with its probability instead of drawing one.",
    source="van Seijen et al. (2009); Sutton and Barto (2018), section 6.6",
    config=ExpectedSarsaConfig,
    build=ExpectedSarsa,
    needs="finite",
    limit=10_000_000,
    order=101,
)
