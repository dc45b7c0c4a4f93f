"""Value iteration (Bellman 1957; Sutton and Barto 2018, section 4.4; Puterman 1994, section 6.3).

Each sweep replaces every state's value by the best one-step lookahead:

    V'(s) = max over a of sum over s' of p(s' | s, a) [r(s, a, s') + gamma V(s')]

Synchronous sweeps write V' beside V, so the order of states does not matter. Gauss-Seidel sweeps write in place: a state sees the new
values of those before it. Either sweep contracts the distance to V* by gamma (Puterman 1994, theorems 6.3.1 and 6.3.4), hence

    ||V' - V*|| <= gamma / (1 - gamma) ||V' - V||

which, with the rounding of a backup added, is the bound that ends it (`engine.planner`). Synchronous sweeps may also go by the span of the
changes, where no episode ever ends. At discount 1 nothing is proven; the residual
itself must fall below the tolerance.

Deviations from the book: Puterman stops below (1 - gamma) / (2 gamma) of the tolerance so that the greedy policy, too, is nearly optimal;
here the tolerance is of the values alone.
"""

from typing import Literal

from core.config import setting
from core.learner import Task
from core.planning.engine.planner import BOUND, Bound, SweepConfig, TablePlanner
from core.registry import Algorithm


class ValueIterationConfig(SweepConfig):
    """Settings of value iteration."""

    order: Literal["synchronous", "gauss-seidel"] = setting(
        "synchronous",
        "Order",
        "Synchronous: all states look at the values of the sweep before. Gauss-Seidel: each state already sees the new ones before it.",
    )
    bound: Bound = setting("norm", *BOUND, when={"order": ("synchronous",)})


class ValueIteration(TablePlanner):
    """Sweeps over a finite MDP; one unit is the backup of one state, one boundary is a sweep."""

    def __init__(self, task: Task) -> None:
        assert isinstance(task.config, ValueIterationConfig)
        in_place = task.config.order == "gauss-seidel"
        super().__init__(task, task.config.tolerance, task.config.max_sweeps, "cpu" if in_place else task.device)
        self.in_place, self.by_span = in_place, task.config.bound == "span" and not in_place

    def work(self, start: int, stop: int) -> int:
        return self.best_backups(start, stop)


ALGORITHM = Algorithm(
    name="value-iteration",
    title="Value iteration",
    summary="Knows the world and computes the value of every state by looking one step ahead, again and again.",
    source="Bellman (1957); Sutton and Barto (2018), section 4.4",
    config=ValueIterationConfig,
    build=ValueIteration,
    needs="finite",
    order=0,
)
