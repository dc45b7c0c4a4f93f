"""The base of planners: passes over a table, cut into units, with a proven bound, a picture and a state to restore.

A planner says how many units make a pass (`length`), what some of them do (`work`) and whether a pass ends an iteration (`end`).
Unless it says otherwise, a unit is the backup of one state, in the order of the table, and a pass is an iteration, called a sweep.

The bound. Let B be the operator of a planner (T for the best lookahead, T_pi for a policy's), a contraction by the discount gamma in the
sup norm with the sought values V as its fixed point, and V' = BV the newest sweep with residual ||V' - V||. Then (Puterman 1994,
theorem 6.3.1)

    ||V' - V|| <= [gamma ||V' - V|| + u] / (1 - gamma)      (V on the left the sought one)

where u bounds the rounding of one backup: with k outcomes of a pair at most, |fl(BV) - BV| <= (k + 2) eps (max |r| + max |V|)
(Higham 2002, section 3.1). As rounded probabilities may add up to 1 + k eps, gamma is taken that much larger. At discount 1 B need not
contract: nothing is proven, the bound is inf, and a planner stops when the residual falls below the tolerance. Nor do methods then need to
agree: a world that allows to earn nothing for ever has many fixed points.
"""

import math
from abc import abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.config import setting
from core.history import SWEEPS, Rows
from core.learner import Budget, Counters, Explanation, LearnerConfig, Planner, Progress, Snapshot, State, Task
from core.planning.engine.explanation import explain_backup
from core.planning.engine.kernels import back_up
from core.worlds.environment import Environment
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Table = tuple[Ints, Ints, Ints, Floats, Floats, float]
"""state_offsets, outcome_offsets, next_state, continuation, expected_reward, discount: what every kernel takes first."""


class PlannerConfig(LearnerConfig):
    """What planners that stop at an error bound can be told."""

    tolerance: float = setting(
        1e-10,
        "Tolerance",
        "Stop when every value is proven to be this close to the optimal one (at discount 1: when a sweep changes none by more).",
        gt=0,
        le=1e3,
    )


class SweepConfig(PlannerConfig):
    """What planners can be told whose sweeps may go on for ever."""

    max_sweeps: int = setting(100_000, "Most sweeps", "Give up after this many passes over all states.", unit="sweeps", ge=1)


