"""What every tabular learner does besides its update: members, episodes, snapshot, state, explanation."""

from abc import abstractmethod
from typing import Any, ClassVar, ParamSpec, TypeVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from core.compiled import Compiled
from core.config import setting
from core.history import EPISODES, UPDATES, Rows
from core.learner import Budget, Counters, Explanation, Learner, LearnerConfig, Progress, Snapshot, State, Task, Term
from core.schedules import Clock, Kind, Probability, Schedule, StepSize, Temperature, values_at
from core.streams import Streams
from core.tabular.engine import steps
from core.tabular.engine.policy import STRATEGIES, Policy, Strategy, choose_curiously
from core.tabular.engine.steps import LAST, Ledger
from core.tabular.engine.table import Table
from core.worlds.environment import Environment
from core.worlds.mdp import state_values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
P = ParamSpec("P")
R = TypeVar("R")

CHUNK = 1 << 16
"""Steps per kernel call at most: bounds the buffer of ended episodes."""


class TabularConfig(LearnerConfig):
    """Settings that learners of action values share."""

    step_size: StepSize = setting(
        Schedule(kind=Kind.power, start=1.0, end=0.0, duration=10, per=Clock.visit),
        "Step size",
        "How far a value moves towards its target on each update.",
        symbol="α",
    )
    epsilon: Probability = setting(
        Schedule(kind=Kind.exponential, start=1.0, end=0.5, duration=5_000),
        "Exploration",
        "Probability of a random action instead of the one that the strategy chooses.",
        symbol="ε",
    )
    strategy: Strategy = setting(
        Strategy.greedy,
        "Strategy",
        "The action taken otherwise. greedy: the best one known; softmax: better ones more often; ucb: the best one could be, given how "
        "seldom it was tried; bonus: the best one with a bonus for those seldom tried.",
    )
    temperature: Temperature = setting(
        Schedule(kind=Kind.exponential, start=1.0, end=0.05, duration=10_000),
        "Temperature",
        "Softmax only: how much worse actions are taken. Near 0 only the best one, large: all alike.",
        symbol="τ",
    )
    curiosity: float = setting(
        1.0, "Curiosity", "ucb and bonus only: weight of what was seldom tried against what is known to be good.", symbol="c", ge=0, le=1e6
    )
    initial_value: float = setting(
        0.0,
        "Initial value",
        "Q of every action before anything is known; above the best return it makes the agent curious.",
        ge=-1e6,
        le=1e6,
    )


