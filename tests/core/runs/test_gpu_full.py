"""A GPU without memory, injected where networks learn and where they are made: the run goes on on the processor, and says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from core import devices
from core.cli import run
from core.deep.engine.learner import DeepQLearner
from core.errors import DeviceError
from core.learner import Budget
from core.runs import folder
from core.runs.reproduce import differences
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.runs.timeline import Timeline
from core.worlds.library import open_world

CONFIG = {"widths": [8], "learning_starts": 20, "batch_size": 4, "buffer_size": 200}


def spec(device: str = "auto") -> RunSpec:
    return RunSpec(world=open_world("gym:CartPole-v1"), algorithm="dqn", config=CONFIG, seed=2, device=device, steps=200)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int], None]:
    """Lets a method of learners on any device but "cpu" find no memory from a step on; "auto" takes the place of a GPU."""

    def shrink(name: str, since: int) -> None:
        usual = getattr(DeepQLearner, name)

        def full(self: DeepQLearner, *arguments: object) -> object:
            if self.task.device != "cpu" and self.steps >= since:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return usual(self, *arguments)

        monkeypatch.setattr(DeepQLearner, name, full)
        monkeypatch.setattr(devices, "available", lambda: ("cpu",))

    return shrink


def test_only_that_error_says_so() -> None:
    assert devices.is_full(torch.OutOfMemoryError("CUDA out of memory"))
    assert not devices.is_full(RuntimeError("something else"))


def test_nothing_is_lost_and_nothing_done_twice(small: Callable[[str, int], None], tmp_path: Path) -> None:
    small("_update", 120)
    session = Session(spec())
    timeline = Timeline(session, apart=0.0)
    with pytest.raises(torch.OutOfMemoryError):
        for _ in range(20):
            session.advance(Budget(10))
            timeline.note(10.0)
    assert session.broken and session.units == 110
    moved = timeline.moved("cpu")
    assert [(change.units, change.device) for change in moved.session.spec.changes] == [(110, "cpu")]
    moved.session.advance(Budget(90))
    known = Session(spec("cpu"))
    known.advance(Budget(200))
    assert list(differences(moved.session.state()["learner"], known.state()["learner"])) == []
    folder.save(moved.session, tmp_path)
    again = folder.resume(tmp_path)
    assert again.learner.task.device == "cpu" and again.spec.at(200).device == "cpu"  # type: ignore[attr-defined]
    assert moved.go(50).units == 50


def test_too_much_is_not_lost_silently(small: Callable[[str, int], None]) -> None:
    small("_update", 120)
    session = Session(spec())
    timeline = Timeline(session, apart=1000.0)
    session.advance(Budget(100))
    timeline.note(61.0)
    with pytest.raises(DeviceError, match="the memory of the GPU is full"):
        timeline.moved("cpu")


def test_the_command_line_says_it_and_goes_on(small: Callable[[str, int], None], capsys: pytest.CaptureFixture[str]) -> None:
    small("_update", 50)
    settings = [part for name, value in CONFIG.items() for part in ("--set", f"{name}={value}")]
    assert run(["train", "gym:CartPole-v1", "--algorithm", "dqn", "--steps", "120", "--seed", "2", *settings], lambda _: 0) == 0
    out, err = capsys.readouterr()
    assert "120 steps" in out
    assert "The memory of the GPU is full: from step " in err and "the run goes on on the processor." in err
