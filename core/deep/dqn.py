"""DQN (Mnih et al. 2015, Human-level control through deep reinforcement learning, Nature 518).

A network Q(s, a; θ) learns from transitions (s, a, r, s') drawn at random from a replay buffer, by gradient descent on
the loss of the temporal-difference error

    td_target = r + γ max over a' of Q(s', a'; θ⁻)        (r alone where the episode terminated)
    δ         = Q(s, a; θ) - td_target

where θ⁻ are the weights of the target network: a copy of θ that is renewed now and then and otherwise stands still.
Replay breaks the correlation between successive steps; the target network keeps the goal from moving with every update.
Double DQN (van Hasselt, Guez and Silver 2016) lets θ choose the action and θ⁻ value it, since a maximum over noisy
values is too large on average:

    td_target = r + γ Q(s', argmax over a' of Q(s', a'; θ); θ⁻)

Deviations from the paper: vectors instead of pixels, so no convolutions and no frame skipping; Adam instead of RMSprop,
with a learning rate that falls; rewards are not clipped; gradients are clipped by their norm, not by the error (which
the Huber loss does); copies of the target are counted in environment steps, not in updates, and it may follow softly
instead (Lillicrap et al. 2016); Double is on unless switched off; truncated episodes bootstrap from their last
observation, terminated ones do not; snapshots and greedy play may read a running average of the weights (Polyak and
Juditsky 1992), which learning does not.
"""

from core.deep.engine.dqn_settings import DQNConfig
from core.learner import Learner, Task
from core.registry import Algorithm


def build(task: Task) -> Learner:
    """A learner of `task`. Imports torch.

    Raises:
        DeviceError: where the device is not there.
    """
    from core.deep.engine.learner import DeepQLearner

    return DeepQLearner(task)


ALGORITHM = Algorithm(
    name="dqn",
    title="DQN",
    summary="Learns with a neural network what each action is worth, replaying what it has experienced.",
    source="Mnih et al. (2015), Human-level control through deep reinforcement learning",
    config=DQNConfig,
    build=build,
    needs="any",
    limit=50_000,
)
