"""Semi-gradient Q-learning with linear features (Watkins 1989; Sutton and Barto 2018, sections 9.4, 10.1 and 11.2).

The value of an action is a weighted sum of features, Q(s, a; w) = w_a . x(s). The weights move along its gradient, x(s):

    delta = r + gamma max over a' of Q(s', a'; w) - Q(s, a; w)
    w_a  <- w_a + alpha delta x(s)

It is called semi-gradient because the target moves with w, too, and that is left out. It may diverge: function approximation,
bootstrapping and learning off-policy (the maximum is not what the agent does) are the deadly triad (section 11.3), and no step
size is small enough for every case (Baird 1995). It goes well as long as the agent acts nearly greedily, as here.

Deviations from the books: alpha is divided among the active features, so that it is the share of the error that is mended; ties
between best actions are broken at random; truncated episodes bootstrap from their last observation, terminated ones do not.
"""

import numpy as np
from numpy.typing import NDArray

from core.compiled import compiled
from core.config import setting
from core.learner import Learner, Task
from core.linear.engine.features import Basis
from core.linear.engine.learner import LinearLearner
from core.linear.engine.memory import Memory, choose, finish, look, predict, scheduled
from core.linear.engine.settings import LinearConfig
from core.registry import Algorithm
from core.schedules import Kind, LearningRate, Probability, Schedule
from core.worlds.environment import Environment, Outcome, Sight


class LinearQLearningConfig(LinearConfig):
    """Settings of semi-gradient Q-learning. Without traces it takes longer, so it explores longer and keeps larger steps."""

    step_size: LearningRate = setting(
        Schedule(kind=Kind.linear, start=0.3, end=0.15, duration=200_000),
        "Step size",
        "Share of its error that the value of the situation at hand is moved by on each update, however many features it has.",
        symbol="α",
    )
    epsilon: Probability = setting(
        Schedule(kind=Kind.linear, start=0.1, end=0.01, duration=80_000),
        "Exploration",
        "Probability of a random action instead of the best one known.",
        symbol="ε",
    )

    @property
    def teachable(self) -> bool:
        return True


class LinearQLearning(LinearLearner):
    """Off-policy control by the best next action."""

    following = "max_a' Q(s', a'; w)"
    meaning = "value of the best action"

    def learn(self, memory: Memory, environment: Environment | Sight, outcome: Outcome, draw: float) -> int:
        state = -1 if environment.state is None else environment.state
        reward, terminated, truncated = outcome
        return learn(
            self.basis, memory, self.discount, environment.observation, state, environment.mask, reward, terminated, truncated, draw
        )


@compiled
def learn(
    basis: Basis, memory: Memory, discount: float, observation: NDArray[np.float32], state: int, mask: NDArray[np.bool_],
    reward: float, terminated: bool, truncated: bool, draw: float,
) -> int:  # fmt: skip
    """Learn from the step that led to this observation; return the next action, -1 where the TD error is not finite."""
    weights, index, value, place, schedules = memory.weights, memory.active, memory.value, memory.place, memory.schedules
    q = np.empty(len(weights))
    look(basis, memory, 1, observation, state, q)
    following = 0.0
    if not terminated:
        following = -np.inf
        for other in range(len(q)):
            if mask[other]:
                following = max(following, q[other])
    mine, alpha = weights[place[3]], scheduled(schedules[0], place[0], place[1])
    old = predict(mine, index[0], value[0])
    error = reward + discount * following - old
    for slot in range(index.shape[1]):
        mine[index[0, slot]] += alpha * basis.rates[slot] * value[0, slot] * error
    for other in range(len(q)):
        q[other] = predict(weights[other], index[1], value[1])
    over = terminated or truncated
    chosen = 0 if over else choose(q, mask, scheduled(schedules[1], place[0] + 1, place[1]), draw)
    return finish(memory, discount, old, reward, following, error, terminated, over, alpha, state, chosen)


def build(task: Task) -> Learner:
    """A learner of `task`."""
    return LinearQLearning(task)


ALGORITHM = Algorithm(
    name="linear-q-learning",
    title="Linear Q-learning",
    summary="Learns what each action is worth, as a sum of features, supposing the best is done next. It may diverge.",
    source="Watkins (1989); Sutton and Barto (2018), sections 10.1 and 11.3",
    config=LinearQLearningConfig,
    build=build,
    needs="any",
    limit=200_000,
    order=20,
)
