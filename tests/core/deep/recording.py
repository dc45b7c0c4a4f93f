"""What takes the place of a GPU's recordings: a trace. It fails where work asks the host, and holds numbers of Python as they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils._python_dispatch import TorchDispatchMode

from core.deep.engine import choice, network
from core.deep.engine.captured import Work
from core.deep.engine.descent import Descent
from core.deep.engine.objectives import Expected


def in_torch_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have learners on a processor do all in torch, as elsewhere: traces cannot look into what is compiled."""
    monkeypatch.setattr(network, "suits", lambda blueprint, device: False)
    monkeypatch.setattr(choice, "DenseExpected", Expected)
    monkeypatch.setattr(choice, "DenseDescent", Descent)


class Traces:
    """Records by tracing; counts how often anything is replayed."""

    def __init__(self) -> None:
        self.replays = 0

    def __call__(self, work: Work[Any]) -> Work[Any]:
        graph = make_fx(lambda: work())()  # it cannot look into methods

        def replay() -> Any:
            self.replays += 1
            return graph()

        return replay


class Guard(TorchDispatchMode):
    """Fails where an operation reads or makes a tensor that is not on a device: a graph could not hold it."""

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self.device = device

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        fused = "fused_adam" in str(func)  # torch does not say what its shapes are
        done = None if fused else func(*args, **(kwargs or {}))
        for tensor in _tensors((args, kwargs or {}, done)):
            assert tensor.device == self.device, f"{func} has a tensor on {tensor.device}"
        return done


@contextmanager
def only_on(device: torch.device) -> Iterator[None]:
    """Work that is to touch nothing but this device."""
    with torch.inference_mode(), Guard(device):
        yield


def _tensors(found: Any) -> Iterator[torch.Tensor]:
    if isinstance(found, torch.Tensor):
        yield found
    parts = found.values() if isinstance(found, dict) else found if isinstance(found, tuple | list) else ()
    for part in parts:
        yield from _tensors(part)
