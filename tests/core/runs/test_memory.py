"""Runs that do not fit into memory: one sentence with what they take and what to do, in the window and on the command line alike."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core import devices
from core.cli import learning, run
from core.deep.engine.learner import DeepQLearner
from core.errors import MemoryFull
from core.learner import Budget
from core.linear.engine import learner as linear
from core.runs import folder
from core.runs.memory import too_large
from core.runs.rescue import whole
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline
from core.tabular.q_learning import QLearning
from core.worlds.foreign import consent
from core.worlds.foreign.code import code_of
from core.worlds.gym import GymWorld
from core.worlds.library import open_world
from tests.core.runs.test_gpu_full import CONFIG, small, spec

__all__ = ["small"]
HUGE = {"buffer_size": 10_000_000}
FOREIGN = Path(__file__).parents[1] / "worlds" / "foreign" / "corridor.py"


def no_room(*_: Any, **__: Any) -> Any:
    """What torch raises where the machine has no room: the error itself, asked for."""
    return torch.empty(2**50)


def test_which_errors_say_that_memory_is_full() -> None:
    with pytest.raises(RuntimeError) as of_torch:
        no_room()
    with pytest.raises(MemoryError) as of_numpy:
        np.empty(2**50)
    assert devices.has_no_room(of_torch.value) and devices.has_no_room(of_numpy.value) and devices.has_no_room(MemoryError())
    assert not devices.is_full(of_torch.value) and not devices.is_full(of_numpy.value)
    of_gpu = torch.OutOfMemoryError("CUDA out of memory")
    assert devices.is_full(of_gpu) and not devices.has_no_room(of_gpu)
    assert devices.is_full(RuntimeError("MPS backend out of memory (MPS allocated: 8.00 GB)"))
    assert devices.is_full(RuntimeError("CUDA error: out of memory"))
    for other in (RuntimeError("something else"), ValueError("CUDA error: out of memory")):
        assert not devices.is_full(other) and not devices.has_no_room(other) and devices.memory_error(other) is None


def test_a_replay_too_large_is_told_with_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DeepQLearner, "_make_replay", no_room)
    large = RunSpec(world=open_world("gym:CartPole-v1"), algorithm="dqn", config=HUGE, members=256, device="cpu")
    with pytest.raises(MemoryFull) as caught:
        Session(large)
    assert caught.value.sentence == (
        "The memory of this machine has no room for this run: its networks and replay take 144 GB. "
        "Choose a smaller replay, fewer members or a smaller network. The agent page and inspect say what takes how much."
    )


def test_the_command_line_says_so_without_a_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(DeepQLearner, "_make_replay", no_room)
    asked = ["train", "gym:CartPole-v1", "--algorithm", "dqn", "--members", "256", "--set", "buffer_size=10000000", "--device", "cpu"]
    assert run(asked, lambda _: 0) == 2
    out, err = capsys.readouterr()
    assert not out and "Traceback" not in err
    assert err.startswith("The memory of this machine has no room for this run: its networks and replay take 144 GB.")


def test_other_learners_say_what_would_be_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "initial_weights", lambda *_: np.empty(2**50))
    with pytest.raises(MemoryFull, match=r"no room for this run\. Choose fewer weights or fewer members\."):
        Session(RunSpec(world=open_world("gym:CartPole-v1"), algorithm="linear-q-learning"))
    monkeypatch.setattr(QLearning, "__init__", lambda *_: np.empty(2**50))
    with pytest.raises(MemoryFull, match=r"no room for this run\. Choose a smaller world or fewer members\."):
        Session(RunSpec(world=open_world("grid/lecture-3x4"), algorithm="q-learning"))


def test_a_process_of_an_environment_does_not_outlive_a_run_too_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(consent, "file", lambda: tmp_path / "trusted.json")
    monkeypatch.setattr(consent, "_here", {code_of(str(FOREIGN)).sha256})
    monkeypatch.setattr(DeepQLearner, "_make_replay", no_room)
    world = GymWorld(id="Corridor-v0", source=str(FOREIGN))
    with pytest.raises(MemoryFull, match=r"no room for this run\. Choose a smaller replay"):
        Session(RunSpec(world=world, algorithm="dqn", device="cpu"))
    assert not [process for process in multiprocessing.active_children() if process.name.startswith("environment")]


def test_a_run_whose_memory_fills_up_on_the_way_is_kept_as_it_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = DeepQLearner._update

    def update(self: DeepQLearner, *arguments: Any) -> None:
        if self.steps >= 120:
            no_room()
        usual(self, *arguments)

    monkeypatch.setattr(DeepQLearner, "_update", update)
    settings = [part for name, value in CONFIG.items() for part in ("--set", f"{name}={value}")]
    asked = ["train", "gym:CartPole-v1", "--algorithm", "dqn", "--steps", "200", "--device", "cpu", "--out", str(tmp_path), *settings]
    assert run(asked, lambda _: 0) == 2
    _, err = capsys.readouterr()
    assert f"The run is kept in {tmp_path}" in err and "has no room for this run: its networks and replay take" in err
    assert 0 < folder.describe(tmp_path)["units"] < 120


def test_a_gpu_too_small_to_begin_on_is_left(small: Callable[[str, int], None], capsys: pytest.CaptureFixture[str]) -> None:
    small("_make_replay", 0)
    settings = [part for name, value in CONFIG.items() for part in ("--set", f"{name}={value}")]
    assert run(["train", "gym:CartPole-v1", "--algorithm", "dqn", "--steps", "50", *settings], lambda _: 0) == 0
    out, err = capsys.readouterr()
    assert "50 steps" in out and "CPU" in out
    assert "The memory of the GPU is full: the run goes on on the processor." in err


def test_a_run_without_memory_to_fall_back_on_goes_on_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = DeepQLearner.state
    monkeypatch.setattr(learning, "APART", 0.0)
    monkeypatch.setattr(learning, "SLICE", 0.0)
    monkeypatch.setattr(DeepQLearner, "state", lambda self: no_room() if 20 <= self.steps < 200 else usual(self))
    settings = [part for name, value in CONFIG.items() for part in ("--set", f"{name}={value}")]
    asked = ["train", "gym:CartPole-v1", "--algorithm", "dqn", "--steps", "200", "--device", "cpu", "--out", str(tmp_path), *settings]
    assert run(asked, lambda _: 0) == 0
    _, err = capsys.readouterr()
    assert err.count("The memory of this machine was full: the run goes on") == 1
    assert folder.describe(tmp_path)["units"] == 200


def test_what_is_kept_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(spec("cpu"))
    timeline = Timeline(session, apart=0.0)
    session.advance(Budget(50))
    timeline.note(1.0)
    session.advance(Budget(10))
    with whole(timeline) as (kept, state):
        assert kept is session and state is None
    session.broken = True
    with whole(timeline) as (kept, state):
        assert kept is not session and kept.units == 60 and state is None
    monkeypatch.setattr(Timeline, "mended", no_room)
    with whole(timeline) as (kept, state):
        assert kept is session and state is not None and state.units == 50


def test_worlds_that_tell_no_size_are_told_without_one() -> None:
    unlisted = RunSpec(world=GymWorld(id="Elsewhere-v0"), algorithm="dqn")
    assert too_large(unlisted).sentence.startswith("The memory of this machine has no room for this run. Choose a smaller replay")
