"""Backward induction: the best that can be done in a given number of steps (Bellman 1957; Puterman 1994, section 4.5).

    V_T(s) = 0,    V_t(s) = max over a of sum over s' of p(s' | s, a) [r(s, a, s') + gamma V_{t+1}(s')]    for t = T - 1, ..., 0

Values and the best action depend on the time left. Nothing has to converge: after T sweeps V_0 is exact at every discount, 1 included
(Puterman 1994, theorem 4.5.1), up to the rounding of each sweep, u, which adds up to u (1 + gamma + ... + gamma^(T-1)), the bound.

Deviations from the book: reward after the last step is 0. While it runs, values and q on show are of the stage reached; at the end they
are of the first stage. Greedy actions are those of the stage that the episode is in. One unit is the backup of one state, one boundary is
a stage.
"""

import math
from dataclasses import replace
from typing import ClassVar

import numpy as np

from core.config import setting
from core.errors import ConfigError
from core.learner import Explanation, LearnerConfig, Snapshot, Task
from core.planning.engine.explanation import explain_backup
from core.planning.engine.planner import Floats, TablePlanner
from core.registry import Algorithm
from core.worlds.environment import Environment

MOST_MEMORY = 1 << 30
"""Bytes that the values of all stages may take."""


class BackwardInductionConfig(LearnerConfig):
    """Settings of backward induction."""

    horizon: int = setting(100, "Horizon", "How many steps there are to plan for.", unit="steps", symbol="T", ge=1, le=1_000_000)


class BackwardInduction(TablePlanner):
    """T sweeps from the last step back to the first.

    Attributes:
        stages: [T + 1, S] float64, the values of each stage; those not reached yet are NaN.

    Raises:
        ConfigError: where the stages would take more than a gibibyte.
    """

    boundary = "stage"
    aim = "the best within the horizon"
    arrays: ClassVar[tuple[str, ...]] = ("stages",)

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, BackwardInductionConfig)
        self.steps = task.config.horizon
        super().__init__(task, 0.0, self.steps)
        if 8 * (self.steps + 1) * self.mdp.states > MOST_MEMORY:
            raise ConfigError("the values of all stages would take more than 1 GiB", where="horizon", remedy="Plan for fewer steps")
        self.stages = np.full((self.steps + 1, self.mdp.states), np.nan)
        self.stages[-1] = 0.0

    @property
    def stage(self) -> int:
        """The earliest stage that is known: T at the beginning, 0 at the end."""
        return self.steps - self.sweeps

    @property
    def error_bound(self) -> float:
        if math.isnan(self.stages[0, 0]):
            return math.inf
        steps = self.steps if self.discount == 1 else (1 - self.discount**self.steps) / (1 - self.discount)
        return self._epsilon * (self._largest_reward + float(np.abs(self.stages).max())) * steps

    @property
    def converged(self) -> bool:
        return self.stage == 0

    def work(self, start: int, stop: int) -> int:
        return self.best_backups(start, stop)

    def end(self) -> bool:
        self.stages[self.stage - 1] = self.values
        return super().end()

    def snapshot(self, member: int = 0) -> Snapshot:
        snapshot = super().snapshot(member)
        return replace(snapshot, metrics={**snapshot.metrics, "stage": float(self.stage)})

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        """[A] Q at the stage that the environment's episode is in; at the earliest stage known before it is reached."""
        assert environment.state is not None
        where, mdp = environment.position(), self.mdp
        elapsed = int(where["length"]) if "length" in where else len(where["actions"])
        after = self.stages[min(self.steps, max(elapsed, self.stage) + 1)]
        pairs = slice(int(mdp.state_offsets[environment.state]), int(mdp.state_offsets[environment.state + 1]))
        first, last = mdp.outcome_offsets[pairs], mdp.outcome_offsets[1:][pairs]
        following = [float(mdp.continuation[a:b] @ after[mdp.next_state[a:b]]) for a, b in zip(first, last, strict=True)]
        values = np.full(mdp.actions, np.nan)
        values[mdp.pair_action[pairs]] = mdp.expected_reward[pairs] + self.discount * np.array(following)
        return values

    def explained(self, state: int, reads: Floats) -> Explanation:
        first, last = int(self.mdp.state_offsets[state]), int(self.mdp.state_offsets[state + 1])
        best = first + int(np.argmax(self.pair_values[first:last]))
        equation = "V_t(s) ← max_a Σ p(s' | s, a) [r + γ V_{t+1}(s')]"
        return explain_backup(self.mdp, self.discount, best, reads, float(self.values[state]), equation)


ALGORITHM = Algorithm(
    name="backward-induction",
    title="Backward induction",
    summary="Plans for a fixed number of steps, from the last one back to the first: what is best depends on the time left.",
    source="Bellman (1957); Puterman (1994), section 4.5",
    config=BackwardInductionConfig,
    build=BackwardInduction,
    needs="finite",
    order=7,
)
