"""Value iteration (Bellman 1957; Sutton and Barto 2018, section 4.4; Puterman 1994, section 6.3).

Each sweep replaces every state's value by the best one-step lookahead:

    V'(s) = max over a of sum over s' of p(s' | s, a) [r(s, a, s') + gamma V(s')]

A sweep contracts the distance to V* by gamma, hence after a sweep with residual ||V' - V||

    ||V' - V*|| <= gamma / (1 - gamma) ||V' - V||

which is the bound that ends it. At discount 1 there is no such bound and the residual itself must fall below it.

Deviations from the book: none. Sweeps are synchronous: V' is written beside V, so the order of states does not matter.
"""

import math

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.config import setting
from core.history import SWEEPS, Rows
from core.learner import Budget, Counters, Explanation, LearnerConfig, Planner, Progress, Snapshot, State, Task, Term
from core.registry import Algorithm
from core.worlds.environment import Environment

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ValueIterationConfig(LearnerConfig):
    """Settings of value iteration."""

    tolerance: float = setting(
        1e-10,
        "Tolerance",
        "Stop when every value is proven to be this close to the optimal one (at discount 1: when a sweep changes none by more).",
        gt=0,
        le=1e3,
    )
    max_sweeps: int = setting(100_000, "Most sweeps", "Give up after this many passes over all states.", unit="sweeps", ge=1)


class ValueIteration(Planner):
    """Sweeps over a finite MDP; one unit is the backup of one state, one boundary is a sweep.

    Every member plans on the same table, so one computation stands for all of them.
    """

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, ValueIterationConfig)
        self.config = task.config
        self.discount = task.discount
        self.mdp = task.world.compile()
        self.values = np.zeros(self.mdp.states)
        self.previous = np.zeros(self.mdp.states)
        self.pair_values = np.zeros(self.mdp.pairs)
        self.cursor = 0
        self.sweeps = 0
        self.backups = 0
        self.sweep_residual = 0.0
        self.residual = math.inf

    @property
    def error_bound(self) -> float:
        """How far any value can be from the optimal one after the last whole sweep."""
        factor = self.discount / (1 - self.discount) if self.discount < 1 else 1.0
        return factor * self.residual if math.isfinite(self.residual) else math.inf

    @property
    def converged(self) -> bool:
        """Whether the error bound has come below the tolerance, or as close as floating point allows."""
        rounding = 4 * np.finfo(float).eps * float(np.abs(self.values).max())
        return bool(self.residual <= rounding) or self.error_bound <= self.config.tolerance

    @property
    def finished(self) -> bool:
        return self.cursor == 0 and (self.converged or self.sweeps >= self.config.max_sweeps)

    def advance(self, budget: Budget) -> Progress:
        mdp, done = self.mdp, 0
        swept: list[tuple[int, int, int, float]] = []
        while done < budget.units and len(swept) < budget.boundaries and not self.finished:
            if self.cursor == 0:
                self.previous[:] = self.values
                self.sweep_residual = 0.0
            stop = min(mdp.states, self.cursor + budget.units - done)
            change = back_up(
                mdp.state_offsets, mdp.outcome_offsets, mdp.next_state, mdp.continuation, mdp.expected_reward,
                self.discount, self.previous, self.values, self.pair_values, self.cursor, stop,
            )  # fmt: skip
            self.sweep_residual = max(self.sweep_residual, change)
            done += stop - self.cursor
            self.backups += stop - self.cursor
            self.cursor = stop % mdp.states
            if self.cursor == 0:
                self.residual = self.sweep_residual
                swept.append((self.sweeps, 0, self.backups, self.residual))
                self.sweeps += 1
        return Progress(done, len(swept), _rows(swept), self.finished)

    def snapshot(self, member: int = 0) -> Snapshot:
        q = self.mdp.q_table(self.pair_values)
        return Snapshot(
            Counters(units=self.backups, sweeps=self.sweeps),
            values=self.values.copy(),
            q=q,
            visits=np.full(self.mdp.states, self.sweeps, np.int64) + (np.arange(self.mdp.states) < self.cursor),
            state=(self.cursor - 1) % self.mdp.states if self.backups else None,
            metrics={"residual": self.residual, "error bound": self.error_bound},
        )

    def state(self) -> State:
        return {
            "values": self.values.copy(), "previous": self.previous.copy(), "pair_values": self.pair_values.copy(),
            "cursor": self.cursor, "sweeps": self.sweeps, "backups": self.backups,
            "sweep_residual": self.sweep_residual, "residual": None if math.isinf(self.residual) else self.residual,
        }  # fmt: skip

    def restore(self, state: State) -> None:
        for name in ("values", "previous", "pair_values"):
            getattr(self, name)[:] = state[name]
        for name in ("cursor", "sweeps", "backups", "sweep_residual"):
            setattr(self, name, state[name])
        self.residual = math.inf if state["residual"] is None else state["residual"]

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        assert environment.state is not None
        return self.mdp.q_table(self.pair_values)[environment.state]

    def explain(self, member: int = 0) -> Explanation | None:
        state = (self.cursor - 1) % self.mdp.states
        first, last = int(self.mdp.state_offsets[state]), int(self.mdp.state_offsets[state + 1])
        if not self.backups or first == last:
            return None
        best = first + int(np.argmax(self.pair_values[first:last]))
        outcomes = slice(int(self.mdp.outcome_offsets[best]), int(self.mdp.outcome_offsets[best + 1]))
        following = float(self.mdp.continuation[outcomes] @ self.previous[self.mdp.next_state[outcomes]])
        action, name = self.mdp.action_names[self.mdp.pair_action[best]], self.mdp.state_names[state]
        first_next = int(self.mdp.next_state[outcomes][0])
        terms = {
            "r": Term("r̄(s, a)", f"mean reward of '{action}', the best action in '{name}'", float(self.mdp.expected_reward[best]), state),
            "gamma": Term("γ", "discount", self.discount),
            "v_next": Term("Σ p V(s')", "mean value of the next state, 0 where the episode ends", following, first_next),
        }  # fmt: skip
        return Explanation("V(s) ← max_a Σ p(s' | s, a) [r + γ V(s')]", "r + gamma * v_next", terms, float(self.values[state]))


