"""Q-value iteration: value iteration of state-action pairs (Watkins 1989; Géron 2022, chapter 18; Bertsekas 2012, section 2.1).

    Q'(s, a) = sum over s' of p(s' | s, a) [r(s, a, s') + gamma max over a' of Q(s', a')]

It is what Q-learning estimates, with the mean over next states in place of samples. A sweep contracts the distance to Q* by gamma in the
sup norm over pairs, hence the bound of value iteration with the residual ||Q' - Q||; the values, V(s) = max over a of Q(s, a), are at
least as close. At discount 1 nothing is proven.

Deviations from the books: max over a' of Q(s', a') is kept per state rather than taken anew for every outcome, which is the same number.
"""

import numpy as np
from numpy.typing import NDArray

from core.learner import Explanation, Task, Term
from core.planning.engine.explanation import ahead, leads
from core.planning.engine.planner import SweepConfig, TablePlanner
from core.registry import Algorithm

Ints = NDArray[np.int64]


class QValueIterationConfig(SweepConfig):
    """Settings of Q-value iteration."""


class QValueIteration(TablePlanner):
    """Sweeps over the pairs of a finite MDP; one unit is the backup of one pair, one boundary is a sweep over all pairs."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, QValueIterationConfig)
        super().__init__(task, task.config.tolerance, task.config.max_sweeps, task.device)

    @property
    def length(self) -> int:
        return self.mdp.pairs

    def work(self, start: int, stop: int) -> int:
        self.lit = int(self.mdp.pair_state[stop - 1])
        self.change = self.change.also(self.passes.best_pairs(start, stop))
        return stop - start

    def counts(self) -> Ints:
        done = np.full(self.mdp.pairs, self.passed, np.int64) + (np.arange(self.mdp.pairs) < self.cursor)
        return np.bincount(self.mdp.pair_state, done, self.mdp.states).astype(np.int64)

    def explain(self, member: int = 0) -> Explanation | None:
        if not self.backups:
            return None
        self.passes.fetch()
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
        result, number = float(self.pair_values[pair]), int(mdp.pair_action[pair])
        return Explanation(equation, "r + gamma * best_next", terms, result, state, number, leads(mdp, pair))


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
