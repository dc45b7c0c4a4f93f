"""Q-learning (Watkins 1989; Sutton and Barto 2018, section 6.5).

After each step the value of the action taken moves towards the reward plus the value of the best next action,
whatever action is taken next (off-policy):

    Q(s, a) <- Q(s, a) + alpha [r + gamma max over a' of Q(s', a') - Q(s, a)]

It converges to Q* if every pair is visited for ever and the step sizes of a pair add up to infinity while their
squares do not (Watkins and Dayan 1992); hence the step size may count visits.

Deviations from the book: ties between best actions are broken at random; a truncated episode still bootstraps from
its last state, a terminated one does not.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.registry import Algorithm
from core.schedules import Kind, Probability, Schedule, value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.learner import TabularConfig, TabularLearner
from core.tabular.engine.policy import Policy, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, best_value, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class QLearningConfig(TabularConfig):
    """Settings of Q-learning: off-policy, it may go on exploring for ever, and finds what a greedier agent never visits."""

    epsilon: Probability = setting(
        Schedule(kind=Kind.exponential, start=1.0, end=0.6, duration=5_000),
        "Exploration",
        "Probability of a random action instead of the one that the strategy chooses.",
        symbol="ε",
    )

    @property
    def teachable(self) -> bool:
        return True


class QLearning(TabularLearner):
    """Off-policy control by the best next action."""

    equation = "Q(s, a) ← Q(s, a) + α [r + γ max_a' Q(s', a') − Q(s, a)]"
    following = "max_a' Q(s', a')"

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
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        state = next_state[outcome]
        following = 0.0 if terminated[outcome] else best_value(state_offsets, q, state)
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
    name="q-learning",
    title="Q-learning",
    summary="Learns from its own steps what each action is worth, without knowing the world.",
    source="Watkins (1989); Sutton and Barto (2018), section 6.5",
    config=QLearningConfig,
    build=QLearning,
    needs="finite",
    limit=10_000_000,
)
