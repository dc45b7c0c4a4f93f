"""What learners of state values share besides their update: the fixed policy, settings, snapshot, explanation.

They learn V of a given policy and never improve it. So a snapshot has no Q: what an action is worth cannot be told from V without
knowing the world. Only `action_values`, which a viewer needs to act at all, looks one step ahead in the world's table.
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.compiled import inlined
from core.config import setting
from core.learner import Behaviour, Snapshot, Task, Term
from core.tabular.engine import steps
from core.tabular.engine.draws import Stream, below
from core.tabular.engine.walker import StepConfig, Walker
from core.worlds.environment import Environment

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class PredictionConfig(StepConfig):
    """Settings that learners of state values share."""

    policy: Literal["uniform", "first"] = setting(
        "uniform", "Policy", "Uniform: every available action is equally likely. First: always the first available action."
    )
    initial_value: float = setting(0.0, "Initial value", "V of every state before anything is known.", ge=-1e6, le=1e6)


@inlined
def follow(uniform: bool, state_offsets: Ints, state: int, exploration: Stream) -> int:
    """A pair of the state by the fixed policy; where there is no choice, nothing is drawn."""
    pair = state_offsets[state]
    count = state_offsets[state + 1] - pair
    if uniform and count > 1:
        pair += below(exploration, count)
    return pair


class PredictionLearner(Walker):
    """K independent tables of state values under one fixed policy; V is 0 where the episode is over."""

    settings: PredictionConfig
    kept: ClassVar[tuple[str, ...]] = ("v", "visits", *Walker.kept)
    recorded: ClassVar[tuple[str, ...]] = ("state", *Walker.recorded[1:])
    equation = "V(s) ← V(s) + α [r + γ V(s') − V(s)]"
    formula = "v + alpha * (r + gamma * following - v)"
    following = "V(s')"

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        assert isinstance(task.config, PredictionConfig)
        self.uniform = task.config.policy == "uniform"
        self.v = np.where(self.mdp.absorbing, 0.0, np.full((self.members, 1), task.config.initial_value))
        self.visits = np.zeros((self.members, self.mdp.states), np.int64)

    def meaning(self, state: str, over: str) -> str:
        return f"value of the state reached, '{state}'{over}"

    def snapshot(self, member: int = 0) -> Snapshot:
        return Snapshot(
            self.counters(member),
            values=self.v[member].copy(),
            visits=self.visits[member].copy(),
            state=int(self.place[member, steps.STATE]),
            metrics=self.metrics(member),
            behaviour=Behaviour(1.0) if self.uniform else None,
        )

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        """[A] one step ahead in the world's table, then V."""
        assert environment.state is not None
        mdp, values = self.mdp, np.full(self.mdp.actions, np.nan)
        for pair in range(mdp.state_offsets[environment.state], mdp.state_offsets[environment.state + 1]):
            outcomes = slice(mdp.outcome_offsets[pair], mdp.outcome_offsets[pair + 1])
            ahead = mdp.continuation[outcomes] @ self.v[member, mdp.next_state[outcomes]]
            values[mdp.pair_action[pair]] = mdp.expected_reward[pair] + self.discount * ahead
        return values

    def updated(self, known: Mapping[str, float]) -> tuple[int, int | None]:
        pair = int(np.searchsorted(self.mdp.outcome_offsets, int(known["outcome"]), "right")) - 1
        return int(known["state"]), int(self.mdp.pair_action[pair])

    def terms(self, known: Mapping[str, float], member: int) -> dict[str, Term]:
        """V(s) moved towards r + gamma times the value of what follows."""
        state = int(known["state"])
        old = Term("V(s)", f"value of the state '{self.mdp.state_names[state]}' before", known["old"], state)
        return {"v": old, "alpha": Term("α", "step size", known["step_size"])} | self.target(known)
