"""The second half of an update: how long the gradients are, their clipping, and the step along them."""

import torch
from torch import Tensor

from core.deep.engine.device import Shared
from core.deep.engine.optimizer import Optimizer
from core.deep.engine.settings import Clip


class Descent:
    """Moves K members' weights along their gradients.

    Args:
        optimizer: whose step it is.
        most: largest norm of a member's gradient, or largest entry of it; 0: as they come.
        by: which of the two.
        recorded: whether it is recorded: then it can ask for no number.
    """

    def __init__(self, optimizer: Optimizer, most: float, by: Clip, recorded: bool) -> None:
        self.optimizer, self.most, self.by = optimizer, most, by
        self._asks = not recorded and optimizer.gradient.device.type == "cpu"

    def __call__(self, learning_rate: Shared) -> Tensor:
        """Clip the gradients, move the weights, and return the norms [K] of before; `learning_rate` [K, 1], pushed."""
        gradient = self.optimizer.gradient
        norm: Tensor = torch.linalg.vector_norm(gradient, dim=1)
        if self.most and self.by is Clip.norm:
            self._shorten(gradient, norm)
        elif self.most:
            gradient.clamp_(-self.most, self.most)
        self.optimizer.move(learning_rate)
        return norm

    def _shorten(self, gradient: Tensor, norm: Tensor) -> None:
        """Bring gradients that are too long to the length of the clip. The processor looks first; a GPU would have to be waited for."""
        if not self._asks or not max(norm.tolist()) <= self.most:
            gradient.mul_((self.most / (norm + 1e-6)).clamp_(max=1.0)[:, None])
