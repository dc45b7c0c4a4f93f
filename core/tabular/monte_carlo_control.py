"""Monte Carlo control, on-policy (Sutton and Barto 2018, sections 5.3 and 5.4).

When an episode ends, the value of every action taken in it moves towards the return G that followed, and with it the policy:

    Q(s, a) <- Q(s, a) + alpha [G - Q(s, a)],  G = r + gamma G'

With alpha = 1 / N(s, a), as shipped, Q(s, a) is the mean of its returns. Every pair has to go on being tried: by epsilon, or by
exploring starts, where an episode begins with any state and action and epsilon may be 0 (section 5.3). The first visit to a pair in an
episode counts, or every one.

Deviations from the book: alpha may be any schedule, ties between best actions are broken at random, strategies other than greedy may be
set, and their N(s, a) counts updates, not steps. With a falling alpha old returns, from worse policies, keep their weight, as in the
book. An episode ends after 10,000 steps, whatever the world says; one that was truncated counts with the rewards it brought, as if it
had ended there, so that values are missing what would have come later.
"""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task
from core.registry import Algorithm
from core.schedules import Kind, Schedule, StepSize
from core.tabular.engine.draws import WORLD, Stream, below
from core.tabular.engine.episode import Path, average_returns, outcome_pair, paths, shortened
from core.tabular.engine.learner import TabularConfig, TabularLearner
from core.tabular.engine.policy import Policy, choose
from core.tabular.engine.steps import PAIR, STATE, Ledger, note_episode, note_place
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class MonteCarloControlConfig(TabularConfig):
    """Settings of Monte Carlo control."""

    step_size: StepSize = setting(
        Schedule(kind=Kind.harmonic),
        "Step size",
        "How far a value moves towards the return. 1/N makes the mean of all returns.",
        symbol="α",
    )
    visits: Literal["first", "every"] = setting(
        "first", "Visits", "First: what followed the first visit in an episode counts. Every: what followed each of them."
    )
    exploring_starts: bool = setting(
        False, "Exploring starts", "Whether an episode begins with any action in any state instead of where the world says."
    )


class MonteCarloControl(TabularLearner):
    """On-policy control by whole returns."""

    kept: ClassVar[tuple[str, ...]] = (*TabularLearner.kept, "path")
    equation = "Q(s, a) ← Q(s, a) + α [G − Q(s, a)], G = r + γ G'"
    following = "G'"
    settings: MonteCarloControlConfig

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.table = shortened(self.table)
        self.path = paths(self.table, self.members)
        self.origin = outcome_pair(self.mdp)
        self.first = np.empty(self.mdp.pairs, np.int64)
        if self.settings.exploring_starts:
            for place, draws in zip(self.place, self.draws, strict=True):
                place[PAIR] = below(draws[WORLD], self.mdp.pairs)
                place[STATE] = self.mdp.pair_state[place[PAIR]]

    def meaning(self, state: str, over: str) -> str:
        return f"return of the rest of the episode, from '{state}' on{over}"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], self.path[member], self.origin, self.first,
            self.mdp.pair_state, self.settings.visits == "every", self.settings.exploring_starts,
            ledger, world, exploration, units, episodes,
        )  # fmt: skip


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, path: Path, origin: Ints, first: Ints, pair_state: Ints,
    every: bool, exploring_starts: bool, ledger: Ledger, world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. See `average_returns` for the arrays."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length, chosen = place[0], place[1], place[2], place[3], place[4]
    earned, horizon, came = totals[0], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = chosen
        if pair < 0:
            pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        path[length] = outcome
        state, chosen = next_state[outcome], -1
        earned, steps, length, done = earned + reward[outcome], steps + 1, length + 1, done + 1
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        if terminated[outcome] or length == step_limit:
            surprise, expected = average_returns(
                path, length, origin, reward, first, every, discount, step_size, steps - 1, episodes, q, visits, last
            )
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length, earned, horizon, came = rows + 1, episodes + 1, 0, 0.0, 0.0, 0.0
            if exploring_starts:
                chosen = below(world, len(q))
                state = pair_state[chosen]
            else:
                state = sample_start(start, world)
    note_place(place, totals, state, steps, episodes, length, chosen, rows, earned, 0.0, 0.0, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="monte-carlo-control",
    title="Monte Carlo control",
    summary="Waits for an episode to end and learns from what it brought in all, without asking other values.",
    source="Sutton and Barto (2018), sections 5.3 and 5.4",
    config=MonteCarloControlConfig,
    build=MonteCarloControl,
    needs="finite",
    limit=10_000_000,
    order=110,
)
