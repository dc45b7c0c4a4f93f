"""Modified policy iteration (Puterman and Shin 1978; Puterman 1994, section 6.5): evaluate a little, improve, repeat.

    d = greedy for V,  V' = T_d V = T V,  then m times  V' <- T_d V'

With m = 0 it is value iteration, with m towards infinity policy iteration. A sweep under the fixed policy looks at one action per state
and costs a fraction of an improving sweep. It converges for every m and every beginning at discounts below 1 (Puterman 1994, theorem
6.5.5; any beginning becomes a lower one by subtracting a constant, which no greedy choice notices). It stops right after an improvement
by the sup-norm bound of value iteration, gamma / (1 - gamma) ||T V - V|| (theorem 6.3.1). At discount 1 nothing is proven.

Where no episode ever ends it goes by the span, which needs fewer iterations (section 6.6.3; `engine.planner`).

Deviations from the book: the tolerance is of the values, not of the policy. One unit is the backup of one state; one boundary is an
iteration, which ends with the improvement (the first has no evaluation before it).
"""

from core.config import setting
from core.learner import Task
from core.planning.engine.planner import BOUND, Bound, SweepConfig
from core.planning.policy_iteration import PolicySweeps
from core.registry import Algorithm


class ModifiedPolicyIterationConfig(SweepConfig):
    """Settings of modified policy iteration."""

    evaluation_sweeps: int = setting(
        5,
        "Evaluation sweeps",
        "Sweeps under the policy between two improvements: 0 is value iteration, very many is policy iteration.",
        unit="sweeps",
        symbol="m",
        ge=0,
        le=100_000,
    )
    bound: Bound = setting("span", *BOUND)


class ModifiedPolicyIteration(PolicySweeps):
    """Improvement, then m sweeps under the policy found."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, ModifiedPolicyIterationConfig)
        super().__init__(task, task.config.tolerance, task.config.max_sweeps, False, task.device)
        self.by_span = task.config.bound == "span"
        self.wanted = task.config.evaluation_sweeps

    @property
    def enough(self) -> bool:
        return self.evaluations >= self.wanted


ALGORITHM = Algorithm(
    name="modified-policy-iteration",
    title="Modified policy iteration",
    summary="Between value and policy iteration: a few cheap sweeps under the present policy between two improvements.",
    source="Puterman and Shin (1978); Puterman (1994), section 6.5",
    config=ModifiedPolicyIterationConfig,
    build=ModifiedPolicyIteration,
    needs="finite",
    order=4,
)
