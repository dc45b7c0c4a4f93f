"""Q-learning with a network and nothing else (Sutton and Barto 2018, section 11.3, the deadly triad; Tsitsiklis and Van Roy 1997).

Q(s, a; theta) takes the place of the table. Each step is learned from once, when it is made, by gradient descent on

    delta = Q(s, a; theta) - [r + gamma max over a' of Q(s', a'; theta)]

with the bracket held still. Function approximation, bootstrapping and off-policy learning meet here without what DQN adds: successive
transitions resemble one another, and every update moves its own goal. On small worlds it may learn; elsewhere it swings, forgets or
diverges, which is what it is here to show. Switch on replay, then the target network, and it becomes DQN (Mnih et al. 2015).

Deviations: none from the update; a truncated episode bootstraps from its last observation, a terminated one does not.
"""

from core.config import again
from core.deep.dqn import build
from core.deep.engine.dqn_settings import DQNConfig, TargetUpdate
from core.deep.engine.settings import OptimizerName, Width
from core.registry import Algorithm
from core.schedules import LearningRate, Probability, Schedule


class QNetworkConfig(DQNConfig):
    """Settings of Q-learning with a network: DQN's, with replay and target network off."""

    learning_rate: LearningRate = again(DQNConfig, "learning_rate", Schedule(start=0.01))
    epsilon: Probability = again(DQNConfig, "epsilon", Schedule(start=0.1))
    widths: tuple[Width, ...] = again(DQNConfig, "widths", (100,))
    optimizer: OptimizerName = again(DQNConfig, "optimizer", OptimizerName.sgd)
    gradient_clip: float = again(DQNConfig, "gradient_clip", 0.0)
    replay: bool = again(DQNConfig, "replay", False)
    target_update: TargetUpdate = again(DQNConfig, "target_update", TargetUpdate.none)


ALGORITHM = Algorithm(
    name="q-network",
    title="Q-network",
    summary="Q-learning with a network in place of the table and nothing else, to see why DQN needs replay and a target network.",
    source="Sutton and Barto (2018), section 11.3",
    config=QNetworkConfig,
    build=build,
    needs="any",
    limit=50_000,
    order=90,
)