@compiled
def back_up(
    state_offsets: Ints, outcome_offsets: Ints, next_state: Ints, continuation: Floats, expected_reward: Floats,
    discount: float, previous: Floats, values: Floats, pair_values: Floats, start: int, stop: int,
) -> float:  # fmt: skip
    """Back up states start:stop from `previous` into `values` and `pair_values`; return the largest change."""
    change = 0.0
    for state in range(start, stop):
        first, last = state_offsets[state], state_offsets[state + 1]
        if first == last:
            continue
        best = -np.inf
        for pair in range(first, last):
            following = 0.0
            for outcome in range(outcome_offsets[pair], outcome_offsets[pair + 1]):
                following += continuation[outcome] * previous[next_state[outcome]]
            value = expected_reward[pair] + discount * following
            pair_values[pair] = value
            best = max(best, value)
        change = max(change, abs(best - previous[state]))
        values[state] = best
    return change


def _rows(swept: list[tuple[int, int, int, float]]) -> tuple[Rows, ...]:
    if not swept:
        return ()
    sweep, member, backups, residual = (np.array(column) for column in zip(*swept, strict=True))
    return (Rows(SWEEPS, {"sweep": sweep, "member": member, "backups": backups, "residual": residual}),)


ALGORITHM = Algorithm(
    name="value-iteration",
    title="Value iteration",
    summary="Knows the world and computes the value of every state by looking one step ahead, again and again.",
    source="Bellman (1957); Sutton and Barto (2018), section 4.4",
    config=ValueIterationConfig,
    build=ValueIteration,
    needs="finite",
)
