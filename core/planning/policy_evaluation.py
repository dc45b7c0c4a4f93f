"""Policy evaluation: what a given policy is worth (Sutton and Barto 2018, section 4.1; Puterman 1994, section 6.1).

    V_pi(s) = sum over a of pi(a | s) sum over s' of p(s' | s, a) [r(s, a, s') + gamma V_pi(s')]

Iterative: each sweep replaces every value by the right-hand side, a contraction by gamma with the one fixed point V_pi, hence the bound
of value iteration (Puterman 1994, theorem 6.3.1), here of the distance to V_pi, not to V*. Direct: the equations are linear,
(I - gamma P_pi) V = r_pi, and one sparse solve answers them; a backup after it measures what is left, and max tau (`engine.direct`), the
largest number of discounted steps, turns that into a bound. At discount 1 the policy must end every episode, or it is refused; the direct
bound then holds as well (tau is computed in floating point), the iterative sweeps prove nothing and stop by their residual.

Deviations from the book: policies that go on for ever without reward have a value at discount 1, too, but are refused. The direct
method's unit is the whole solve, and its one boundary.
"""

import math
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from core.config import setting
from core.errors import WorldError
from core.learner import Behaviour, Explanation, Snapshot, Task
from core.planning.engine.direct import endless, one_hot, solve_policy
from core.planning.engine.explanation import explain_mean
from core.planning.engine.planner import Floats, SweepConfig, TablePlanner
from core.registry import Algorithm


class PolicyEvaluationConfig(SweepConfig):
    """Settings of policy evaluation."""

    policy: Literal["uniform", "first"] = setting(
        "uniform", "Policy", "Uniform: every available action is equally likely. First: always the first available action."
    )
    method: Literal["iterative", "direct"] = setting(
        "iterative", "Method", "Iterative: sweeps that come closer and closer. Direct: one solve of the linear equations."
    )
    tolerance: float = setting(
        1e-10,
        "Tolerance",
        "Stop when every value is proven to be this close to the policy's own (at discount 1: when a sweep changes none by more).",
        gt=0,
        le=1e3,
    )


class PolicyEvaluation(TablePlanner):
    """Sweeps under a fixed policy. Iterative: one unit is the backup of one state, one boundary a sweep. Direct: both are the solve.

    Raises:
        WorldError: at discount 1, where the policy may never end an episode.
    """

    aim = "the policy's own"
    numbers: ClassVar[tuple[str, ...]] = (*TablePlanner.numbers, "steps")

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, PolicyEvaluationConfig)
        self.direct = task.config.method == "direct"
        if self.direct:
            self.unit = self.boundary = "solve"
        self.steps = math.inf
        super().__init__(task, task.config.tolerance, 1 if self.direct else task.config.max_sweeps, "cpu" if self.direct else task.device)
        sizes = np.diff(self.mdp.state_offsets)
        self.uniform = task.config.policy == "uniform"
        self.weights: Floats = np.repeat(1 / np.maximum(sizes, 1), sizes) if self.uniform else one_hot(self.mdp, self.policy)
        state = endless(self.mdp, self.weights) if self.discount == 1 else None
        if state is not None:
            raise WorldError(f"At discount 1, this policy never ends an episode from state '{state}'", remedy="Lower the discount")

    @property
    def length(self) -> int:
        return 1 if self.direct else self.mdp.states

    @property
    def horizon(self) -> float:
        return self.steps if self.direct else super().horizon

    def work(self, start: int, stop: int) -> int:
        first, last, self.lit = start, stop, stop - 1
        if self.direct:
            self.previous[:], self.steps = solve_policy(self.mdp, self.weights, self.discount)
            first, last, self.lit = 0, self.mdp.states, int(np.argmax(self.mdp.start))
        self.change = self.change.also(self.passes.average(self.weights, first, last))
        return stop - start

    def snapshot(self, member: int = 0) -> Snapshot:
        return replace(super().snapshot(member), behaviour=Behaviour(1.0) if self.uniform else None)

    def explained(self, state: int, reads: Floats) -> Explanation:
        return explain_mean(self.mdp, self.discount, state, self.weights, reads, float(self.values[state]))


ALGORITHM = Algorithm(
    name="policy-evaluation",
    title="Policy evaluation",
    summary="Computes what a given policy is worth in every state, without improving it.",
    source="Sutton and Barto (2018), section 4.1",
    config=PolicyEvaluationConfig,
    build=PolicyEvaluation,
    needs="finite",
    order=2,
)
