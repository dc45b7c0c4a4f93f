"""Where networks are trained."""

import torch

from core.errors import DeviceError


def choose(name: str) -> torch.device:
    """The device of that name; "auto" takes CUDA, then MPS, then the processor.

    Raises:
        DeviceError: where the machine has no such device; says what it has.
    """
    there = available()
    if name == "auto":
        return torch.device(there[0])
    try:
        device = torch.device(name)
    except RuntimeError:
        raise DeviceError(f"There is no kind of device named '{name}'", remedy=f"Choose auto or one of {', '.join(there)}") from None
    numbered = device.type == "cuda" and device.index is not None
    if device.type not in there or (numbered and device.index >= torch.cuda.device_count()):
        raise DeviceError(f"This machine has no device '{name}' that torch can use", remedy=f"Choose auto or one of {', '.join(there)}")
    return device


def available() -> list[str]:
    """Kinds of device that torch can use here, best first."""
    there = ["cuda"] if torch.cuda.is_available() else []
    there += ["mps"] if torch.backends.mps.is_available() else []
    return [*there, "cpu"]


def describe(device: torch.device) -> str:
    """The device as a person reads it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' if threads > 1 else ''}"
