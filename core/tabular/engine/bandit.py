"""What learners of bandits share: one state, whose actions are arms, and nothing that could follow.

The usual ways to balance exploring and exploiting need no learner of their own here. With a discount of 0 (or a world where each pull
ends the episode) Q-learning and SARSA move Q(a) to the mean reward of an arm (Sutton and Barto 2018, equation 2.5), with
`step_size=1/N` to the exact mean (equation 2.3). Their settings make of them

    epsilon-greedy (section 2.4)         epsilon=0.1
    optimistic start (section 2.6)       epsilon=0, initial_value=5, step_size=0.1
    upper confidence bound (section 2.7) strategy=ucb, curiosity=2, epsilon=0
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from core.learner import Snapshot, Task, Term
from core.tabular.engine import steps
from core.tabular.engine.walker import Walker
from core.worlds.environment import Environment

Floats = NDArray[np.float64]


class BanditLearner(Walker):
    """K independent learners on one bandit; `core.runs.session.unsuitable` keeps other worlds away."""

    kept: ClassVar[tuple[str, ...]] = ("visits", *Walker.kept)
    symbol: ClassVar[str] = "Q"
    """What `arms` are: see `Snapshot`."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        assert np.count_nonzero(~self.mdp.absorbing) == 1
        self.visits = np.zeros((self.members, self.mdp.pairs), np.int64)

    @abstractmethod
    def arms(self, member: int) -> Floats:
        """[P] what the learner thinks of each arm; the largest is the best one."""

    @abstractmethod
    def value(self, member: int) -> float:
        """What a pull is expected to earn."""

    def snapshot(self, member: int = 0) -> Snapshot:
        mdp, place = self.mdp, self.place[member]
        q = mdp.q_table(self.arms(member))
        return Snapshot(
            self.counters(member),
            values=np.where(mdp.absorbing, 0.0, self.value(member)),
            q=q,
            visits=np.where(mdp.absorbing, 0, self.visits[member].sum()),
            state=int(place[steps.STATE]),
            action_values=q[place[steps.STATE]],
            metrics=self.metrics(member),
            tries=self.visits[member].copy(),
            symbol=self.symbol,
        )

    def action_values(self, environment: Environment, member: int = 0) -> Floats:
        assert environment.state is not None
        return self.mdp.q_table(self.arms(member))[environment.state]

    def surprise(self, known: Mapping[str, float]) -> float | None:
        return self.reward(known).value - known["old"]

    def arm(self, known: Mapping[str, float]) -> str:
        """The name of the arm that was pulled."""
        return str(self.mdp.action_names[self.mdp.pair_action[int(known["pair"])]])

    def reward(self, known: Mapping[str, float]) -> Term:
        """What the pull earned."""
        return Term("r", "reward received", float(self.mdp.reward[int(known["outcome"])]))
