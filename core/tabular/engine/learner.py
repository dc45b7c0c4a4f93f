"""What learners of action values share besides their update: settings, behaviour policy, snapshot, explanation."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.compiled import Compiled
from core.config import setting
from core.demonstration import Demonstration, Passage
from core.learner import UNBOUNDED, Behaviour, LearnerConfig, Snapshot, Task, Term
from core.schedules import Clock, Kind, Probability, Schedule, Temperature, values_at
from core.tabular.engine import steps
from core.tabular.engine.draws import EXPLORATION, WORLD
from core.tabular.engine.policy import STRATEGIES, Policy, Strategy, choose_curiously
from core.tabular.engine.shown import GIVEN, check, given_outcome, given_pair, outcome_of
from core.tabular.engine.steps import Ledger
from core.tabular.engine.walker import StepConfig, Walker
from core.worlds.environment import Environment
from core.worlds.mdp import state_values

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
P = ParamSpec("P")
R = TypeVar("R")


class BehaviourConfig(LearnerConfig):
    """Settings of how a learner of action values acts while it learns."""

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
        when={"strategy": ("softmax",)},
    )
    curiosity: float = setting(
        1.0,
        "Curiosity",
        "ucb and bonus only: weight of what was seldom tried against what is known to be good.",
        symbol="c",
        when={"strategy": ("ucb", "bonus")},
        ge=0,
        le=1e6,
    )
    initial_value: float = setting(
        0.0,
        "Initial value",
        "Q of every action before anything is known; above the best return it makes the agent curious.",
        ge=-1e6,
        le=1e6,
    )


class TabularConfig(BehaviourConfig, StepConfig):
    """Settings that learners of action values share."""


class TabularLearner(Walker):
    """K independent tables of action values learning on one finite MDP.

    A subclass gives `learn`, the call of its kernel, the arrays it keeps beyond those here, and the words of its update.
    """

    settings: BehaviourConfig
    kept: ClassVar[tuple[str, ...]] = ("q", "visits", *Walker.kept)
    kernels: ClassVar[dict[Any, Any]] = {}
    """Kernels with another behaviour policy than they were written with."""
    formula = "q + alpha * (r + gamma * following - q)"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        assert isinstance(task.config, BehaviourConfig)
        config = task.config
        self.policy = Policy(STRATEGIES.index(config.strategy), config.curiosity, config.epsilon.encode(), config.temperature.encode())
        self.q = np.full((self.members, self.mdp.pairs), config.initial_value)
        self.visits = np.zeros((self.members, self.mdp.pairs), np.int64)
        self._shown = False

    def kernel(self, learn: Compiled[P, R]) -> Compiled[P, R]:
        """The kernel with the behaviour policy that is set."""
        if self.settings.strategy is Strategy.greedy and not self._shown:
            return learn
        if (learn, self._shown) not in self.kernels:
            instead = {"choose": given_pair, "sample_outcome": given_outcome} if self._shown else {"choose": choose_curiously}
            self.kernels[learn, self._shown] = learn.using(**instead)
        return self.kernels[learn, self._shown]

    def check(self, shown: Demonstration) -> None:
        check(self.mdp, shown)

    def take_in(self, shown: Sequence[Passage], first: bool = True) -> None:
        outcomes = [outcome_of(self.mdp, passage) for passage in shown]
        self._shown = True
        try:
            for member, draws in enumerate(self.draws):
                for state, pair, outcome in outcomes:
                    place = self.place[member].copy()
                    place[steps.STATE], place[steps.LENGTH] = state, 0
                    world, exploration = np.append(draws[WORLD], np.uint64(outcome)), np.append(draws[EXPLORATION], np.uint64(pair))
                    ledger = Ledger.over(place, np.zeros_like(self.totals[member]), self.last[member], 1)
                    self.learn(member, ledger, world, exploration, 1, UNBOUNDED)
                    draws[EXPLORATION] = exploration[:GIVEN]
        finally:
            self._shown = False

    def meaning(self, state: str, over: str) -> str:
        return f"value of the best action in '{state}'{over}"

    def values(self, member: int) -> Floats:
        """[P] the member's action values, as views show them."""
        return self.q[member]

    def exploring(self, step: Ints, episode: Ints) -> Floats:
        return values_at(self.policy.epsilon, step if self.settings.epsilon.per is not Clock.episode else episode)

    def snapshot(self, member: int = 0) -> Snapshot:
        mdp, place = self.mdp, self.place[member]
        q = mdp.q_table(self.values(member))
        epsilon = self.settings.epsilon
        now = epsilon.value(place[steps.STEPS] if epsilon.per is Clock.step else place[steps.EPISODES])
        return Snapshot(
            self.counters(member),
            values=state_values(q),
            q=q,
            visits=np.bincount(mdp.pair_state, self.visits[member], mdp.states).astype(np.int64),
            state=int(place[steps.STATE]),
            action_values=q[place[steps.STATE]],
            metrics={"epsilon": now} | self.metrics(member),
            tries=self.visits[member].copy(),
            behaviour=self.behaviour(member, now),
        )

    def behaviour(self, member: int, epsilon: float) -> Behaviour:
        """How the member draws its next action."""
        strategy, schedule, place = self.settings.strategy, self.settings.temperature, self.place[member]
        if strategy is Strategy.greedy:
            return Behaviour(epsilon)
        if strategy is Strategy.softmax:
            return Behaviour(epsilon, schedule.value(place[steps.STEPS] if schedule.per is Clock.step else place[steps.EPISODES]))
        tries, values = self.visits[member], self.q[member]
        if strategy is Strategy.bonus:
            return Behaviour(epsilon, scores=self.mdp.q_table(values + self.settings.curiosity / (1.0 + tries)))
        total = np.bincount(self.mdp.pair_state, tries, self.mdp.states)[self.mdp.pair_state]
        seldom = np.sqrt(np.log(np.maximum(total, 1.0)) / np.maximum(tries, 1))
        return Behaviour(epsilon, scores=self.mdp.q_table(np.where(tries, values + self.settings.curiosity * seldom, np.inf)))

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        assert environment.state is not None
        return self.mdp.q_table(self.values(member))[environment.state]

    def terms(self, known: Mapping[str, float], member: int) -> dict[str, Term]:
        """Q(s, a) moved towards r + gamma times the value of what follows."""
        pair = int(known["pair"])
        state, action = int(self.mdp.pair_state[pair]), self.mdp.action_names[self.mdp.pair_action[pair]]
        old = Term("Q(s, a)", f"value of '{action}' in '{self.mdp.state_names[state]}' before", known["old"], state)
        return {"q": old} | self.rate(known) | self.target(known)

    def rate(self, known: Mapping[str, float]) -> dict[str, Term]:
        """The terms of how far the value moved."""
        return {"alpha": Term("α", "step size", known["step_size"])}
