"""What is true of a finite world, and how far a learner is from it.

    gap         J* - J_greedy, with J = sum over s of start(s) V(s) at the run's discount: what following the learner's greedy policy (the
                first best action by its Q, as in `core.runs.evaluation`) loses against the optimal policy, per episode
    rms_error   sqrt(mean over acting states of (V(s) - V*(s))^2); rms_error_q the same of Q over all pairs
    regret      n G* - (sum of the returns of n episodes), with G* the most that any policy can earn on average in an episode of at most
                step_limit steps, undiscounted as returns are

Regret is the usual one of episodic learning (Azar, Osband and Munos 2017, section 2, with the horizon the world's step limit), with what
was really earned in the place of its mean. No policy earns more than G* on average, so regret can fall only by luck. It counts exploration
too, and below discount 1 also what a discounted aim gives up: a learner that plans to be greedy for near rewards keeps regretting.

V* and Q* come from value iteration with a proven bound, at discount 1 until no value changes any more; G* from as many undiscounted
sweeps as an episode has steps (backward induction, Puterman 1994, section 4.5). Learners that evaluate a fixed policy are measured
against that policy's values; they improve nothing, so gap and regret are NaN. A gap is NaN, too, while the greedy policy may never
end at discount 1; a step limit does not count there, nor in V*. Advantages below `slack` are rounding and count as none.

Nothing is computed where members differ in their discount, above `MOST_STATES`, above `SMALL` where states do not lead to neighbours
(`affordable`), at discount 1 where no policy ends every episode, and where `MOST_LOOKUPS` do not suffice: then what `finding` comes to
is None. Planners are not measured: they prove their own bounds.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import WorldError
from core.learner import UNBOUNDED, Budget, Planner, Snapshot, Task
from core.planning.engine.direct import endless
from core.registry import algorithm
from core.runs.shortfall import SMALL, affordable, shortfall
from core.worlds.mdp import FiniteMDP, greedy

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_STATES = 10_000
"""States up to which truth is computed: a measurement takes some milliseconds, so that a run still obeys at once."""
MOST_LOOKUPS = 100_000_000
"""Outcomes that the sweeps for V* may look at, once a run: some 100 ms; V* and G* of a slippery grid of 100 by 100 take 130 ms."""
PART, SWEEP = 3_000_000, 3_000
"""Outcomes that are looked at in one part of that, each sweep counting as so many more: 10 to 25 ms."""
MOST_SWEEPS = 10_000
"""Sweeps for G* where episodes have no step limit."""
CLOSE = 1e-12
"""The error aimed at, as a share of the largest reward."""
ENOUGH = 1e-6
"""The error accepted, as a share of the largest value."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One member against the truth, in units of reward; NaN where it is not known or has no meaning."""

    gap: float
    rms_error: float
    rms_error_q: float


@dataclass(frozen=True, eq=False)
class Truth:
    """The values that a run should come to.

    Attributes:
        mdp: the world.
        discount: the run's.
        values: [S] float64, V*, or V of the policy that is evaluated.
        pair_values: [P] float64, Q* or Q of that policy.
        error: how far any of them can be from the exact one.
        evaluates: whether they are of a fixed policy.
        best_return: G*; NaN where it is not known or a fixed policy is followed.
    """

    mdp: FiniteMDP
    discount: float
    values: Floats
    pair_values: Floats
    error: float
    evaluates: bool
    best_return: float

    def measure(self, snapshot: Snapshot) -> Measurement:
        """How far one member is from the truth; infinitely far where its values have grown without bound."""
        acting = ~self.mdp.absorbing
        v, q = snapshot.values, snapshot.q
        with np.errstate(over="ignore", invalid="ignore"):
            return Measurement(
                gap=math.nan if q is None or self.evaluates else self._gap(q),
                rms_error=math.nan if v is None else _rms(v[acting] - self.values[acting]),
                rms_error_q=math.nan if q is None else _rms(q[self.mdp.pair_state, self.mdp.pair_action] - self.pair_values),
            )

    def _gap(self, q: Floats) -> float:
        action = greedy(q)
        policy = np.where(action < 0, -1, self._pair[np.arange(self.mdp.states), action])
        if not np.array_equal(policy < 0, self.mdp.absorbing):
            return math.nan
        return shortfall(self.mdp, self._loss, policy, self.discount, self._solvable)

    @cached_property
    def _pair(self) -> Ints:
        """[S, A] the number of each pair, -1 where the action is unavailable."""
        pair = np.full((self.mdp.states, self.mdp.actions), -1)
        pair[self.mdp.pair_state, self.mdp.pair_action] = np.arange(self.mdp.pairs)
        return pair

    @cached_property
    def _loss(self) -> Floats:
        """[P] what each pair gives away."""
        loss = self.values[self.mdp.pair_state] - self.pair_values
        return np.where(loss <= self.slack, 0.0, loss)

    @cached_property
    def _solvable(self) -> bool:
        return affordable(self.mdp)

    @property
    def slack(self) -> float:
        """The largest advantage that errors can feign, with some room for the rounding of rewards."""
        return 4 * self.error + 1e-12 * float(np.abs(self.values).max())


