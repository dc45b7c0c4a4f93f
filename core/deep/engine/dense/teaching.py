"""All that a minibatch teaches fully connected networks of one number for each action, in one compiled call."""

import numpy as np
import torch

from core.compiled import compiled
from core.deep.engine.dense.expected import DenseExpected
from core.deep.engine.dense.layers import Floats, matrix
from core.deep.engine.dense.lesson import best, pull
from core.deep.engine.dense.network import Program, back, room, through
from core.deep.engine.dense.passes import Dense, read
from core.deep.engine.minibatch import Minibatch
from core.deep.engine.network import Network
from core.deep.engine.objectives import Taught
from core.deep.engine.settings import Loss
from core.deep.engine.teaching import Teaching, Told


class DenseTeaching(Teaching):
    """As `Teaching`, to the bit."""

    _batch: Minibatch | None = None
    _parts: tuple[Floats, ...] = ()
    _seen: tuple[Floats, ...] = ()

    def __call__(self, batch: Minibatch) -> Told:
        passes, objective = self.online.passes, self.objective
        assert isinstance(passes, Dense) and isinstance(objective, DenseExpected)
        if batch is not self._batch:  # else it lies where it lay
            self._batch, self._parts = batch, _parts(batch)
            stays = self.encoding.plain and all(each.is_contiguous() for each in (batch.observation, batch.next_observation))
            self._seen = self._read(batch) if stays else ()
        action, reward, factor, blocked, weights = self._parts
        seen, after = self._seen or self._read(batch)
        following, taken, error = np.empty_like(weights), np.empty_like(weights), np.empty_like(weights)
        slope = np.empty((*blocked.shape, 1), seen.dtype)
        teach(
            passes.program, self.online.used.array, self.target.used.array, seen, after, action, reward, factor, blocked, weights,
            self.double, objective.loss is Loss.squared, passes.space(seen.shape[1], seen.dtype), following, taken, error, slope,
            self.into.array,
        )  # fmt: skip
        lesson = Taught(torch.from_numpy(taken), torch.from_numpy(slope), torch.from_numpy(error))
        return Told(torch.from_numpy(following), lesson)

    def _read(self, batch: Minibatch) -> tuple[Floats, ...]:
        """[K, B, D] what networks read of what was seen before and after."""
        return tuple(read(self.encoding.expand(each)) for each in (batch.observation, batch.next_observation))


def suits(online: Network, objective: object) -> bool:
    """Whether it serves such networks: not those with noise, whose gradients take more."""
    return type(online) is Network and isinstance(online.passes, Dense) and isinstance(objective, DenseExpected)


def _parts(batch: Minibatch) -> tuple[Floats, ...]:
    """What `teach` reads of a minibatch beside observations, in its order."""
    weights = torch.ones(batch.action.shape) if batch.weights is None else batch.weights
    return tuple(part.numpy() for part in (batch.action, batch.reward, batch.factor, batch.blocked, weights))


@compiled
def teach(
    program: Program, online: Floats, target: Floats, seen: Floats, after: Floats, action: Floats, reward: Floats, factor: Floats,
    blocked: Floats, weights: Floats, double: bool, squared: bool, memory: Floats, following: Floats, taken: Floats, error: Floats,
    slope: Floats, into: Floats,
) -> None:  # fmt: skip
    """One member after the other.

    Args:
        program: of the networks.
        online, target: [K, P] their parameters.
        seen, after: [K, B, D] what they read.
        action, reward, factor: [K, B, 1] of the transitions.
        blocked: [K, B, A] 1 for actions that are not available afterwards.
        weights: [K, B, 1] what each transition counts.
        double: whether the learning network chooses the next action.
        squared: whether the loss is the square, not Huber's.
        memory: [B S] for the outputs of all layers.
        following, taken, error: into which the values [K, B, 1] of what follows and of the actions taken go, and their td errors.
        slope: into which the gradient [K, B, A, 1] of the mean weighted loss at the outputs goes.
        into: into which that at the parameters goes, [K, P].
    """
    members, batch, actions = blocked.shape
    outputs = matrix(memory, batch * program[-1, 4], batch, actions).reshape(1, batch, actions, 1)
    by, spaces = outputs, room(program, batch, memory)
    for member in range(members):
        one = slice(member, member + 1)
        if double:
            through(program, online[member], after[member], memory)
            by = outputs.copy()
        through(program, target[member], after[member], memory)
        best(outputs, by, blocked[one], following[one])
        through(program, online[member], seen[member], memory)
        pull(
            outputs, action[one], following[one], reward[one], factor[one], weights[one], squared, taken[one], error[one], slope[one]
        )  # fmt: skip
        back(program, online[member], seen[member], memory, slope[member].reshape(batch, actions), into[member], spaces)
