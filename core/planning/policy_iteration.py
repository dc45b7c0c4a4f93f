"""Policy iteration (Howard 1960; Sutton and Barto 2018, section 4.3; Puterman 1994, section 6.4).

A policy is evaluated, then improved: each state takes the action that is best by one lookahead over V_pi. Every change makes the policy
better, there are finitely many policies, and one that does not change is optimal. Improving writes the lookahead, V' = T V_pi, so that

    ||V' - V*|| <= gamma / (1 - gamma) ||V' - V_pi||

holds as for value iteration (Puterman 1994, theorem 6.3.1). Direct evaluation is one sparse solve; an action is then changed only where
it gains more than the solve's remaining error can feign, 2 gamma max tau times what is left (`engine.direct`), so that each change is a
true improvement and no tie makes it go round in circles. Iterative evaluation is sweeps under the policy to half the tolerance.

At discount 1 it starts from a policy that ends every episode and evaluates directly; true improvements keep ending them unless rewards
can be collected for ever, which is said. The last policy is then the best of those that end every episode (Bertsekas and Tsitsiklis 1991);
how far its rounded values are from the exact ones is not proven, and the bound is inf.

Deviations from the book: the margin against ties. One unit is the backup of one state or a whole direct solve; one boundary is an
iteration, which ends with the improvement.
"""

import math
from typing import ClassVar, Literal

import numpy as np

from core.config import setting
from core.errors import WorldError
from core.learner import Explanation, Task
from core.planning.engine.direct import ending_policy, endless, one_hot, solve_policy
from core.planning.engine.explanation import CHOSEN, explain_backup
from core.planning.engine.planner import Floats, SweepConfig, TablePlanner
from core.registry import Algorithm

MOST_DIRECT = 10_000
"""States up to which "auto" solves directly. A grid ten times as large still takes under a second, but where anything may follow
anything the factors fill up: seconds and a gigabyte at about this size."""


class PolicyIterationConfig(SweepConfig):
    """Settings of policy iteration."""

    evaluation: Literal["auto", "direct", "iterative"] = setting(
        "auto",
        "Evaluation",
        "Direct: one solve of the linear equations. Iterative: sweeps. Auto: direct up to 10,000 states. At discount 1 always direct.",
    )


class PolicySweeps(TablePlanner):
    """Evaluation and improvement by turns; what policy iteration and its modified form share."""

    boundary = "iteration"

    numbers: ClassVar[tuple[str, ...]] = (*TablePlanner.numbers, "evaluating", "evaluations", "margin", "followed")

    def __init__(self, task: Task, tolerance: float, most_sweeps: int, evaluating: bool, device: str) -> None:
        super().__init__(task, tolerance, most_sweeps, device)
        self.evaluating, self.evaluations, self.margin, self.followed = evaluating, 0, 0.0, False

    @property
    def enough(self) -> bool:
        """Whether the policy has been evaluated well enough, after `evaluations` passes."""
        raise NotImplementedError

    @property
    def error_bound(self) -> float:
        """Known when an iteration has ended, inf within it."""
        return super().error_bound if self.cursor == 0 and self.evaluations == 0 else math.inf

    def work(self, start: int, stop: int) -> int:
        self.followed = self.evaluating
        if not self.evaluating:
            return self.best_backups(start, stop, self.margin)
        self.lit = stop - 1
        self.change = self.change.also(self.passes.follow(start, stop))
        return stop - start

    def end(self) -> bool:
        if self.evaluating:
            self.evaluations += 1
            self.evaluating = not self.enough
            return False
        self.evaluations = 0
        self.evaluating = not self.enough
        return super().end()

    def explained(self, state: int, reads: Floats) -> Explanation:
        if not self.followed:
            return super().explained(state, reads)
        pair, result = int(self.policy[state]), float(self.values[state])
        return explain_backup(self.mdp, self.discount, pair, reads, result, CHOSEN, "the policy's action")


class PolicyIteration(PolicySweeps):
    """Howard's policy iteration.

    Raises:
        WorldError: at discount 1, where no policy ends every episode or rewards can be collected for ever.
    """

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, PolicyIterationConfig)
        how, few = task.config.evaluation, task.world.compile().states <= MOST_DIRECT
        self.direct = how == "direct" or (how == "auto" and few) or task.discount == 1
        super().__init__(task, task.config.tolerance, task.config.max_sweeps, True, "cpu" if self.direct else task.device)
        if self.discount == 1:
            self.passes.write("policy", ending_policy(self.mdp))

    @property
    def length(self) -> int:
        return 1 if self.evaluating and self.direct else self.mdp.states

    @property
    def enough(self) -> bool:
        if self.direct or not self.evaluations:
            return self.evaluations > 0
        left = self.horizon * self.discount * self.change.largest
        return left <= self.tolerance / 2 or self.change.largest <= self.rounding or self.evaluations >= self.most_sweeps

    @property
    def converged(self) -> bool:
        stable = self.direct and self.sweeps > 0 and self.policy_changes == 0
        return stable or super().converged

    def work(self, start: int, stop: int) -> int:
        if not (self.evaluating and self.direct):
            return super().work(start, stop)
        weights = one_hot(self.mdp, self.policy)
        state = endless(self.mdp, weights) if self.discount == 1 else None
        if state is not None:
            raise WorldError(f"At discount 1, rewards can be collected for ever from state '{state}'", remedy="Lower the discount")
        self.previous[:], steps = solve_policy(self.mdp, weights, self.discount)
        self.change = self.passes.follow(0, self.mdp.states)
        self.margin = 2 * self.discount * steps * (self.change.largest + self.rounding_now())
        self.lit, self.followed = int(np.argmax(self.mdp.start)), True
        return 1


ALGORITHM = Algorithm(
    name="policy-iteration",
    title="Policy iteration",
    summary="Computes what its policy is worth, improves it wherever one step ahead looks better, and repeats until nothing changes.",
    source="Howard (1960); Sutton and Barto (2018), section 4.3",
    config=PolicyIterationConfig,
    build=PolicyIteration,
    needs="finite",
    order=3,
)
