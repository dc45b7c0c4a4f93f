"""The temporal-difference target and the losses, on [K, B, ...] tensors."""

import torch
from torch import Tensor

from core.deep.engine.settings import Loss

BLOCKED = 1e30
"""Taken off the value of an action that is not available: finite, so that nothing turns into NaN."""


def best_next(target_q: Tensor, blocked: Tensor, online_q: Tensor | None = None) -> Tensor:
    """[K, B, 1] value of the best next action among those available.

    Args:
        target_q: [K, B, A] of the target network at the next observation.
        blocked: [K, B, A], 1 where the action is not available.
        online_q: [K, B, A] of the learning network there, to choose the action by (Double DQN); None: by target_q.
    """
    if online_q is None:
        return torch.sub(target_q, blocked, alpha=BLOCKED).amax(2, keepdim=True)
    return target_q.gather(2, torch.sub(online_q, blocked, alpha=BLOCKED).argmax(2, keepdim=True))


def td_target(reward: Tensor, factor: Tensor, following: Tensor) -> Tensor:
    """[K, B, 1] reward plus the discounted value of what follows, whose factor is 0 where the episode terminated."""
    return torch.addcmul(reward, factor, following)


def loss_gradient(loss: Loss, td_error: Tensor) -> Tensor:
    """The gradient of the mean loss of a batch at each of its td errors [K, B, 1]."""
    batch = td_error.shape[1]
    if loss is Loss.huber:
        return td_error.clamp(-1.0, 1.0).div_(batch)
    return td_error * (2.0 / batch)


def loss_value(loss: Loss, td_error: Tensor) -> Tensor:
    """The loss of each td error: squared, or Huber's (half the square up to 1, then the distance less one half)."""
    if loss is Loss.squared:
        return td_error.square()
    size = td_error.abs()
    return torch.where(size <= 1.0, 0.5 * size * size, size - 0.5)
