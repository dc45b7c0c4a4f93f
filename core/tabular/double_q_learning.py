"""Double Q-learning (van Hasselt 2010; Sutton and Barto 2018, section 6.7, equation 6.10).

The maximum of noisy estimates is too large on average. So two tables learn from different steps: a coin says which one learns from
this step; it chooses the best next action, the other one says what that is worth:

    Q1(s, a) <- Q1(s, a) + alpha [r + gamma Q2(s', argmax over a' of Q1(s', a')) - Q1(s, a)],   or with 1 and 2 exchanged

The agent acts by the mean of both, which is also what views show.

Deviations from the book: the agent acts by the mean of both tables, not by their sum: the greedy action is the same, and a temperature
means the same as for one table; ties are broken at random; the step size of a pair counts its visits in both tables together; a truncated
episode still bootstraps from its last state, a terminated one does not.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.learner import Explanation, Task, Term
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream, uniform
from core.tabular.engine.learner import TabularConfig, TabularLearner
from core.tabular.engine.policy import Policy, best_pair, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXCHANGED = str.maketrans("₁₂", "₂₁")


class DoubleQLearningConfig(TabularConfig):
    """Settings of double Q-learning."""

    @property
    def teachable(self) -> bool:
        return True


class DoubleQLearning(TabularLearner):
    """Off-policy control by two tables; `q` is their mean."""

    kept: ClassVar[tuple[str, ...]] = (*TabularLearner.kept, "both")
    recorded: ClassVar[tuple[str, ...]] = (*TabularLearner.recorded, "table")
    equation = "Q₁(s, a) ← Q₁(s, a) + α [r + γ Q₂(s', argmax_a' Q₁(s', a')) − Q₁(s, a)]"
    following = "Q₂(s', argmax_a' Q₁(s', a'))"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.both = np.stack([self.q, self.q], axis=1)
        """[K, 2, P] float64, the two tables."""

    def meaning(self, state: str, over: str) -> str:
        return f"what the other table says of the best action in '{state}'{over}"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, self.both[member],
            world, exploration, units, episodes,
        )  # fmt: skip

    def terms(self, known: Mapping[str, float], member: int) -> dict[str, Term]:
        found = super().terms(known, member)
        return found | {"q": replace(found["q"], symbol="Q₁(s, a)")}

    def explain(self, member: int = 0) -> Explanation | None:
        """The last update, of the table that learned from it."""
        explained = super().explain(member)
        if explained is None or self.known(member)["table"] == 0:
            return explained
        terms = {name: replace(term, symbol=term.symbol.translate(EXCHANGED)) for name, term in explained.terms.items()}
        return replace(explained, equation=explained.equation.translate(EXCHANGED), terms=terms)


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger, both: Floats,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. `both` [2, P] float64: the tables."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        mine = 0 if uniform(exploration) < 0.5 else 1
        state, following = next_state[outcome], 0.0
        if not terminated[outcome]:
            following = both[1 - mine, best_pair(both[mine], state_offsets[state], state_offsets[state + 1], exploration)]
        alpha = value_at(step_size, clock(step_size, steps, episodes, visits[pair]))
        old = both[mine, pair]
        error = reward[outcome] + discount * following - old
        both[mine, pair] = old + alpha * error
        q[pair] = 0.5 * (both[0, pair] + both[1, pair])
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
        note_update(last, pair, outcome, old, following, alpha, both[mine, pair])
        last[6] = mine
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="double-q-learning",
    title="Double Q-learning",
    summary="Two tables check each other, so that luck is not taken for value.",
    source="van Hasselt (2010); Sutton and Barto (2018), section 6.7",
    config=DoubleQLearningConfig,
    build=DoubleQLearning,
    needs="finite",
    limit=10_000_000,
    order=102,
)
