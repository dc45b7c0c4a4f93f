"""What a minibatch teaches networks of one number for each action, compiled."""

from core.compiled import compiled
from core.deep.engine.dense.layers import Floats


@compiled
def best(following: Floats, by: Floats, blocked: Floats, found: Floats) -> None:
    """What follows the best next action.

    Args:
        following: [K, B, A, 1] values of the next observation.
        by: [K, B, A, 1] those by which the action is chosen: the first of the greatest.
        blocked: [K, B, A] 1 for actions that are not available; where none is, the first is taken.
        found: into which the values [K, B, 1] go.
    """
    members, batch, actions, _ = following.shape
    for member in range(members):
        for row in range(batch):
            chosen = -1
            for i in range(actions):
                if blocked[member, row, i] == 0 and (chosen < 0 or by[member, row, i, 0] > by[member, row, chosen, 0]):
                    chosen = i
            found[member, row, 0] = following[member, row, max(chosen, 0), 0]


@compiled
def pull(
    outputs: Floats, action: Floats, following: Floats, reward: Floats, factor: Floats, weights: Floats, squared: bool,
    taken: Floats, error: Floats, slope: Floats,
) -> None:  # fmt: skip
    """The td errors of a minibatch, and the gradient of their loss.

    Args:
        outputs: [K, B, A, 1] the learning network's.
        action: [K, B, 1] taken.
        following: [K, B, 1] the value of what follows.
        reward: [K, B, 1].
        factor: [K, B, 1] of what follows.
        weights: [K, B, 1] what each transition counts.
        squared: whether the loss is the square, not Huber's.
        taken: into which the values [K, B, 1] of the actions taken go.
        error: into which the td errors [K, B, 1] go.
        slope: into which the gradient [K, B, A, 1] of the mean weighted loss at the outputs goes.
    """
    members, batch, actions, _ = outputs.shape
    one, share = outputs.dtype.type(1), outputs.dtype.type(2 if squared else 1) / outputs.dtype.type(batch)
    for member in range(members):
        for row in range(batch):
            for i in range(actions):
                slope[member, row, i, 0] = 0
            here = int(action[member, row, 0])
            value = outputs[member, row, here, 0]
            wrong = value - (reward[member, row, 0] + factor[member, row, 0] * following[member, row, 0])
            taken[member, row, 0], error[member, row, 0] = value, wrong
            slope[member, row, here, 0] = (wrong if squared else min(max(wrong, -one), one)) * share * weights[member, row, 0]
