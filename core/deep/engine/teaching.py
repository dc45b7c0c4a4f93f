"""What a minibatch of transitions teaches networks, whatever they and their objective are."""

from typing import NamedTuple

from torch import Tensor

from core.deep.engine.encoding import Encoding
from core.deep.engine.minibatch import Minibatch
from core.deep.engine.network import Network
from core.deep.engine.objectives import Objective, Taught
from core.deep.engine.passes import Layout


class Told(NamedTuple):
    """What came of a minibatch.

    Attributes:
        following: [K, B, N] the target network's outputs for the best next action.
        taught: by it.
    """

    following: Tensor
    taught: Taught


class Teaching:
    """Writes the gradients of minibatches.

    Args:
        online: the networks that learn.
        target: those that say what follows; may be the same.
        objective: what outputs mean.
        encoding: of observations.
        into: where the gradients of the parameters go.
        double: whether the learning networks choose the next action (double Q-learning).
    """

    def __init__(self, online: Network, target: Network, objective: Objective, encoding: Encoding, into: Layout, double: bool) -> None:
        self.online, self.target, self.objective, self.encoding, self.into = online, target, objective, encoding, into
        self.double = double and target is not online

    def __call__(self, batch: Minibatch) -> Told:
        """Write the gradient of one minibatch of every member."""
        online, objective = self.online, self.objective
        observation, next_observation = self.encoding.expand(batch.observation), self.encoding.expand(batch.next_observation)
        outputs = self.target.forward(next_observation).outputs
        following = objective.best(outputs, online.forward(next_observation).outputs if self.double else outputs, batch.blocked)
        through = online.forward(observation)
        taught = objective.teach(through.outputs, batch.action, following, batch.reward, batch.factor, batch.weights)
        online.backward(through, taught.slope, self.into)
        return Told(following, taught)
