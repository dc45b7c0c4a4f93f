"""Moving small arrays to the device and back."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray


def to_numpy(tensor: torch.Tensor) -> NDArray[np.float32]:
    """A copy on the host, safe to keep."""
    return np.array(tensor.detach().cpu().numpy())


def on_host(tensor: torch.Tensor) -> NDArray[Any]:
    """The tensor as the host has it, in the same memory; empty where it lies on a device."""
    return tensor.detach().numpy() if tensor.device.type == "cpu" else np.empty(0)


class Shared:
    """A host array and its tensor on the device: the same memory on the CPU, a copy away elsewhere.

    Args:
        shape: of both.
        device: where the tensor lies.
        dtype: of both.
    """

    def __init__(self, shape: tuple[int, ...], device: torch.device, dtype: torch.dtype = torch.float32) -> None:
        self._host = torch.zeros(shape, dtype=dtype)
        self.array: NDArray[Any] = self._host.numpy()
        self.tensor = self._host if device.type == "cpu" else self._host.to(device)
        self._same = self.tensor is self._host

    def fill(self, value: float) -> None:
        """Give both one number, for which nobody waits."""
        self.array.fill(value)
        if not self._same:
            self.tensor.fill_(value)

    def push(self) -> torch.Tensor:
        """The tensor, brought up to date with the array."""
        if not self._same:
            self.tensor.copy_(self._host)
        return self.tensor
