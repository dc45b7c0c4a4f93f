"""Off-policy Monte Carlo control with weighted importance sampling (Sutton and Barto 2018, section 5.7; Precup et al. 2000).

The greedy policy is learnt from the episodes of another one, b, that explores. From the end of an episode backwards, as long as its
actions are the greedy ones, each return counts by how much more likely the greedy policy was to bring it about:

    C(s, a) <- C(s, a) + W
    Q(s, a) <- Q(s, a) + W / C(s, a) [G - Q(s, a)],  G = r + gamma G'
    stop unless a is the greedy action in s;  W <- W / b(a | s)

Only the tail of an episode after its last exploring action teaches anything, so that early states learn slowly where b explores much. An
action never learnt keeps its initial value; where that is above all returns and leads in circles, every way out is an exploring one, and
nothing is learnt of it: start low there. C never forgets the weights of policies that were greedy once, so that in slippery worlds a few
heavy early ones may decide for long. And where most episodes are truncated, tails are what the cut falsifies most.

Deviations from the book: of equally good actions the first one is the greedy policy's; b follows the same Q with epsilon and strategy,
where ties are broken at random, and its probabilities are those of the time of the action. An episode ends after 10,000 steps, whatever
the world says; one that was truncated counts with the rewards it brought, as if it had ended there, so that values are missing what
would have come later.
"""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import borrowing
from core.learner import Task, Term
from core.registry import Algorithm
from core.tabular.engine.draws import Stream
from core.tabular.engine.episode import Path, outcome_pair, paths, shortened
from core.tabular.engine.learner import BehaviourConfig, TabularLearner
from core.tabular.engine.policy import Policy, choose, probabilities
from core.tabular.engine.steps import Ledger, note_episode, note_place, note_update
from core.tabular.engine.table import Table, sample_outcome, sample_start

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class OffPolicyMonteCarloConfig(BehaviourConfig):
    """Settings of off-policy Monte Carlo control."""


class OffPolicyMonteCarlo(TabularLearner):
    """Off-policy control by weighted whole returns."""

    kept: ClassVar[tuple[str, ...]] = (*TabularLearner.kept, "weights", "path", "chances")
    recorded: ClassVar[tuple[str, ...]] = ("pair", "outcome", "old", "following", "weight", "new", "weights")
    equation = "Q(s, a) ← Q(s, a) + W/C(s, a) [G − Q(s, a)], G = r + γ G'"
    formula = "q + weight / weights * (r + gamma * following - q)"
    following = "G'"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.table = shortened(self.table)
        self.weights = np.zeros_like(self.q)
        self.path = paths(self.table, self.members)
        self.chances = np.zeros(self.path.shape)
        self.origin = outcome_pair(self.mdp)
        self.scratch = np.empty(self.mdp.actions)

    def meaning(self, state: str, over: str) -> str:
        return f"return of the rest of the episode, from '{state}' on{over}"

    def rate(self, known: Mapping[str, float]) -> dict[str, Term]:
        return {
            "weight": Term("W", "how much more likely the greedy policy was to act like this", known["weight"]),
            "weights": Term("C(s, a)", "sum of all such weights so far", known["weights"]),
        }

    def learn(self, member: int, ledger: Ledger, world: Stream, exploration: Stream, units: int, episodes: int) -> int:
        return self.kernel(learn)(
            self.table, self.policy, self.q[member], self.visits[member], self.weights[member], self.path[member], self.chances[member],
            self.origin, self.mdp.pair_state, self.scratch, ledger, world, exploration, units, episodes,
        )  # fmt: skip


@borrowing
def learn(
    table: Table, policy: Policy, q: Floats, visits: Ints, weights: Floats, path: Path, chances: Floats, origin: Ints, pair_state: Ints,
    scratch: Floats, ledger: Ledger, world: Stream, exploration: Stream, units: int, most_episodes: int,
) -> int:  # fmt: skip
    """At most `units` steps, until `most_episodes` have ended; return the steps taken.

    Args:
        weights: [P] C(s, a).
        path: [L] outcomes of the episode; chances: [L] b(a | s) of each.
        origin: [T] the pair of each outcome.
        scratch: [A].
    """
    state_offsets, outcome_offsets, cumulative, next_state, reward, terminated, start, discount, step_limit = table
    strategy, curiosity, epsilon, temperature = policy
    place, totals, last, ended, sums = ledger
    state, steps, episodes, length, earned, horizon, came = place[0], place[1], place[2], place[3], totals[0], totals[3], totals[4]
    done = rows = 0
    while done < units and episodes < most_episodes:
        pair = choose(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, exploration)
        probabilities(strategy, curiosity, epsilon, temperature, state_offsets, q, visits, state, steps, episodes, scratch)
        chances[length] = scratch[pair - state_offsets[state]]
        outcome = sample_outcome(outcome_offsets, cumulative, pair, world)
        path[length] = outcome
        state = next_state[outcome]
        earned, steps, length, done = earned + reward[outcome], steps + 1, length + 1, done + 1
        horizon = 1.0 + discount * horizon
        came += reward[outcome] * horizon
        if terminated[outcome] or length == step_limit:
            surprise, expected = learn_backwards(
                path, chances, length, origin, pair_state, state_offsets, reward, discount, q, visits, weights, last
            )
            note_episode(ended, sums, rows, steps, length, earned, surprise, expected, came)
            rows, episodes, length, earned, horizon, came = rows + 1, episodes + 1, 0, 0.0, 0.0, 0.0
            state = sample_start(start, world)
    note_place(place, totals, state, steps, episodes, length, -1, rows, earned, 0.0, 0.0, horizon, came)
    return done


@borrowing
def learn_backwards(
    path: Path, chances: Floats, length: int, origin: Ints, pair_state: Ints, state_offsets: Ints, reward: Floats, discount: float,
    q: Floats, visits: Ints, weights: Floats, last: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Learn from the tail of an episode that the greedy policy might have taken.

    Returns:
        Absolute error and old value, each as the mean of the updates times `length`.
    """
    surprise, expected, updates, back, weight = 0.0, 0.0, 0, 0.0, 1.0
    for time in range(length - 1, -1, -1):
        outcome = path[time]
        pair = origin[outcome]
        target = reward[outcome] + discount * back
        weights[pair] += weight
        old = q[pair]
        q[pair] = old + weight / weights[pair] * (target - old)
        visits[pair] += 1
        surprise, expected, updates = surprise + abs(target - old), expected + old, updates + 1
        note_update(last, pair, outcome, old, back, weight, q[pair])
        last[6] = weights[pair]
        back = target
        best = state_offsets[pair_state[pair]]
        for other in range(best + 1, state_offsets[pair_state[pair] + 1]):
            if q[other] > q[best]:
                best = other
        if pair != best:
            break
        weight /= chances[time]
    return surprise * length / updates, expected * length / updates


ALGORITHM = Algorithm(
    name="off-policy-monte-carlo",
    title="Off-policy Monte Carlo control",
    summary="Explores with one policy and learns the best one from those ends of episodes that it might have taken itself.",
    source="Sutton and Barto (2018), section 5.7",
    config=OffPolicyMonteCarloConfig,
    build=OffPolicyMonteCarlo,
    needs="finite",
    limit=10_000_000,
    order=111,
)
