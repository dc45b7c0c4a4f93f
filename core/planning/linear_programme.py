"""The linear programme of a decision process (Manne 1960, d'Epenoux 1963; Puterman 1994, section 6.9).

    minimise the sum of V(s)   subject to   V(s) >= r(s, a) + gamma sum over s' of p(s' | s, a) V(s')   for every pair

V* is the smallest V that no lookahead exceeds. The dual variable of a pair is how often, discounted, an optimal policy takes it from a
start in every state; a vertex has one positive variable per state, the policy. HiGHS solves both at once, to 1e-10 at best; so the
equations of the tight constraints, (I - gamma P_pi) V = r_pi, are solved again in full precision, and one backup of the result gives the
residual and the bound of value iteration, gamma / (1 - gamma) ||TV - V|| (Puterman 1994, theorem 6.3.1).

At discount 1 the programme has a solution if some policy ends every episode and none earns for ever, and it is the value of the best
policy that ends them; the bound is inf, as for every planner.

Deviations from the book: the second solve. One unit and one boundary are the whole programme; there is no second.
"""

import numpy as np
from numpy.typing import NDArray

from core.errors import WorldError
from core.learner import Task
from core.planning.engine.direct import endless, one_hot, solve_policy
from core.planning.engine.planner import PlannerConfig, TablePlanner
from core.registry import Algorithm
from core.worlds.mdp import FiniteMDP

Ints = NDArray[np.int64]


class LinearProgrammeConfig(PlannerConfig):
    """Settings of the linear programme."""


class LinearProgramme(TablePlanner):
    """One solve.

    Raises:
        WorldError: where the programme has no solution, which needs discount 1, or HiGHS finds none.
    """

    unit = boundary = "solve"

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, LinearProgrammeConfig)
        super().__init__(task, task.config.tolerance, 1)

    @property
    def length(self) -> int:
        return 1

    def work(self, start: int, stop: int) -> int:
        self.policy[:] = optimal_policy(self.mdp, self.discount)
        weights = one_hot(self.mdp, self.policy)
        state = endless(self.mdp, weights) if self.discount == 1 else None
        if state is not None:
            raise WorldError(f"At discount 1, this policy never ends an episode from state '{state}'", remedy="Lower the discount")
        self.previous[:], _ = solve_policy(self.mdp, weights, self.discount)
        self.best_backups(0, self.mdp.states, np.inf)
        self.lit = int(np.argmax(self.mdp.start))
        return 1


def optimal_policy(mdp: FiniteMDP, discount: float) -> Ints:
    """[S] the pair with the largest dual variable in each state."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    row = np.arange(mdp.pairs)
    rows = np.concatenate([row, np.repeat(row, np.diff(mdp.outcome_offsets))])
    columns = np.concatenate([mdp.pair_state, mdp.next_state])
    lookahead = csr_array((np.concatenate([-np.ones(mdp.pairs), discount * mdp.continuation]), (rows, columns)), (mdp.pairs, mdp.states))
    bounds = np.where(mdp.absorbing[:, None], 0.0, [-np.inf, np.inf])
    options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    found = linprog(np.ones(mdp.states), lookahead, -mdp.expected_reward, bounds=bounds, method="highs", options=options)
    if found.status in (2, 3):
        raise WorldError("The linear programme has no solution: values are not finite", remedy="Lower the discount")
    if found.status != 0:
        raise WorldError("The linear programme could not be solved", remedy="Choose value iteration")
    best = np.lexsort((found.ineqlin.marginals, mdp.pair_state))
    return best[np.minimum(mdp.state_offsets[:-1], mdp.pairs - 1)]


ALGORITHM = Algorithm(
    name="linear-programme",
    title="Linear programme",
    summary="States the optimal values as one linear programme and has a general solver find them in a single step.",
    source="Manne (1960); Puterman (1994), section 6.9",
    config=LinearProgrammeConfig,
    build=LinearProgramme,
    needs="finite",
    order=6,
)
