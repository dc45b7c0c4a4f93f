"""The expected return as the objective of networks on a processor."""

import numpy as np
import torch
from torch import Tensor

from core.deep.engine.dense import lesson
from core.deep.engine.objectives import Expected, Taught
from core.deep.engine.settings import Loss


class DenseExpected(Expected):
    """As `Expected`, in two compiled calls."""

    def best(self, following: Tensor, by: Tensor, blocked: Tensor) -> Tensor:
        values = following.numpy()
        found = np.empty((*values.shape[:2], 1), values.dtype)
        lesson.best(values, values if by is following else by.numpy(), blocked.numpy(), found)
        return torch.from_numpy(found)

    def teach(
        self, outputs: Tensor, action: Tensor, following: Tensor, reward: Tensor, factor: Tensor, weights: Tensor | None = None
    ) -> Taught:
        values, after = outputs.numpy(), following.numpy()
        taken, error, slope = np.empty_like(after), np.empty_like(after), np.empty_like(values)
        counts = np.ones_like(after) if weights is None else weights.numpy()
        squared = self.loss is Loss.squared
        lesson.pull(values, action.numpy(), after, reward.numpy(), factor.numpy(), counts, squared, taken, error, slope)
        return Taught(torch.from_numpy(taken), torch.from_numpy(slope), torch.from_numpy(error))
