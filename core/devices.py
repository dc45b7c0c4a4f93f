"""Where tensors may live: which devices there are, choosing one, and saying its name. torch is imported when first asked."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from core.errors import DeviceError, MemoryFull

if TYPE_CHECKING:
    import torch


def available() -> tuple[str, ...]:
    """Names of the devices of this machine, the preferred one first."""
    import torch

    found = ["cpu"]
    if torch.backends.mps.is_available():
        found.insert(0, "mps")
    if torch.cuda.is_available():
        found = [f"cuda:{index}" for index in range(torch.cuda.device_count())] + found
    return tuple(found)


def choose(name: str) -> "torch.device":
    """The device of a name: "auto" (CUDA, else MPS, else CPU), "cpu", "cuda", "cuda:1" or "mps".

    Raises:
        DeviceError: saying which devices are there.
    """
    import torch

    there = available()
    if name == "auto":
        return torch.device(there[0])
    wanted = "cuda:0" if name == "cuda" else name
    if wanted in there:
        return torch.device(wanted)
    known = wanted.partition(":")[0] in ("cuda", "mps", "cpu")
    what = f"There is no device '{name}' on this machine" if known else f"'{name}' is not the name of a device"
    raise DeviceError(what, remedy=f"Choose auto or one of: {', '.join(there)}")


GPU_FULL = "CUDA error: out of memory", "CUDA driver error: out of memory", "_STATUS_ALLOC_FAILED", "MPS backend out of memory"
NO_ROOM = ("DefaultCPUAllocator",)
"""What torch says in errors that have no type of their own."""
LEFT = "The memory of the GPU is full: the run goes on on the processor"


def left_at(units: int) -> str:
    """What is said when a run leaves a GPU in the middle."""
    return f"The memory of the GPU is full: from step {units} on, the run goes on on the processor"


def is_full(error: BaseException) -> bool:
    """Whether an error says that a GPU has no memory left."""
    torch = sys.modules.get("torch")
    return torch is not None and (isinstance(error, torch.OutOfMemoryError) or _says(error, GPU_FULL))


def give_back() -> None:
    """Give memory of GPUs that nothing uses any more, which torch keeps for itself, back to all programs."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    with suppress(RuntimeError):
        if torch.cuda.is_initialized():
            torch.cuda.empty_cache()
        if torch.backends.mps.is_available():
            torch.mps.empty_cache()


def has_no_room(error: BaseException) -> bool:
    """Whether an error says that the machine's own memory has no room for something."""
    return isinstance(error, MemoryError) or _says(error, NO_ROOM)


def memory_error(error: Exception) -> MemoryFull | None:
    """What a person is told where memory is full, the machine's or a GPU's; None for any other error."""
    if is_full(error):
        return MemoryFull("The memory of the GPU is full", remedy="Choose a smaller batch, fewer members or the CPU")
    if has_no_room(error):
        return MemoryFull("The memory of this machine is full", remedy="Choose something smaller, or close other programs")
    return None


def no_past(error: Exception) -> str:
    """What is said where the past cannot be shown since memory is full; nothing for any other error."""
    if is_full(error):
        return "The memory of the GPU is full: the past cannot be shown"
    if has_no_room(error) or isinstance(error, MemoryFull):
        return "The memory of this machine is full: the past cannot be shown"
    return ""


def _says(error: BaseException, marks: tuple[str, ...]) -> bool:
    return isinstance(error, RuntimeError) and any(mark in str(error) for mark in marks)


def describe(device: "torch.device", threads: int) -> str:
    """The device as a person reads it, such as "CPU, 1 thread"."""
    import torch

    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)} ({device})"
    if device.type == "mps":
        return "Apple GPU (mps)"
    return processor(threads)


def processor(threads: int) -> str:
    """The processor as a person reads it."""
    return f"CPU, {threads} thread{'' if threads == 1 else 's'}"
