"""The corridor of `corridor.py`, allowed to run; no process outlives its test."""

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.worlds.foreign import consent
from core.worlds.foreign.code import code_of
from core.worlds.gym import GymWorld

FILE = Path(__file__).with_name("corridor.py")


@pytest.fixture
def corridor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., GymWorld]:
    """Makes the world of the corridor with a trouble of its own."""
    monkeypatch.setattr(consent, "file", lambda: tmp_path / "allowed" / "trusted.json")
    monkeypatch.setattr(consent, "_here", set())
    consent.allow(code_of(str(FILE)))

    def world(trouble: str = "", **values: Any) -> GymWorld:
        arguments = {"trouble": trouble} if trouble else {}
        return GymWorld(id="Corridor-v0", source=str(FILE), arguments=arguments, **values)

    return world


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    assert [process.name for process in multiprocessing.active_children() if process.name.startswith("environment")] == []
