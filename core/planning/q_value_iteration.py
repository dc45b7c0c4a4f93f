"""Q-value iteration: value iteration of state-action pairs (Watkins 1989; Géron 2022, chapter 18; Bertsekas 2012, section 2.1).

    Q'(s, a) = sum over s' of p(s' | s, a) [r(s, a, s') + gamma max over a' of Q(s', a')]

It is what Q-learning estimates, with the mean over next states in place of samples. A sweep contracts the distance to Q* by gamma in the
sup norm over pairs, hence the bound of value iteration with the residual ||Q' - Q||; the values, V(s) = max over a of Q(s, a), are at
least as close. At discount 1 nothing is proven.

Deviations from the books: max over a' of Q(s', a') is kept per state rather than taken anew for every outcome, which is the same number.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.learner import Explanation, Task, Term
from core.planning.engine.explanation import ahead
from core.planning.engine.kernels import look_ahead
from core.planning.engine.planner import SweepConfig, TablePlanner
from core.registry import Algorithm

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class QValueIterationConfig(SweepConfig):
    """Settings of Q-value iteration."""


class QValueIteration(TablePlanner):
    """Sweeps over the pairs of a finite MDP; one unit is the backup of one pair, one boundary is a sweep over all pairs."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, QValueIterationConfig)
        super().__init__(task, task.config.tolerance, task.config.max_sweeps)

    @property
    def length(self) -> int:
        return self.mdp.pairs

    def work(self, start: int, stop: int) -> int:
        self.lit = int(self.mdp.pair_state[stop - 1])
        change, switched = back_up_pairs(
            *self.table, self.mdp.pair_state, self.previous, self.values, self.pair_values, self.policy, start, stop
        )
        self.change, self.switched = max(self.change, change), self.switched + switched
        return stop - start

    def counts(self) -> Ints:
        done = np.full(self.mdp.pairs, self.passes, np.int64) + (np.arange(self.mdp.pairs) < self.cursor)
        return np.bincount(self.mdp.pair_state, done, self.mdp.states).astype(np.int64)

    def explain(self, member: int = 0) -> Explanation | None:
        if not self.backups:
            return None
        mdp, pair = self.mdp, (self.cursor - 1) % self.mdp.pairs
        action, state = mdp.action_names[mdp.pair_action[pair]], int(mdp.pair_state[pair])
        following, first_next = ahead(mdp, pair, self.previous)
        meaning = "mean value of the best next action, 0 where the episode ends"
        terms = {
            "r": Term("r̄(s, a)", f"mean reward of '{action}' in '{mdp.state_names[state]}'", float(mdp.expected_reward[pair]), state),
            "gamma": Term("γ", "discount", self.discount),
            "best_next": Term("Σ p max_a' Q(s', a')", meaning, following, first_next),
        }
        equation = "Q(s, a) ← Σ p(s' | s, a) [r + γ max_a' Q(s', a')]"
        return Explanation(equation, "r + gamma * best_next", terms, float(self.pair_values[pair]))


@compiled
def back_up_pairs(
    state_offsets: Ints, outcome_offsets: Ints, next_state: Ints, continuation: Floats, expected_reward: Floats, discount: float,
    pair_state: Ints, best_before: Floats, values: Floats, pair_values: Floats, policy: Ints, start: int, stop: int,
) -> tuple[float, int]:  # fmt: skip
    """Back up pairs start:stop from `best_before` [S] into `pair_values` [P]; `values` [S] and `policy` [S] follow with each state's last.

    Returns:
        The largest change of a pair's value; how many states changed their best pair.
    """
    change, switched = 0.0, 0
    for pair in range(start, stop):
        value = look_ahead(outcome_offsets, next_state, continuation, expected_reward, discount, best_before, pair)
        change = max(change, abs(value - pair_values[pair]))
        pair_values[pair] = value
        state = pair_state[pair]
        if pair + 1 == state_offsets[state + 1]:
            best = state_offsets[state]
            for other in range(best + 1, pair + 1):
                if pair_values[other] > pair_values[best]:
                    best = other
            if pair_values[best] > pair_values[policy[state]]:
                policy[state] = best
                switched += 1
            values[state] = pair_values[best]
    return change, switched


ALGORITHM = Algorithm(
    name="q-value-iteration",
    title="Q-value iteration",
    summary="Value iteration of every action in every state: what Q-learning would learn if it knew the world.",
    source="Watkins (1989); Géron (2022), chapter 18",
    config=QValueIterationConfig,
    build=QValueIteration,
    needs="finite",
    order=1,
)
