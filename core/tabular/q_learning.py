"""Q-learning (Watkins 1989; Sutton and Barto 2018, section 6.5).

After each step the value of the action taken moves towards the reward plus the value of the best next action,
whatever action is taken next (off-policy):

    Q(s, a) <- Q(s, a) + alpha [r + gamma max over a' of Q(s', a') - Q(s, a)]

It converges to Q* if every pair is visited for ever and the step sizes of a pair add up to infinity while their
squares do not (Watkins and Dayan 1992); hence the step size may count visits.

Deviations from the book: ties between best actions are broken at random; a truncated episode still bootstraps from
its last state, a terminated one does not.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.compiled import compiled
from core.config import setting
from core.history import EPISODES, UPDATES, Rows
from core.learner import Budget, Counters, Explanation, Learner, LearnerConfig, Progress, Snapshot, State, Task, Term
from core.registry import Algorithm
from core.schedules import Clock, Kind, Probability, Schedule, StepSize, value_at, values_at
from core.streams import Streams
from core.worlds.environment import Environment
from core.worlds.mdp import state_values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CHUNK = 1 << 16
"""Steps per kernel call at most: bounds the buffer of ended episodes."""


class QLearningConfig(LearnerConfig):
    """Settings of Q-learning."""

    step_size: StepSize = setting(
        Schedule(kind=Kind.power, start=1.0, end=0.0, duration=10, per=Clock.visit),
        "Step size",
        "How far a value moves towards its target on each update.",
        symbol="α",
    )
    epsilon: Probability = setting(
        Schedule(kind=Kind.exponential, start=1.0, end=0.5, duration=5_000),
        "Exploration",
        "Probability of a random action instead of the best one known.",
        symbol="ε",
    )
    initial_value: float = setting(
        0.0,
        "Initial value",
        "Q of every action before anything is known; above the best return it makes the agent curious.",
        ge=-1e6,
        le=1e6,
    )


class QLearning(Learner):
    """K independent tables learning on one finite MDP; one unit is one step of every member."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, QLearningConfig)
        self.config = task.config
        self.discount = task.discount
        self.mdp = mdp = task.world.compile()
        self.members = task.members
        self.step_size, self.epsilon = self.config.step_size.encode(), self.config.epsilon.encode()
        self.start = np.cumsum(mdp.start)
        self.streams = [Streams.spawn(task.seed, member) for member in range(self.members)]
        self.q = np.full((self.members, mdp.pairs), self.config.initial_value)
        self.visits = np.zeros((self.members, mdp.pairs), np.int64)
        self.place = np.zeros((self.members, len(PLACE)), np.int64)
        self.total = np.zeros((self.members, len(TOTAL)))
        self.last = np.full((self.members, len(LAST)), np.nan)
        for member, streams in enumerate(self.streams):
            self.place[member, 0] = min(int(np.searchsorted(self.start, streams.world.random(), side="right")), mdp.states - 1)

    def advance(self, budget: Budget) -> Progress:
        mdp = self.mdp
        before = self.place.copy()
        rows: list[Rows] = []
        target = int(before[:, 2].min()) + budget.boundaries
        for member, streams in enumerate(self.streams):
            left = budget.units
            while left > 0 and self.place[member, 2] < target:
                size, episode = min(left, CHUNK), int(self.place[member, 2])
                ended, totals = np.empty((size, 2), np.int64), np.empty((size, 3))
                left -= learn(
                    mdp.state_offsets, mdp.outcome_offsets, mdp.cumulative, mdp.next_state, mdp.reward, mdp.terminated, self.start,
                    self.discount, mdp.step_limit, self.step_size, self.epsilon, streams.world, streams.exploration,
                    self.q[member], self.visits[member], self.place[member], self.total[member], self.last[member],
                    size, target, ended, totals,
                )  # fmt: skip
                count = int(self.place[member, 2]) - episode
                if count:
                    rows += self._rows(member, episode, ended[:count], totals[:count])
        boundaries = int(self.place[:, 2].min() - before[:, 2].min())
        return Progress(int((self.place - before)[:, 1].max()), boundaries, tuple(rows))

    def _rows(self, member: int, episode: int, ended: Ints, totals: Floats) -> tuple[Rows, Rows]:
        """The ended episodes, and what their updates were like on average."""
        count = len(ended)
        step, length = ended.T
        numbers, members = np.arange(episode, episode + count), np.full(count, member)
        times = step if self.config.epsilon.per is not Clock.episode else numbers
        updates = {"update": step, "member": members, "step": step, "td_error": totals[:, 1] / length, "q_mean": totals[:, 2] / length,
                   "epsilon": values_at(self.epsilon, times)}  # fmt: skip
        episodes = {"episode": numbers, "member": members, "step": step, "return": totals[:, 0], "length": length}
        return Rows(EPISODES, episodes), Rows(UPDATES, updates)

    def snapshot(self, member: int = 0) -> Snapshot:
        mdp, place = self.mdp, self.place[member]
        q = mdp.q_table(self.q[member])
        visits = np.bincount(mdp.pair_state, self.visits[member], mdp.states).astype(np.int64)
        metrics = {"epsilon": self.config.epsilon.value(place[1] if self.config.epsilon.per is Clock.step else place[2])}
        if not np.isnan(self.last[member, 0]):
            metrics["step size"] = float(self.last[member, 4])
        return Snapshot(
            Counters(units=int(place[1]), episodes=int(place[2]), updates=int(place[1])),
            values=state_values(q),
            q=q,
            visits=visits,
            state=int(place[0]),
            action_values=q[place[0]],
            metrics=metrics,
        )

    def state(self) -> State:
        arrays = {name: getattr(self, name).copy() for name in ("q", "visits", "place", "total", "last")}
        return arrays | {"streams": {str(member): streams.state() for member, streams in enumerate(self.streams)}}

    def restore(self, state: State) -> None:
        for name in ("q", "visits", "place", "total", "last"):
            getattr(self, name)[:] = state[name]
        for member, streams in enumerate(self.streams):
            streams.restore(state["streams"][str(member)])

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        assert environment.state is not None
        return self.mdp.q_table(self.q[member])[environment.state]

    def explain(self, member: int = 0) -> Explanation | None:
        if np.isnan(self.last[member, 0]):
            return None
        pair, outcome, old, best_next, step_size, new = self.last[member].tolist()
        state, next_state = int(self.mdp.pair_state[int(pair)]), int(self.mdp.next_state[int(outcome)])
        action, name = self.mdp.action_names[self.mdp.pair_action[int(pair)]], self.mdp.state_names[next_state]
        over = ", 0 because the episode ended" if self.mdp.terminated[int(outcome)] else ""
        terms = {
            "q": Term("Q(s, a)", f"value of '{action}' in '{self.mdp.state_names[state]}' before", old, state),
            "alpha": Term("α", "step size", step_size),
            "r": Term("r", "reward received", float(self.mdp.reward[int(outcome)]), next_state),
            "gamma": Term("γ", "discount", self.discount),
            "best_next": Term("max_a' Q(s', a')", f"value of the best action in '{name}'{over}", best_next, next_state),
        }  # fmt: skip
        equation = "Q(s, a) ← Q(s, a) + α [r + γ max_a' Q(s', a') − Q(s, a)]"
        return Explanation(equation, "q + alpha * (r + gamma * best_next - q)", terms, new)


