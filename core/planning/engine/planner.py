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

The span. Where no episode ever ends, the changes of a later sweep are means of the changes of this one. So with l <= V' - V <= h in every
state the sought values lie from V' + gamma l / (1 - gamma) to V' + gamma h / (1 - gamma) (MacQueen 1966; Porteus 1971; Puterman 1994,
section 6.6.1). A planner that goes by the span adds the mean of the two to every value as soon as half their distance, with the rounding
before and after, meets the tolerance. That can take a hundredth of the sweeps: values go on rising by the same sum in all states long after
they have ceased to move against one another.
"""

import math
from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from core.config import setting
from core.history import SWEEPS, Rows
from core.learner import Budget, Counters, Explanation, LearnerConfig, Planner, Progress, Snapshot, State, Task
from core.planning.engine.explanation import explain_backup
from core.planning.engine.kernels import Table
from core.planning.engine.passes import ARRAYS, Change, Passes, make_passes
from core.worlds.environment import Environment
from core.worlds.mdp import FiniteMDP

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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


Bound = Literal["norm", "span"]
BOUND = (
    "Bound",
    "When to stop. Norm: when the largest change of a sweep is small. Span: as soon as all values change alike; what is left is then added "
    "to all of them at once. Where episodes can end it is always the norm.",
)
"""What planners are told that give every state its best lookahead over the sweep before: choices, label and help."""


class TablePlanner(Planner):
    """Iterations over a finite MDP.

    Args:
        task: the world and the discount.
        tolerance: the error bound to stop at.
        most_sweeps: iterations after which to give up.
        device: where the passes may run; "cpu" for planners whose units are more than passes.

    Attributes:
        passes: the arrays `values`, `previous`, `pair_values` and `policy` (see there), and the sweeps over them.
        change: what the pass at hand has changed so far.
        residual: the largest change in the last iteration.
        spread: half the difference between its largest and its smallest change.
        shift: what was added to every value at the end, by the span; 0 before.
    """

    in_place = False
    """Whether a backup reads what those before it in the same pass have written."""
    by_span = False
    """Whether the span decides when to stop."""
    arrays: ClassVar[tuple[str, ...]] = ()
    numbers: ClassVar[tuple[str, ...]] = (
        "cursor", "passed", "sweeps", "backups", "lit", "old", "residual", "spread", "shift", "slack", "policy_changes", "over",
    )  # fmt: skip
    """What `state` keeps beside the arrays of `passes`: arrays and numbers of the planner itself."""

    def __init__(self, task: Task, tolerance: float, most_sweeps: int, device: str = "cpu") -> None:
        self.tolerance, self.most_sweeps, self.discount = tolerance, most_sweeps, task.discount
        self.mdp: FiniteMDP = task.world.compile()
        self.passes: Passes = make_passes(self.mdp, self.discount, device)
        self.device = self.passes.device
        self.cursor = self.passed = self.sweeps = self.backups = 0
        self.lit, self.old = -1, 0.0
        self.change = Change()
        self.residual, self.spread, self.shift, self.slack, self.policy_changes, self.over = math.inf, math.inf, 0.0, 0.0, 0, False
        most_outcomes, epsilon = int(np.diff(self.mdp.outcome_offsets).max()), float(np.finfo(float).eps)
        self.contraction = self.discount * (1 + most_outcomes * epsilon)
        self._epsilon = (most_outcomes + 2) * epsilon
        self._rounded: tuple[tuple[int, float], float] | None = None
        self._largest_reward = float(np.abs(self.mdp.expected_reward).max())

    @property
    def table(self) -> Table:
        return self.passes.table

    @property
    def values(self) -> Floats:
        """[S] the newest."""
        return self.passes.values

    @property
    def previous(self) -> Floats:
        """[S] the values as they were before the pass at hand."""
        return self.passes.previous

    @property
    def pair_values(self) -> Floats:
        """[P] the newest Q of each pair."""
        return self.passes.pair_values

    @property
    def policy(self) -> Ints:
        """[S] the pair chosen in each state; meaningless in absorbing ones."""
        return self.passes.policy

    @property
    def length(self) -> int:
        """Units in the pass at hand."""
        return self.mdp.states

    @abstractmethod
    def work(self, start: int, stop: int) -> int:
        """Do units start:stop of the pass at hand; return how many there were left to do, fewer only where the pass ends early."""

    def begin(self, whole: bool) -> None:
        """Before the first unit of a pass, all of whose units follow at once if it is `whole`."""
        self.passes.begin(whole and not self.in_place)
        self.change = Change()

    def end(self) -> bool:
        """After the last unit of a pass; whether that ends an iteration."""
        self.residual, self.policy_changes = self.change.largest, self.change.switched
        self.spread = (self.change.high - self.change.low) / 2
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
        """How far floating point can put a backup from the exact one, with the values as they were after the last work."""
        now = self.backups, self.shift
        if self._rounded is None or self._rounded[0] != now:
            self._rounded = now, self.rounding_now()
        return self._rounded[1]

    def rounding_now(self) -> float:
        """The same within `work`, which has changed values already."""
        return self._epsilon * (self._largest_reward + self.passes.largest())

    @property
    def error_bound(self) -> float:
        if not (math.isfinite(self.horizon) and math.isfinite(self.residual)):
            return math.inf
        return self.horizon * (self.contraction * (self.spread if self.shift else self.residual) + self.rounding + self.slack)

    @property
    def converged(self) -> bool:
        small = self.error_bound if math.isfinite(self.horizon) else self.residual
        return small <= self.tolerance or self.residual <= self.rounding

    def advance(self, budget: Budget) -> Progress:
        done = 0
        rows: list[tuple[int, int, int, float, float, int]] = []
        while done < budget.units and len(rows) < budget.boundaries and not self.over:
            left = budget.units - done
            if self.cursor == 0:
                self.begin(left >= self.length)
            took = self.work(self.cursor, min(self.length, self.cursor + left))
            done, self.backups, self.cursor = done + took, self.backups + took, self.cursor + took
            if self.cursor == self.length or self.settled:
                self.cursor, self.passed = 0, self.passed + 1
                if self.end():
                    self._shift_by_span()
                    rows.append((self.sweeps, 0, self.backups, self.residual, self.error_bound, self.policy_changes))
                    self.sweeps += 1
                    self.over = self.converged or self.sweeps >= self.most_sweeps
        return Progress(done, len(rows), _rows(rows), self.over)

    def _shift_by_span(self) -> None:
        """Add what all values still have to rise by, once it is known well enough."""
        if not self.by_span or self.converged or not math.isfinite(self.horizon) or self.mdp.terminated.any():
            return
        shift = self.discount / (1 - self.discount) * (self.change.low + self.change.high) / 2
        rounding = self._epsilon * abs(shift) + 2 * self.rounding
        if self.horizon * (self.contraction * self.spread + rounding) <= self.tolerance or self.spread <= self.rounding:
            self.slack, self.shift = self.rounding, shift
            self.passes.raise_all(shift)

    def snapshot(self, member: int = 0) -> Snapshot:
        self.passes.fetch()
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
        return np.full(self.mdp.states, self.passed, np.int64) + (np.arange(self.mdp.states) < self.cursor)

    def state(self) -> State:
        self.passes.fetch()
        state: State = {name: getattr(self, name).copy() for name in (*ARRAYS, *self.arrays)}
        numbers = np.array([getattr(self, name) for name in self.numbers], np.float64)
        return state | {"numbers": numbers, "change": np.array(self.change, np.float64)}

    def restore(self, state: State) -> None:
        for name in ARRAYS:
            self.passes.write(name, state[name])
        for name in self.arrays:
            getattr(self, name)[:] = state[name]
        for name, value in zip(self.numbers, state["numbers"].tolist(), strict=True):
            setattr(self, name, type(getattr(self, name))(value))
        self._rounded = None
        low, high, switched = state["change"].tolist()
        self.change = Change(low, high, int(switched))

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        assert environment.state is not None
        self.passes.fetch()
        return self.mdp.q_table(self.pair_values)[environment.state]

    def best_backups(self, start: int, stop: int, margin: float = 0.0) -> int:
        """Give states start:stop the best lookahead: the unit of value iteration and of policy improvement."""
        self.lit = stop - 1
        if self.in_place:
            self.old = float(self.values[self.lit])
        self.change = self.change.also(self.passes.best(start, stop, margin, self.in_place))
        return stop - start

    def explain(self, member: int = 0) -> Explanation | None:
        state = self._explicable()
        if state < 0:
            return None
        self.passes.fetch()
        reads = (self.values if self.in_place else self.previous).copy()
        reads[state] = self.old if self.in_place else reads[state]
        return self.explained(state, reads)

    def _explicable(self) -> int:
        """The state backed up last that has actions, -1 where there is none yet; in place, nothing is known of those before the last."""
        if self.lit < 0 or not self.mdp.absorbing[self.lit]:
            return self.lit
        acting = np.flatnonzero(~self.mdp.absorbing[: self.lit])
        return int(acting[-1]) if len(acting) and not self.in_place else -1

    def explained(self, state: int, reads: Floats) -> Explanation:
        """The last backup of `state`, which looked `reads` [S] up."""
        first, last = int(self.mdp.state_offsets[state]), int(self.mdp.state_offsets[state + 1])
        best = first + int(np.argmax(self.pair_values[first:last]))
        return explain_backup(self.mdp, self.discount, best, reads, float(self.values[state] - self.shift))


def _rows(rows: list[tuple[int, int, int, float, float, int]]) -> tuple[Rows, ...]:
    if not rows:
        return ()
    names = ("sweep", "member", "backups", "residual", "error_bound", "policy_changes")
    return (Rows(SWEEPS, dict(zip(names, (np.array(column) for column in zip(*rows, strict=True)), strict=True))),)
