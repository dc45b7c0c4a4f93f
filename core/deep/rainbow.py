"""Rainbow (Hessel et al. 2018, Rainbow: Combining improvements in deep reinforcement learning): DQN with six improvements at once.

    Double               the learning network chooses the next action, the target network says what it is worth
    Prioritised replay   what was predicted worst is replayed more often, and weighs less for it
    Dueling              values of states and advantages of actions are learned apart
    n-step returns       n rewards before the network's own estimate
    Distributional       probabilities of returns instead of their mean (C51)
    Noisy layers         noise on the weights explores, and learns where it is needed

With R the n rewards and z the places of returns, the loss of a transition is the cross-entropy of the distribution of the action taken
with that of R + gamma^n z, projected onto the places (section "The integrated agent"). It is the transition's priority, too. Each part is
a switch of DQN; here all are on.

Deviations from the paper: those of DQN; all linear layers are noisy; the noise of both networks is drawn anew for every update, from the
member's exploration stream; importance weights are divided by the largest of the minibatch; the range of returns, which Atari's clipped
rewards fix at 10, is wider, and should suit the world.
"""

from core.config import again
from core.deep.dqn import build
from core.deep.engine.dqn_settings import Distribution, DQNConfig
from core.deep.engine.settings import Dueling
from core.registry import Algorithm
from core.schedules import Probability, Schedule


class RainbowConfig(DQNConfig):
    """Settings of Rainbow: DQN's, with every improvement on."""

    epsilon: Probability = again(DQNConfig, "epsilon", Schedule(start=0.0))
    dueling: Dueling = again(DQNConfig, "dueling", Dueling.mean)
    distribution: Distribution = again(DQNConfig, "distribution", Distribution.categorical)
    noisy: bool = again(DQNConfig, "noisy", True)
    prioritised: bool = again(DQNConfig, "prioritised", True)
    n_step: int = again(DQNConfig, "n_step", 3)


ALGORITHM = Algorithm(
    name="rainbow",
    title="Rainbow",
    summary="DQN with six improvements at once, each of which makes it learn from fewer steps.",
    source="Hessel et al. (2018), Rainbow: Combining improvements in deep reinforcement learning",
    config=RainbowConfig,
    build=build,
    needs="any",
    limit=50_000,
    order=102,
)