PLACE = ("state", "steps", "episodes", "length")
"""Columns of `QLearning.place`."""

TOTAL = ("return", "td_error", "q")
"""Columns of `QLearning.total`, sums over the episode under way."""

LAST = ("pair", "outcome", "old", "best_next", "step_size", "new")
"""Columns of `QLearning.last`, the newest update of each member."""


@compiled
def learn(
    state_offsets: Ints, outcome_offsets: Ints, cumulative: Floats, next_state: Ints, reward: Floats, terminated: Bools, start: Floats,
    discount: float, step_limit: int, step_size: Floats, epsilon: Floats, world: Generator, exploration: Generator,
    q: Floats, visits: Ints, place: Ints, total: Floats, last: Floats,
    units: int, episode_target: int, ended: Ints, totals: Floats,
) -> int:  # fmt: skip
    """At most `units` steps of one member, until it has ended `episode_target` episodes; return the steps taken.

    `ended` [units, 2] and `totals` [units, 3] receive step and length, and return, sum of absolute TD errors and of Q, of each episode
    that ends.
    """
    state, steps, episodes, length = place[0], place[1], place[2], place[3]
    done = count_ended = 0
    earned, surprise, expected = total[0], total[1], total[2]
    alpha = step_size[1]
    while done < units and episodes < episode_target:
        first = state_offsets[state]
        count = state_offsets[state + 1] - first
        explore = value_at(epsilon, episodes if epsilon[5] == 1.0 else steps)
        if explore > 0.0 and exploration.random() < explore:
            pair = first + int(exploration.random() * count)
        else:
            pair, ties = first, 1
            for other in range(first + 1, first + count):
                if q[other] > q[pair]:
                    pair, ties = other, 1
                elif q[other] == q[pair]:
                    ties += 1
                    if exploration.random() * ties < 1.0:
                        pair = other

        outcome = outcome_offsets[pair]
        if outcome_offsets[pair + 1] - outcome > 1:
            draw = world.random()
            while cumulative[outcome] <= draw:
                outcome += 1
        following = next_state[outcome]
        best_next = 0.0
        if not terminated[outcome]:
            best_next = q[state_offsets[following]]
            for other in range(state_offsets[following] + 1, state_offsets[following + 1]):
                best_next = max(best_next, q[other])

        clock = visits[pair] if step_size[5] == 2.0 else episodes if step_size[5] == 1.0 else steps
        alpha = value_at(step_size, clock)
        old = q[pair]
        q[pair] = old + alpha * (reward[outcome] + discount * best_next - old)
        visits[pair] += 1
        earned += reward[outcome]
        surprise += abs(reward[outcome] + discount * best_next - old)
        expected += old
        state = following
        steps += 1
        length += 1
        done += 1
        last[0], last[1], last[2], last[3], last[4], last[5] = pair, outcome, old, best_next, alpha, q[pair]

        if terminated[outcome] or length == step_limit:
            ended[count_ended, 0], ended[count_ended, 1] = steps, length
            totals[count_ended, 0], totals[count_ended, 1], totals[count_ended, 2] = earned, surprise, expected
            count_ended += 1
            episodes += 1
            length = 0
            earned = surprise = expected = 0.0
            draw = world.random()
            state = 0
            while state < len(start) - 1 and start[state] <= draw:
                state += 1
    place[0], place[1], place[2], place[3] = state, steps, episodes, length
    total[0], total[1], total[2] = earned, surprise, expected
    return done


ALGORITHM = Algorithm(
    name="q-learning",
    title="Q-learning",
    summary="Learns from its own steps what each action is worth, without knowing the world.",
    source="Watkins (1989); Sutton and Barto (2018), section 6.5",
    config=QLearningConfig,
    build=QLearning,
    needs="finite",
    limit=10_000_000,
)
