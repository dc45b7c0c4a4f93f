"""Choosing a device and saying its name."""

import pytest
import torch

from core import devices
from core.errors import DeviceError


def test_auto_prefers_cuda_then_mps_then_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert devices.available() == ("cuda:0", "cuda:1", "mps", "cpu")
    assert devices.choose("auto") == devices.choose("cuda") == torch.device("cuda:0")
    assert devices.choose("cuda:1") == torch.device("cuda:1")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert devices.choose("auto") == torch.device("mps")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert devices.choose("auto") == torch.device("cpu")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("cuda", "There is no device 'cuda' on this machine"),
        ("cuda:7", "There is no device 'cuda:7' on this machine"),
        ("mps", "There is no device 'mps' on this machine"),
        ("gpu", "'gpu' is not the name of a device"),
    ],
)
def test_a_device_that_is_not_there_is_refused_with_what_is(monkeypatch: pytest.MonkeyPatch, name: str, what: str) -> None:
    monkeypatch.setattr(devices, "available", lambda: ("cpu",))
    with pytest.raises(DeviceError) as refusal:
        devices.choose(name)
    assert refusal.value.sentence == f"{what}. Choose auto or one of: cpu."


def test_devices_are_named_as_a_person_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda which: "Some GPU")
    assert devices.describe(torch.device("cpu"), 1) == "CPU, 1 thread"
    assert devices.describe(torch.device("cpu"), 4) == "CPU, 4 threads"
    assert devices.describe(torch.device("cuda:0"), 1) == "Some GPU (cuda:0)"
    assert devices.describe(torch.device("mps"), 1) == "Apple GPU (mps)"
