"""n-step SARSA (Sutton and Barto 2018, section 7.2, equations 7.4 and 7.5).

A pair waits n steps; then its value moves towards the rewards received since, plus the value of the pair reached (on-policy):

    G = r1 + gamma r2 + ... + gamma^(n - 1) rn + gamma^n Q(sn, an)
    Q(s, a) <- Q(s, a) + alpha [G - Q(s, a)]

n = 1 is SARSA; an n longer than every episode is Monte Carlo control. One reward is known n steps back at once, at the price of
returns that vary more.

The last n steps lie in a ring: step t of the episode in slot t mod n. So a step costs n additions, whatever the length of the episode.

Deviations from the book: when an episode ends, all pairs that still wait are updated at once, as part of its last step; a truncated
episode still bootstraps from its last state and an action drawn there, a terminated one does not; ties between best actions are broken at
random.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.config import setting
from core.learner import Task, Term
from core.registry import Algorithm
from core.schedules import value_at
from core.tabular.engine.draws import Stream
from core.tabular.engine.learner import TabularConfig, TabularLearner
from core.tabular.engine.policy import Policy, choose, clock
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class NStepSarsaConfig(TabularConfig):
    """Settings of n-step SARSA."""

    n: int = setting(
        4,
        "Steps ahead",
        "Rewards that an update waits for before it trusts a value. 1 is SARSA.",
        unit="steps",
        symbol="n",
        ge=1,
        le=10_000,
    )


class NStepSarsa(TabularLearner):
    """On-policy control by n rewards and the action taken then."""

    settings: NStepSarsaConfig
    kept: ClassVar[tuple[str, ...]] = (*TabularLearner.kept, "pairs", "rewards")
    recorded: ClassVar[tuple[str, ...]] = (*TabularLearner.recorded, "rewards", "power")
    equation = "Q(s, a) ← Q(s, a) + α [r₁ + γ r₂ + … + γⁿ⁻¹ rₙ + γⁿ Q(sₙ, aₙ) − Q(s, a)]"
    formula = "q + alpha * (rewards + power * following - q)"
    following = "Q(sₙ, aₙ)"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.pairs = np.zeros((self.members, self.settings.n), np.int64)
        """[K, n] int64, the pairs of the last n steps; step t of the episode in slot t mod n."""
        self.rewards = np.zeros((self.members, self.settings.n))
        """[K, n] float64, what these steps earned."""

    def meaning(self, state: str, over: str) -> str:
        return f"value of the action taken next in '{state}'{over}"

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.step_size, self.q[member], self.visits[member], ledger, self.pairs[member], self.rewards[member],
            world, exploration, units, episodes,
        )  # fmt: skip

    def target(self, known: Mapping[str, float]) -> dict[str, Term]:
        """The n-step return: its rewards, and what follows them."""
        return {
            "rewards": Term("Σ γⁱ⁻¹ rᵢ", "rewards received on the way, discounted", known["rewards"]),
            "power": Term("γⁿ", "discount of the state reached", known["power"]),
            "following": super().target(known)["following"],
        }

    def surprise(self, known: Mapping[str, float]) -> float:
        return known["rewards"] + known["power"] * known["following"] - known["old"]


@borrowing
def learn(
    table: Table, policy: Policy, step_size: Floats, q: Floats, visits: Ints, ledger: Ledger, pairs: Ints, rewards: Floats,
    world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken. `pairs` [n] int64 and
    `rewards` [n] float64, see `NStepSarsa`."""
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length, chosen = place[0], place[1], place[2], place[3], place[4]
    earned, surprise, expected, horizon, came = totals[0], totals[1], totals[2], totals[3], totals[4]
    n, updated = len(pairs), -1
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = chosen
        if pair < 0:
            pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        pairs[length % n], rewards[length % n] = pair, reward[outcome]
        state, following = next_state[outcome], 0.0
        if not terminated[outcome]:
            chosen = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps + 1, episodes, exploration)
            following = q[chosen]
        length += 1
        over = terminated[outcome] or length == step_limit
        for waiting in range(max(length - n, 0), length if over else length - n + 1):
            total, weight, slot = 0.0, 1.0, waiting % n
            for _ in range(waiting, length):
                total, weight = total + weight * rewards[slot], weight * discount
                slot = slot + 1 if slot + 1 < n else 0
            updated, arrival, reached = pairs[waiting % n], outcome, following
            alpha = value_at(step_size, clock(step_size, steps, episodes, visits[updated]))
            old = q[updated]
            error = total + weight * following - old
            q[updated] = old + alpha * error
            visits[updated] += 1
            surprise, expected = surprise + abs(error), expected + old

        earned, steps, done = earned + reward[outcome], steps + 1, done + 1
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        if over:
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length = rows + 1, episodes + 1, 0
            earned = surprise = expected = horizon = came = 0.0
            state, chosen = sample_start(start, world), -1
    if updated >= 0:
        note_update(last, updated, arrival, old, reached, alpha, q[updated])
        last[6], last[7] = total, weight
    note_place(place, totals, state, steps, episodes, length, chosen, rows, earned, surprise, expected, horizon, came)
    return done


ALGORITHM = Algorithm(
    name="n-step-sarsa",
    title="n-step SARSA",
    summary="Waits for several rewards before it updates, so that a goal is known several steps back at once.",
    source="Sutton and Barto (2018), section 7.2",
    config=NStepSarsaConfig,
    build=NStepSarsa,
    needs="finite",
    limit=10_000_000,
    order=103,
)
