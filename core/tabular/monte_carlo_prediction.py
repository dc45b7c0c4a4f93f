"""Monte Carlo prediction: what a policy is worth, as the mean of returns (Sutton and Barto 2018, section 5.1).

When an episode ends, the value of every state in it moves towards the return G that followed the visit:

    V(s) <- V(s) + alpha [G - V(s)],  G = r + gamma G'

With alpha = 1 / N(s), as shipped, V(s) is the mean of its returns. Counting only the first visit in each episode gives an unbiased
estimate, counting every one a biased but consistent one (Singh and Sutton 1996). Nothing is learnt before an episode has ended.

Deviations from the book: alpha may be any schedule. An episode ends after 10,000 steps, whatever the world says; one that was truncated
counts with the rewards it brought, as if it had ended there, so that values are missing what would have come later.
"""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task
from core.registry import Algorithm
from core.schedules import Kind, Schedule, StepSize
from core.tabular.engine.draws import Stream
from core.tabular.engine.episode import Path, average_returns, outcome_pair, paths, shortened
from core.tabular.engine.prediction import PredictionConfig, PredictionLearner, follow
from core.tabular.engine.steps import Ledger, note_episode, note_place
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class MonteCarloPredictionConfig(PredictionConfig):
    """Settings of Monte Carlo prediction."""

    step_size: StepSize = setting(
        Schedule(kind=Kind.harmonic),
        "Step size",
        "How far a value moves towards the return. 1/N makes the mean of all returns.",
        symbol="α",
    )
    visits: Literal["first", "every"] = setting(
        "first", "Visits", "First: what followed the first visit in an episode counts. Every: what followed each of them."
    )


class MonteCarloPrediction(PredictionLearner):
    """Prediction by whole returns."""

    settings: MonteCarloPredictionConfig
    kept: ClassVar[tuple[str, ...]] = (*PredictionLearner.kept, "path")
    equation = "V(s) ← V(s) + α [G − V(s)], G = r + γ G'"
    following = "G'"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.table = shortened(self.table)
        self.path = paths(self.table, self.members)
        self.origin = self.mdp.pair_state[outcome_pair(self.mdp)]
        self.first = np.empty(self.mdp.states, np.int64)

    def meaning(self, state: str, over: str) -> str:
        return f"return of the rest of the episode, from '{state}' on{over}"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return learn(
            self.table, self.uniform, self.step_size, self.v[member], self.visits[member], self.path[member], self.origin, self.first,
            self.settings.visits == "every", ledger, world, exploration, units, episodes,
        )  # fmt: skip


@borrowing
def learn(
    table: Table, uniform: bool, step_size: Floats, v: Floats, visits: Ints, path: Path, origin: Ints, first: Ints, every: bool,
    ledger: Ledger, world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. See `average_returns` for the arrays."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length, earned, horizon, came = place[0], place[1], place[2], place[3], totals[0], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        outcome = sample_outcome(outcome_offsets, cumulative, follow(uniform, state_offsets, state, exploration), world)
        path[length] = outcome
        state = next_state[outcome]
        earned, steps, length, done = earned + reward[outcome], steps + 1, length + 1, done + 1
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        if terminated[outcome] or length == step_limit:
            surprise, expected = average_returns(
                path, length, origin, reward, first, every, discount, step_size, steps - 1, episodes, v, visits, last
            )
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length, earned, horizon, came = rows + 1, episodes + 1, 0, 0.0, 0.0, 0.0
            state = sample_start(start, world)
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, 0.0, 0.0, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="monte-carlo-prediction",
    title="Monte Carlo prediction",
    summary="Learns what a given policy is worth as the mean of what whole episodes brought.",
    source="Sutton and Barto (2018), section 5.1",
    config=MonteCarloPredictionConfig,
    build=MonteCarloPrediction,
    needs="finite",
    limit=1_000_000,
    order=119,
)
