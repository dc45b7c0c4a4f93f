"""PQN, the parallelised Q-network (Gallici et al. 2025, Simplifying deep temporal difference learning, ICLR).

Deep Q-learning without replay and without target network. N environments step side by side, each epsilon-greedily by the newest network;
what they did in T steps is learned from and forgotten. Many environments make a batch as varied as a replay buffer's, and layer
normalisation bounds what bootstrapping off policy can do to the values, which is what the target network is for elsewhere. Over the
rollout, lambda-returns are made from the last step back (algorithm 1; Daley and Amato 2019),

    G_t = r + gamma [(1 - lambda) max over a' of Q(s', a'; theta) + lambda G_(t+1)]

with the maximum alone at the rollout's last step, and r alone where the episode terminated. Then each of a few epochs shuffles the T N
transitions into minibatches and takes a step down the gradient of the mean of (Q(s, a; theta) - G_t)^2 for each, its norm clipped.

Deviations from the paper: a truncated episode bootstraps from its last observation and the lambda-return ends there, where the paper's
code treats it as terminated; values of next observations come from one pass over the full rollout instead of being kept while acting,
which is the same, as the weights do not move in between; learning rate and exploration follow any schedule; the loss is the square, or
Huber's function, of the error, without the paper's factor of one half; observations and rewards are not normalised; snapshots and
greedy play may read a running average of the weights. Settings are ours.
"""

from core.deep.engine.pqn_settings import PQNConfig
from core.learner import Learner, Task
from core.registry import Algorithm


def build(task: Task) -> Learner:
    """A learner of `task`. Imports torch.

    Raises:
        DeviceError: where the device is not there.
    """
    from core.deep.engine.pqn_learner import PQNLearner

    return PQNLearner(task)


ALGORITHM = Algorithm(
    name="pqn",
    title="PQN",
    summary="Q-learning with a network in many environments at once, which needs neither replay nor a target network.",
    source="Gallici et al. (2025), Simplifying deep temporal difference learning",
    config=PQNConfig,
    build=build,
    needs="any",
    limit=100_000,
    order=104,
)
