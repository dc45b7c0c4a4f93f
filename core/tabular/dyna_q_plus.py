"""Dyna-Q+ (Sutton 1990; Sutton and Barto 2018, section 8.3).

Dyna-Q whose memories are the more tempting the older they are: in planning, a pair not tried for tau real steps earns a bonus,

    Q(s, a) <- Q(s, a) + alpha [r + kappa sqrt(tau) + gamma max over a' of Q(s', a') - Q(s, a)],

so that the agent goes and looks again whether the world is still as it was. All actions of the states met are planned with; one never
tried is taken to lead back to its state with reward 0 (Sutton and Barto 2018, footnote of section 8.3).

As the bonus never ends, the values of pairs seldom tried stay above Q*: by up to kappa sqrt(tau) / (1 - gamma).

Deviations from the book: the model counts every outcome seen instead of keeping the last one, as in Dyna-Q; tau of a pair never tried
counts from the start of the run; planning draws from a stream of its own and leaves visits and step sizes that count them as they are;
the explained update is that of the real step. Ties between best actions are broken at random; a truncated episode still bootstraps from
its last state, a terminated one does not.
"""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import REPLAY, Stream, below
from core.tabular.engine.model import Model, ModelConfig, ModelLearner, note_met, remembered
from core.tabular.engine.policy import Policy, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, best_value, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class DynaQPlusConfig(ModelConfig):
    """Settings of Dyna-Q+."""

    kappa: float = setting(
        1e-4,
        "Planning bonus",
        "What an action earns in planning for each square root of a step since it was last tried. 0: no bonus.",
        symbol="κ",
        ge=0,
        le=1e6,
    )


class DynaQPlus(ModelLearner):
    """Dyna-Q that goes and looks again."""

    settings: DynaQPlusConfig
    kept: ClassVar[tuple[str, ...]] = (*ModelLearner.kept, "tried")
    equation = "Q(s, a) ← Q(s, a) + α [r + γ max_a' Q(s', a') − Q(s, a)]"
    following = "max_a' Q(s', a')"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.tried = np.zeros(self.q.shape, np.int64)
        """[K, P] int64, the number of the step in which each pair was last tried, from 1; 0: never."""

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, self.model(member),
            self.settings.planning_steps, self.settings.kappa, self.tried[member],
            world, exploration, self.draws[member, REPLAY], units, episodes,
        )  # fmt: skip


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger, model: Model, planning_steps: int,
    kappa: float, tried: Ints, world: Stream, exploration: Stream, replay: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. `tried` [P] int64, see `DynaQPlus`."""
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
        tried[pair] = steps + 1
        for _ in range(planning_steps):
            recalled = met[below(replay, known)]
            first, last_one = state_offsets[recalled], state_offsets[recalled + 1]
            again = first + below(replay, last_one - first)
            gain, ahead = kappa * np.sqrt(steps + 1.0 - tried[again]), 0.0
            if visits[again] > 0:
                seen = remembered(outcome_offsets, counts, visits, again, replay)
                gain += reward[seen]
                if not terminated[seen]:
                    ahead = best_value(state_offsets, q, next_state[seen])
            else:
                ahead = best_value(state_offsets, q, recalled)
            pace = value_at(step_size, clock(step_size, steps, episodes, visits[again]))
            q[again] += pace * (gain + discount * ahead - q[again])

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
    name="dyna-q-plus",
    title="Dyna-Q+",
    summary="Dyna-Q that is drawn to what it has not tried for long.",
    source="Sutton (1990); Sutton and Barto (2018), section 8.3",
    config=DynaQPlusConfig,
    build=DynaQPlus,
    needs="finite",
    limit=1_000_000,
    order=107,
)
