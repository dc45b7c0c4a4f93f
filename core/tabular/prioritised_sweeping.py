"""Prioritised sweeping with a learned model (Moore and Atkeson 1993; Peng and Williams 1993; Sutton and Barto 2018, section 8.4).

Real steps only teach the model: how often each outcome followed each pair, hence the mean reward r(s, a) and the probabilities p(s' | s, a)
seen so far. A pair whose value does not fit the model waits in a queue, the largest error first:

    P(s, a) = |r(s, a) + gamma sum over s' of p(s' | s, a) max over a' of Q(s', a') - Q(s, a)| > theta

After each real step, up to n pairs are taken from the queue; each is updated, Q(s, a) <- Q(s, a) + alpha [... - Q(s, a)], and the pairs
seen to lead to its state get new priorities. So a goal that is found is known along the whole way within few updates.

Deviations from the book: updates and priorities are means over all outcomes seen, as section 8.4 proposes for stochastic worlds (in a
deterministic one they are those of the book); the step size is 1 unless set otherwise, since nothing is drawn; a pair that waits gets its
newest priority, also if that is smaller; a pair updated with a step size below 1 does not wait again on its own account, as in the book.
Ties between best actions are broken at random; the model knows which outcomes terminate, and their next state counts 0; truncation is no
outcome, so that a truncated episode still bootstraps.
"""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task, Term
from core.registry import Algorithm
from core.schedules import Schedule, StepSize, value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.episode import outcome_pair
from core.tabular.engine.heap import put, take
from core.tabular.engine.learner import TabularConfig, TabularLearner
from core.tabular.engine.policy import Policy, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, best_value, sample_outcome, sample_start
from core.worlds.mdp import FiniteMDP, weighed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class LearnedSweepingConfig(TabularConfig):
    """Settings of prioritised sweeping with a learned model."""

    step_size: StepSize = setting(Schedule(start=1.0), "Step size", "How far a value moves towards its target on each update.", symbol="α")
    planning_steps: int = setting(
        10, "Updates per step", "Pairs updated after each real step, those with the largest errors first.", symbol="n", ge=1, le=100_000
    )
    threshold: float = setting(1e-6, "Threshold", "Errors up to this one are left alone.", symbol="θ", ge=0, le=1e6)

    @property
    def teachable(self) -> bool:
        return True


class Sources(NamedTuple):
    """Where every outcome comes from: the way back through the table. Only outcomes that were seen are used.

    Attributes:
        pair_state: [P] int64, the state of each pair.
        outcome_pair: [T] int64, the pair of each outcome.
        offsets: [S + 1] int64; state s is entered by arrivals[offsets[s]:offsets[s + 1]].
        arrivals: [T'] int64, the outcomes that do not terminate, by next state.
    """

    pair_state: Ints
    outcome_pair: Ints
    offsets: Ints
    arrivals: Ints

    @classmethod
    def of(cls, mdp: FiniteMDP) -> "Sources":
        lasting = np.flatnonzero(~mdp.terminated)
        arrivals = lasting[np.argsort(mdp.next_state[lasting], kind="stable")]
        offsets = np.searchsorted(mdp.next_state[arrivals], np.arange(mdp.states + 1))
        return cls(mdp.pair_state, outcome_pair(mdp), offsets, arrivals)


class Queue(NamedTuple):
    """The pairs that wait for an update, see `core.tabular.engine.heap`; `held` [1] int64: how many."""

    heap: Ints
    slot: Ints
    priority: Floats
    held: Ints