class TabularLearner(Learner):
    """K independent tables learning on one finite MDP; one unit is one step of every member.

    A subclass gives `learn`, the call of its kernel, the arrays it keeps beyond those here, and the words of its update.
    """

    kept: ClassVar[tuple[str, ...]] = ("q", "visits", "place", "totals", "last")
    """Names of the arrays [K, ...] that make the state."""
    equation: ClassVar[str]
    """The update as textbooks print it."""
    kernels: ClassVar[dict[Any, Any]] = {}
    """Kernels with another behaviour policy than they were written with."""
    following: ClassVar[str]
    """Symbol of the value of what follows."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, TabularConfig)
        config = self.settings = task.config
        self.discount = task.discount
        self.mdp = task.world.compile()
        self.table = Table.of(self.mdp, task.discount)
        self.members = task.members
        self.step_size = config.step_size.encode()
        self.policy = Policy(STRATEGIES.index(config.strategy), config.curiosity, config.epsilon.encode(), config.temperature.encode())
        self.streams = [Streams.spawn(task.seed, member) for member in range(self.members)]
        self.q = np.full((self.members, self.mdp.pairs), config.initial_value)
        self.visits = np.zeros((self.members, self.mdp.pairs), np.int64)
        self.place = np.zeros((self.members, 6), np.int64)
        self.place[:, steps.PAIR] = -1
        self.totals = np.zeros((self.members, 3))
        self.last = np.full((self.members, len(LAST)), np.nan)
        for member, streams in enumerate(self.streams):
            start = int(np.searchsorted(self.table.start, streams.world.random(), side="right"))
            self.place[member, steps.STATE] = min(start, self.mdp.states - 1)

    @abstractmethod
    def learn(self, member: int, ledger: Ledger, world: Generator, exploration: Generator, units: int, episodes: int) -> int:
        """Call the kernel: at most `units` steps of one member, until it has ended `episodes` episodes; return the steps taken."""

    def kernel(self, learn: Compiled[P, R]) -> Compiled[P, R]:
        """The kernel with the behaviour policy that is set."""
        if self.settings.strategy is Strategy.greedy:
            return learn
        if learn not in self.kernels:
            self.kernels[learn] = learn.using(choose=choose_curiously)
        return self.kernels[learn]

    def meaning(self, state: str, over: str) -> str:
        """What the value of what follows is, in the next state of that name; `over` says so where the episode ended."""
        return f"value of the best action in '{state}'{over}"

    def values(self, member: int) -> Floats:
        """[P] the member's action values, as views show them."""
        return self.q[member]

    def advance(self, budget: Budget) -> Progress:
        before = self.place.copy()
        rows: list[Rows] = []
        target = int(before[:, steps.EPISODES].min()) + budget.boundaries
        for member, streams in enumerate(self.streams):
            left, place = budget.units, self.place[member]
            while left > 0 and place[steps.EPISODES] < target:
                size, episode = min(left, CHUNK), int(place[steps.EPISODES])
                ledger = Ledger(place, self.totals[member], self.last[member], np.empty((size, 2), np.int64), np.empty((size, 3)))
                left -= self.learn(member, ledger, streams.world, streams.exploration, size, target)
                count = int(place[steps.ENDED])
                place[steps.ENDED] = 0
                if count:
                    rows += self._rows(member, episode, ledger.ended[:count], ledger.sums[:count])
        done = self.place - before
        boundaries = int(self.place[:, steps.EPISODES].min() - before[:, steps.EPISODES].min())
        return Progress(int(done[:, steps.STEPS].max()), boundaries, tuple(rows))

    def _rows(self, member: int, episode: int, ended: Ints, sums: Floats) -> tuple[Rows, Rows]:
        """The ended episodes, and what their updates were like on average."""
        count = len(ended)
        step, length = ended.T
        numbers, members = np.arange(episode, episode + count), np.full(count, member)
        times = step if self.settings.epsilon.per is not Clock.episode else numbers
        updates = {
            "update": step, "member": members, "step": step, "td_error": sums[:, steps.SURPRISE] / length,
            "q_mean": sums[:, steps.EXPECTED] / length, "epsilon": values_at(self.policy.epsilon, times),
        }  # fmt: skip
        episodes = {"episode": numbers, "member": members, "step": step, "return": sums[:, steps.RETURN], "length": length}
        return Rows(EPISODES, episodes), Rows(UPDATES, updates)

    def snapshot(self, member: int = 0) -> Snapshot:
        mdp, place = self.mdp, self.place[member]
        q = mdp.q_table(self.values(member))
        visits = np.bincount(mdp.pair_state, self.visits[member], mdp.states).astype(np.int64)
        epsilon = self.settings.epsilon
        metrics = {"epsilon": epsilon.value(place[steps.STEPS] if epsilon.per is Clock.step else place[steps.EPISODES])}
        if not np.isnan(self.last[member, 0]):
            metrics["step size"] = float(self.last[member, LAST.index("step_size")])
        return Snapshot(
            Counters(units=int(place[steps.STEPS]), episodes=int(place[steps.EPISODES]), updates=int(place[steps.STEPS])),
            values=state_values(q),
            q=q,
            visits=visits,
            state=int(place[steps.STATE]),
            action_values=q[place[steps.STATE]],
            metrics=metrics,
        )

    def state(self) -> State:
        arrays: dict[str, Any] = {name: getattr(self, name).copy() for name in self.kept}
        return arrays | {"streams": {str(member): streams.state() for member, streams in enumerate(self.streams)}}

    def restore(self, state: State) -> None:
        for name in self.kept:
            getattr(self, name)[:] = state[name]
        for member, streams in enumerate(self.streams):
            streams.restore(state["streams"][str(member)])

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        assert environment.state is not None
        return self.mdp.q_table(self.values(member))[environment.state]

    def explain(self, member: int = 0) -> Explanation | None:
        """The last one-step update: Q(s, a) moved towards r + gamma times the value of what follows."""
        if np.isnan(self.last[member, 0]):
            return None
        pair, outcome, old, following, step_size, new = self.last[member].tolist()
        state, next_state = int(self.mdp.pair_state[int(pair)]), int(self.mdp.next_state[int(outcome)])
        action, name = self.mdp.action_names[self.mdp.pair_action[int(pair)]], self.mdp.state_names[next_state]
        over = ", 0 because the episode ended" if self.mdp.terminated[int(outcome)] else ""
        terms = {
            "q": Term("Q(s, a)", f"value of '{action}' in '{self.mdp.state_names[state]}' before", old, state),
            "alpha": Term("α", "step size", step_size),
            "r": Term("r", "reward received", float(self.mdp.reward[int(outcome)]), next_state),
            "gamma": Term("γ", "discount", self.discount),
            "following": Term(self.following, self.meaning(name, over), following, next_state),
        }  # fmt: skip
        return Explanation(self.equation, "q + alpha * (r + gamma * following - q)", terms, new)
