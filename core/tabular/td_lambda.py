"""TD(lambda) with eligibility traces (Sutton 1988; Sutton and Barto 2018, section 12.2; Singh and Sutton 1996).

Every TD error is passed on to all states visited before, the less the longer ago:

    delta = r + gamma V(s') - V(s)
    z(x) <- gamma lambda z(x) for every state x;   z(s) <- z(s) + 1 (accumulating) or 1 (replacing)
    V(x) <- V(x) + alpha delta z(x) for every state x

lambda = 0 is TD(0); lambda = 1 is, with accumulating traces, a Monte Carlo method that learns before the episode has ended.

Deviations from the book, which treats linear approximation with a constant alpha: states are a table, traces may be replacing, and the
step size is part of the trace: a visit adds alpha as it is at that time, and what it adds moves by no other. For a constant alpha that
is the same; if alpha counts visits, each visit moves its state as in the forward view. Traces that no longer matter are dropped (see
`core.tabular.engine.traces`). A truncated episode bootstraps from its last state, a terminated one does not.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Snapshot, Task, Term
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.policy import clock
from core.tabular.engine.prediction import PredictionConfig, PredictionLearner, follow
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start
from core.tabular.engine.traces import KINDS, Trace, Traces, forget, mark, spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class TdLambdaConfig(PredictionConfig):
    """Settings of TD(lambda)."""

    trace_decay: float = setting(
        0.8,
        "Trace decay",
        "How much of an error also reaches the states visited before: 0 none of it, 1 all of it.",
        symbol="λ",
        ge=0,
        le=1,
    )
    trace: Literal["accumulating", "replacing"] = setting(
        "accumulating", "Trace", "Accumulating: every visit adds to the trace of its state. Replacing: a visit sets it to 1."
    )


class TdLambda(PredictionLearner):
    """Prediction with every error passed back along the trace."""

    settings: TdLambdaConfig
    kept: ClassVar[tuple[str, ...]] = (*PredictionLearner.kept, "z", "active", "held")
    recorded: ClassVar[tuple[str, ...]] = (*PredictionLearner.recorded, "trace")
    equation = "V(s) ← V(s) + α z(s) [r + γ V(s') − V(s)]"
    formula = "v + alpha * trace * (r + gamma * following - v)"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.kind, self.decay = KINDS.index(Trace(self.settings.trace)), self.discount * self.settings.trace_decay
        self.z = np.zeros_like(self.v)
        self.active = np.zeros(self.v.shape, np.int64)
        self.held = np.zeros((self.members, 1), np.int64)

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return learn(
            self.table, self.uniform, self.step_size, self.v[member], self.visits[member], ledger,
            Traces(self.kind, self.decay, self.z[member], self.active[member], self.held[member]), world, exploration, units, episodes,
        )  # fmt: skip

    def snapshot(self, member: int = 0) -> Snapshot:
        return replace(super().snapshot(member), traces=self.z[member].copy())

    def terms(self, known: Mapping[str, float], member: int) -> dict[str, Term]:
        name = self.mdp.state_names[int(known["state"])]
        found = super().terms(known, member)
        trace = Term("z(s)", f"trace of the state '{name}': 1 for this visit and what is left of earlier ones", known["trace"])
        return {"v": found.pop("v"), "alpha": found.pop("alpha"), "trace": trace} | found


@borrowing
def learn(
    table: Table, uniform: bool, step_size: Floats, v: Floats, visits: Ints, ledger: Ledger, traces: Traces,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. The traces are those of states."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    place, totals, last, ended, sums = ledger
    kind, decay, z, active, held = traces
    state, steps, episodes, length, count = place[0], place[1], place[2], place[3], held[0]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        left = state
        outcome = sample_outcome(outcome_offsets, cumulative, follow(uniform, state_offsets, left, exploration), world)
        state = next_state[outcome]
        following = 0.0 if terminated[outcome] else v[state]
        alpha = value_at(step_size, clock(step_size, steps, episodes, visits[left]))
        old = v[left]
        error = reward[outcome] + discount * following - old

        count = mark(kind, z, active, count, left, alpha)
        trace = z[left]
        count = spread(v, z, active, count, error, decay)
        visits[left] += 1
        new = v[left]

        earned, surprise, expected = earned + reward[outcome], surprise + abs(error), expected + old
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        steps, length, done = steps + 1, length + 1, done + 1
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
            count = forget(z, active, count)
    if done:
        note_update(last, left, outcome, old, following, alpha, new)
        last[6] = trace / alpha if alpha > 0.0 else 0.0
    held[0] = count
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="td-lambda",
    title="TD(λ)",
    summary="Learns what a given policy is worth and passes every surprise back to the states that led to it.",
    source="Sutton (1988); Sutton and Barto (2018), section 12.2",
    config=TdLambdaConfig,
    build=TdLambda,
    needs="finite",
    limit=1_000_000,
    order=122,
)