def finding(task: Task, share: int = 1) -> Generator[None, None, Truth | None]:
    """The truth for a run on a finite world, a part of the work at a time, or one in so many of it: of the same length however fast the
    machine is. None where it is not known (see above)."""
    mdp, gamma = task.world.compile(), task.discount
    if mdp.states > MOST_STATES or (mdp.states > SMALL and not affordable(mdp)):
        return None
    if len(set(task.discounts)) > 1 or (gamma == 1 and endless(mdp, None)):
        return None
    policy = evaluated(task)
    try:
        known = yield from _planned(task, gamma, "value-iteration" if policy is None else "policy-evaluation", policy, None, share)
        most = None if policy else (yield from _planned(task, 1.0, "value-iteration", None, mdp.step_limit or MOST_SWEEPS, share))
    except WorldError:
        return None
    values, pair_values, error = known
    if error > ENOUGH * max(float(np.abs(values).max()), np.finfo(float).tiny):
        return None
    settled = most is not None and (mdp.step_limit or math.isfinite(most[2]))
    best = float(mdp.start @ most[0]) if most is not None and settled else math.nan
    return Truth(mdp, gamma, values, pair_values, error, policy is not None, best)


def evaluated(task: Task) -> str | None:
    """Which fixed policy a learner evaluates, as its setting `policy` names it; None where it looks for the best one."""
    policy = getattr(task.config, "policy", None)
    return policy if isinstance(policy, str) else None


def _planned(
    task: Task, discount: float, method: str, policy: str | None, most: int | None, share: int
) -> Generator[None, None, tuple[Floats, Floats, float]]:
    """V [S] and Q [P] by a planner, and their error: proven below discount 1, guessed at 1 from the last change, inf if not converged."""
    mdp, chosen = task.world.compile(), algorithm(method)
    sweeps = most or max(1, MOST_LOOKUPS // len(mdp.next_state))
    largest = float(np.abs(mdp.expected_reward).max())
    given = {} if policy is None else {"policy": policy}
    config = chosen.config.model_validate({"discount": discount, "tolerance": CLOSE * (largest or 1.0), "max_sweeps": sweeps} | given)
    planner = chosen.build(Task(task.world, config))
    assert isinstance(planner, Planner)
    while not planner.advance(Budget(UNBOUNDED, max(1, PART // share // (len(mdp.next_state) + SWEEP)))).finished:
        yield
    shot = planner.snapshot()
    assert shot.values is not None and shot.q is not None
    error = planner.error_bound
    if not math.isfinite(error) and planner.converged:
        error = 100 * CLOSE * max(largest, float(np.abs(shot.values).max()))
    return shot.values, shot.q[mdp.pair_state, mdp.pair_action], error


def _rms(errors: Floats) -> float:
    return float(np.sqrt(np.mean(errors**2)))
