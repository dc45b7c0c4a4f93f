"""Where tensors live: choosing a device, saying its name, and moving small arrays to it and back."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import DeviceError


def available() -> tuple[str, ...]:
    """Names of the devices of this machine, the preferred one first."""
    found = ["cpu"]
    if torch.backends.mps.is_available():
        found.insert(0, "mps")
    if torch.cuda.is_available():
        found = [f"cuda:{index}" for index in range(torch.cuda.device_count())] + found
    return tuple(found)


def choose(name: str) -> torch.device:
    """The device of a name: "auto" (CUDA, else MPS, else CPU), "cpu", "cuda", "cuda:1" or "mps".

    Raises:
        DeviceError: saying which devices are there.
    """
    there = available()
    if name == "auto":
        return torch.device(there[0])
    wanted = "cuda:0" if name == "cuda" else name
    if wanted in there:
        return torch.device(wanted)
    known = wanted.partition(":")[0] in ("cuda", "mps", "cpu")
    what = f"There is no device '{name}' on this machine" if known else f"'{name}' is not the name of a device"
    raise DeviceError(what, remedy=f"Choose auto or one of: {', '.join(there)}")


def describe(device: torch.device, threads: int) -> str:
    """The device as a person reads it, such as "CPU, 1 thread"."""
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)} ({device})"
    if device.type == "mps":
        return "Apple GPU (mps)"
    return f"CPU, {threads} thread{'' if threads == 1 else 's'}"


def to_numpy(tensor: torch.Tensor) -> NDArray[np.float32]:
    """A copy on the host, safe to keep."""
    return np.array(tensor.detach().cpu().numpy())


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

    def push(self) -> torch.Tensor:
        """The tensor, brought up to date with the array."""
        if not self._same:
            self.tensor.copy_(self._host)
        return self.tensor
