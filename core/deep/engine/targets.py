"""Actions and what networks say of them, on [K, B, A, N] outputs."""

import torch
from torch import Tensor

BLOCKED = 1e30
"""Taken off the value of an action that is not available: finite, so that nothing turns into NaN."""


def best_action(q: Tensor, blocked: Tensor) -> Tensor:
    """[K, B, 1] the first action of the greatest q [K, B, A] among those available, which are 0 in `blocked` [K, B, A]."""
    return torch.sub(q, blocked, alpha=BLOCKED).argmax(2, keepdim=True)


def outputs_of(outputs: Tensor, action: Tensor) -> Tensor:
    """[K, B, N] the outputs [K, B, A, N] of one action [K, B, 1]."""
    if outputs.shape[3] == 1:
        return outputs[..., 0].gather(2, action)
    return outputs.gather(2, action[..., None].expand(-1, -1, 1, outputs.shape[3]))[:, :, 0]


def gradient_at(outputs: Tensor, action: Tensor, gradient: Tensor) -> Tensor:
    """[K, B, A, N] zeros but for `gradient` [K, B, N] at one action [K, B, 1]."""
    zeros = torch.zeros_like(outputs)
    return zeros.scatter_(2, action[..., None].expand(-1, -1, 1, outputs.shape[3]), gradient[:, :, None])
