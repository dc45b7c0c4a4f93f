"""Deep Q-learning with experience replay and a target network (Mnih et al. 2015, Nature 518).

A network Q(s, a; w) takes the place of the table. Each update draws a batch of past transitions and makes a step on

    loss = mean of L(y - Q(s, a; w)),   y = r + gamma max over a' of Q(s', a'; w-)

with the target network's slowly following weights w-. Replay breaks the correlation of neighbouring steps, the target
network keeps the goal still for a while.

Deviations from the paper: fully connected layers instead of convolutions (observations are vectors); Adam instead of
RMSprop, with a learning rate that falls; the target network may also follow softly (tau below 1); Double Q-learning
(van Hasselt, Guez and Silver 2016) is on by default, where w chooses the next action and w- values it; a truncated
episode bootstraps, a terminated one does not; gradients are clipped by their norm, not by the error.
"""

from typing import TYPE_CHECKING, Literal

from core.config import setting
from core.learner import LearnerConfig, Task
from core.registry import Algorithm
from core.schedules import Kind, Probability, Schedule, StepSize

if TYPE_CHECKING:
    from core.deep.engine.learner import DeepQLearner


class DQNConfig(LearnerConfig):
    """Settings of DQN."""

    learning_rate: StepSize = setting(
        Schedule(kind=Kind.linear, start=2e-3, end=1e-4, duration=50_000),
        "Learning rate",
        "How far the weights move on each update.",
        symbol="η",
    )
    epsilon: Probability = setting(
        Schedule(kind=Kind.linear, start=1.0, end=0.04, duration=8_000),
        "Exploration",
        "Probability of a random action instead of the best one known.",
        symbol="ε",
    )
    widths: tuple[int, ...] = setting(
        (128, 128), "Hidden layers", "Units of each hidden layer, from the input on.", unit="units", min_length=1, max_length=8
    )
    activation: Literal["relu", "elu", "tanh", "silu"] = setting("relu", "Activation", "The bend between two layers.")
    optimizer: Literal["adam", "adamw", "nadam", "rmsprop", "sgd"] = setting(
        "adam", "Optimizer", "The rule that turns gradients into steps."
    )
    loss: Literal["huber", "squared"] = setting("squared", "Loss", "Squared, or Huber: squared up to an error of 1, linear beyond.")
    gradient_clip: float = setting(10.0, "Gradient clip", "Gradients of a larger norm are scaled down to it; 0 for never.", ge=0, le=1e6)
    batch_size: int = setting(64, "Batch size", "Transitions drawn for each update.", unit="transitions", ge=1, le=65_536)
    buffer_size: int = setting(
        50_000, "Replay size", "Transitions remembered; older ones are forgotten.", unit="transitions", ge=1, le=10_000_000
    )
    learning_starts: int = setting(1_000, "Learning starts", "Steps before the first update.", unit="steps", ge=0, le=10_000_000)
    train_every: int = setting(2, "Train every", "Steps between two rounds of updates.", unit="steps", ge=1, le=100_000)
    updates: int = setting(1, "Updates", "Updates in each round.", unit="updates", ge=1, le=1_000)
    target_every: int = setting(100, "Target every", "Updates between two moves of the target network.", unit="updates", ge=1, le=1_000_000)
    tau: float = setting(1.0, "Target share", "How far the target network moves each time; 1 copies the network.", symbol="τ", gt=0, le=1)
    double: bool = setting(True, "Double", "One network chooses the next action, the other values it: less overestimation.")
    threads: int = setting(1, "Threads", "Processor threads for torch; small networks are fastest with one.", unit="threads", ge=1, le=256)


def _build(task: Task) -> "DeepQLearner":
    from core.deep.engine.learner import DeepQLearner

    return DeepQLearner(task)


ALGORITHM = Algorithm(
    name="dqn",
    title="DQN",
    summary="A neural network in place of the table: learns from observations, with replay and a target network.",
    source="Mnih et al. (2015), Nature 518; van Hasselt, Guez and Silver (2016)",
    config=DQNConfig,
    build=_build,
    limit=50_000,
)
