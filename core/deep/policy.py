"""A network that was trained elsewhere, at play: it acts greedily, or with some exploration, and learns nothing.

    a = argmax over a' of Q(s, a'; θ)

Its episodes are measured like those of any learner, so that it can be watched, evaluated and compared. Networks come in by File > Import or
`import-policy`; each member plays the same one, from starts of its own. Without one, every member plays a network as it is before learning,
which tells what learning is worth. What is explained of a step is the TD error with which its values agree with what came:

    δ = r + γ max over a' of Q(s', a'; θ) − Q(s, a; θ)

Deviations from the paper: none from the policy; the weights that others call their target network are left out, they are not what acts.
"""

from core.config import again, setting
from core.deep.engine.brought import Brought
from core.deep.engine.settings import NetworkConfig
from core.learner import Learner, LearnerConfig, Task
from core.registry import Algorithm
from core.schedules import Probability, Schedule

UNTRAINED = 64, 64
"""Hidden layers of the network that plays where none was brought in."""


class PolicyConfig(LearnerConfig):
    """Settings of a policy that only plays."""

    network: Brought | None = setting(None, "Network", "The network that plays; it comes from a file, by File > Import.")
    epsilon: Probability = again(NetworkConfig, "epsilon", Schedule(start=0.0))


def build(task: Task) -> Learner:
    """A player of `task`. Imports torch.

    Raises:
        ConfigError: where the network was made for another world.
        DeviceError: where the device is not there.
    """
    from core.deep.engine.policy_player import PolicyPlayer

    return PolicyPlayer(task)


ALGORITHM = Algorithm(
    name="policy",
    title="Policy that only plays",
    summary="Plays what a network learned elsewhere and learns nothing: to watch it, and to compare with it.",
    source="Mnih et al. (2015), Human-level control through deep reinforcement learning, greedy evaluation",
    config=PolicyConfig,
    build=build,
    needs="any",
    limit=50_000,
    order=200,
    learns=False,
)