class LearnedSweeping(TabularLearner):
    """Control by updating a learned model where it is most wrong."""

    settings: LearnedSweepingConfig
    kept: ClassVar[tuple[str, ...]] = (*TabularLearner.kept, "counts", "heap", "slot", "priority", "held")
    recorded: ClassVar[tuple[str, ...]] = (*TabularLearner.recorded, "mean_reward")
    equation = "Q(s, a) ← Q(s, a) + α [r̄(s, a) + γ Σ_s' p(s'|s, a) max_a' Q(s', a') − Q(s, a)]"
    following = "Σ_s' p max_a' Q(s', a')"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.sources = Sources.of(self.mdp)
        self.counts = np.zeros((self.members, len(self.mdp.next_state)), np.int64)
        """[K, T] int64, how often each outcome was seen."""
        self.heap = np.zeros(self.q.shape, np.int64)
        self.slot = np.full(self.q.shape, -1)
        self.priority = np.zeros_like(self.q)
        self.held = np.zeros((self.members, 1), np.int64)

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        queue = Queue(self.heap[member], self.slot[member], self.priority[member], self.held[member])
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, self.sources, self.counts[member], queue,
            self.settings.planning_steps, self.settings.threshold, world, exploration, units, episodes,
        )  # fmt: skip

    def metrics(self, member: int) -> dict[str, float]:
        return super().metrics(member) | {"waiting": float(self.held[member, 0])}

    def target(self, known: Mapping[str, float]) -> dict[str, Term]:
        """The means over what was seen to follow."""
        pair = int(known["pair"])
        state = int(self.mdp.pair_state[pair])
        meaning = f"mean reward of '{self.mdp.action_names[self.mdp.pair_action[pair]]}' in '{self.mdp.state_names[state]}'"
        return {
            "r": Term("r̄(s, a)", meaning, known["mean_reward"], state),
            "gamma": Term("γ", "discount", self.discount),
            "following": Term(self.following, "mean value of the best next action, 0 where the episode ends", known["following"]),
        }

    def reached(self, known: Mapping[str, float], member: int) -> tuple[tuple[int, float], ...]:
        pair, mdp = int(known["pair"]), self.mdp
        outcomes = slice(int(mdp.outcome_offsets[pair]), int(mdp.outcome_offsets[pair + 1]))
        seen = self.counts[member, outcomes]
        return weighed(mdp.next_state[outcomes], seen / max(int(seen.sum()), 1))

    def surprise(self, known: Mapping[str, float]) -> float:
        return known["mean_reward"] + self.discount * known["following"] - known["old"]


@borrowing
def look_ahead(
    state_offsets: Ints, outcome_offsets: Ints, next_state: Ints, reward: Floats, terminated: Bools, counts: Ints, visits: Ints,
    q: Floats, pair: int,
) -> tuple[float, float]:  # fmt: skip
    """Mean reward of a pair that was tried, and mean value of the best next action, over the outcomes seen."""
    earned = following = 0.0
    for outcome in range(outcome_offsets[pair], outcome_offsets[pair + 1]):
        if counts[outcome] > 0:
            share = counts[outcome] / visits[pair]
            earned += share * reward[outcome]
            if not terminated[outcome]:
                following += share * best_value(state_offsets, q, next_state[outcome])
    return earned, following


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger, sources: Sources, counts: Ints, queue: Queue,
    planning_steps: int, threshold: float, world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. `counts` [T] int64, see
    `LearnedSweeping`."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    pair_state, outcome_pair, arrival_offsets, arrivals = sources
    heap, slot, priority, held = queue
    state, steps, episodes, length, size = place[0], place[1], place[2], place[3], held[0]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    updated = -1
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        visits[pair] += 1
        counts[outcome] += 1
        mean, ahead = look_ahead(state_offsets, outcome_offsets, next_state, reward, terminated, counts, visits, q, pair)
        error = abs(mean + discount * ahead - q[pair])
        surprise, expected = surprise + error, expected + q[pair]
        if error > threshold or slot[pair] >= 0:
            size = put(heap, slot, priority, size, pair, error)
        left = planning_steps
        while left > 0 and size > 0:
            updated = take(heap, slot, priority, size)
            left, size = left - 1, size - 1
            gain, following = look_ahead(state_offsets, outcome_offsets, next_state, reward, terminated, counts, visits, q, updated)
            alpha = value_at(step_size, clock(step_size, steps, episodes, visits[updated]))
            old = q[updated]
            q[updated] = new = old + alpha * (gain + discount * following - old)
            entered = pair_state[updated]
            for arrival in range(arrival_offsets[entered], arrival_offsets[entered + 1]):
                if counts[arrivals[arrival]] > 0:
                    source = outcome_pair[arrivals[arrival]]
                    mean, ahead = look_ahead(state_offsets, outcome_offsets, next_state, reward, terminated, counts, visits, q, source)
                    error = abs(mean + discount * ahead - q[source])
                    if error > threshold or slot[source] >= 0:
                        size = put(heap, slot, priority, size, source, error)

        earned, state = earned + reward[outcome], next_state[outcome]
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        steps, length, done = steps + 1, length + 1, done + 1
        if terminated[outcome] or length == step_limit:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state = sample_start(start, world)
    if updated >= 0:
        note_update(last, updated, -1, old, following, alpha, new)
        last[6] = gain
    held[0] = size
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="learned-prioritised-sweeping",
    title="Prioritised sweeping, learned model",
    summary="Learns how the world works and updates first where its values fit that least.",
    source="Moore and Atkeson (1993); Sutton and Barto (2018), section 8.4",
    config=LearnedSweepingConfig,
    build=LearnedSweeping,
    needs="finite",
    limit=1_000_000,
    order=108,
)