class TablePlanner(Planner):
    """Iterations over a finite MDP.

    Attributes:
        values: [S] float64, the newest.
        previous: [S] float64, the values as they were before the pass at hand.
        pair_values: [P] float64, the newest Q of each pair.
        policy: [S] int64, the pair chosen in each state; meaningless in absorbing ones.
        residual: the largest change in the last iteration.
    """

    in_place = False
    """Whether a backup reads what those before it in the same pass have written."""
    arrays: ClassVar[tuple[str, ...]] = ("values", "previous", "pair_values", "policy")
    numbers: ClassVar[tuple[str, ...]] = (
        "cursor", "passes", "sweeps", "backups", "lit", "old", "change", "switched", "residual", "policy_changes", "over",
    )  # fmt: skip
    """What `state` keeps, together with `arrays`."""

    def __init__(self, task: Task, tolerance: float, most_sweeps: int) -> None:
        self.tolerance, self.most_sweeps, self.discount = tolerance, most_sweeps, task.discount
        self.mdp: FiniteMDP = task.world.compile()
        mdp = self.mdp
        self.table: Table = (
            mdp.state_offsets, mdp.outcome_offsets, mdp.next_state, mdp.continuation, mdp.expected_reward, float(self.discount),
        )  # fmt: skip
        self.values, self.previous, self.pair_values = np.zeros(mdp.states), np.zeros(mdp.states), np.zeros(mdp.pairs)
        self.policy = mdp.state_offsets[:-1].copy()
        self.cursor = self.passes = self.sweeps = self.backups = 0
        self.lit, self.old = -1, 0.0
        self.change, self.switched = 0.0, 0
        self.residual, self.policy_changes, self.over = math.inf, 0, False
        most_outcomes, epsilon = int(np.diff(mdp.outcome_offsets).max()), float(np.finfo(float).eps)
        self.contraction = self.discount * (1 + most_outcomes * epsilon)
        self._epsilon = (most_outcomes + 2) * epsilon
        self._largest_reward = float(np.abs(mdp.expected_reward).max())

    @property
    def length(self) -> int:
        """Units in the pass at hand."""
        return self.mdp.states

    @abstractmethod
    def work(self, start: int, stop: int) -> int:
        """Do units start:stop of the pass at hand; return how many there were left to do, fewer only where the pass ends early."""

    def begin(self) -> None:
        """Before the first unit of a pass."""
        self.previous[:] = self.values
        self.change, self.switched = 0.0, 0

    def end(self) -> bool:
        """After the last unit of a pass; whether that ends an iteration."""
        self.residual, self.policy_changes = self.change, self.switched
        return True

    @property
    def settled(self) -> bool:
        """Whether the pass at hand can end before its length."""
        return False

    @property
    def horizon(self) -> float:
        """How much a backup's error can add up to: 1 / (1 - discount), or inf."""
        return 1 / (1 - self.contraction) if self.contraction < 1 else math.inf

    @property
    def rounding(self) -> float:
        """How far floating point can put a backup from the exact one."""
        return self._epsilon * (self._largest_reward + float(np.abs(self.values).max()))

    @property
    def error_bound(self) -> float:
        known = math.isfinite(self.horizon) and math.isfinite(self.residual)
        return self.horizon * (self.contraction * self.residual + self.rounding) if known else math.inf

    @property
    def converged(self) -> bool:
        small = self.error_bound if math.isfinite(self.horizon) else self.residual
        return small <= self.tolerance or self.residual <= self.rounding

    def advance(self, budget: Budget) -> Progress:
        done = 0
        rows: list[tuple[int, int, int, float, float, int]] = []
        while done < budget.units and len(rows) < budget.boundaries and not self.over:
            if self.cursor == 0:
                self.begin()
            took = self.work(self.cursor, min(self.length, self.cursor + budget.units - done))
            done, self.backups, self.cursor = done + took, self.backups + took, self.cursor + took
            if self.cursor == self.length or self.settled:
                self.cursor, self.passes = 0, self.passes + 1
                if self.end():
                    rows.append((self.sweeps, 0, self.backups, self.residual, self.error_bound, self.policy_changes))
                    self.sweeps += 1
                    self.over = self.converged or self.sweeps >= self.most_sweeps
        return Progress(done, len(rows), _rows(rows), self.over)

    def snapshot(self, member: int = 0) -> Snapshot:
        metrics = {"residual": self.residual, "error bound": self.error_bound, "policy changes": float(self.policy_changes)}
        return Snapshot(
            Counters(units=self.backups, sweeps=self.sweeps),
            values=self.values.copy(),
            q=self.mdp.q_table(self.pair_values),
            visits=self.counts(),
            state=self.lit if self.lit >= 0 else None,
            metrics=metrics,
        )

    def counts(self) -> Ints:
        """[S] how often each state was updated."""
        return np.full(self.mdp.states, self.passes, np.int64) + (np.arange(self.mdp.states) < self.cursor)

    def state(self) -> State:
        arrays: State = {name: getattr(self, name).copy() for name in self.arrays}
        return arrays | {"numbers": np.array([getattr(self, name) for name in self.numbers], np.float64)}

    def restore(self, state: State) -> None:
        for name in self.arrays:
            getattr(self, name)[:] = state[name]
        for name, value in zip(self.numbers, state["numbers"].tolist(), strict=True):
            setattr(self, name, type(getattr(self, name))(value))

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        assert environment.state is not None
        return self.mdp.q_table(self.pair_values)[environment.state]

    def best_backups(self, start: int, stop: int, margin: float = 0.0) -> int:
        """Give states start:stop the best lookahead: the unit of value iteration and of policy improvement."""
        self.lit, self.old = stop - 1, float(self.values[stop - 1])
        reads = self.values if self.in_place else self.previous
        change, switched = back_up(*self.table, reads, self.values, self.pair_values, self.policy, margin, start, stop)
        self.change, self.switched = max(self.change, change), self.switched + switched
        return stop - start

    def explain(self, member: int = 0) -> Explanation | None:
        if self.lit < 0 or self.mdp.absorbing[self.lit]:
            return None
        reads = (self.values if self.in_place else self.previous).copy()
        reads[self.lit] = self.old if self.in_place else reads[self.lit]
        return self.explained(self.lit, reads)

    def explained(self, state: int, reads: Floats) -> Explanation:
        """The last backup of `state`, which looked `reads` [S] up."""
        first, last = int(self.mdp.state_offsets[state]), int(self.mdp.state_offsets[state + 1])
        best = first + int(np.argmax(self.pair_values[first:last]))
        return explain_backup(self.mdp, self.discount, best, reads, float(self.values[state]))


def _rows(rows: list[tuple[int, int, int, float, float, int]]) -> tuple[Rows, ...]:
    if not rows:
        return ()
    names = ("sweep", "member", "backups", "residual", "error_bound", "policy_changes")
    return (Rows(SWEEPS, dict(zip(names, (np.array(column) for column in zip(*rows, strict=True)), strict=True))),)
