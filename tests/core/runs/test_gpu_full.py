"""A GPU without memory, injected where networks learn and where they are made: the run goes on on the processor, and says so."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from core import devices
from core.cli import learning, run
from core.deep.engine.learner import DeepQLearner
from core.demonstration import Demonstration
from core.errors import DeviceError, MemoryFull
from core.learner import Budget
from core.runs import folder
from core.runs.reproduce import differences, reproduce
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
    assert devices.is_full(RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"))


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


SHOWN = Demonstration(seen=((0.0, 0.0, 0.0, 0.0), (0.1, 0.0, 0.0, 0.0)), actions=(1,), rewards=(1.0,))


def no_memory(*_: object, **__: object) -> None:
    raise torch.OutOfMemoryError("CUDA out of memory")


def changed(session: Session, units: int) -> dict[str, object]:
    """Go on to some step and lower the learning rate there; the new settings."""
    session.advance(Budget(units - session.units))
    config = session.spec.settings().model_dump(mode="json") | {"learning_rate": "constant(0.0001)"}
    session.change(config)
    return config


def test_a_change_since_the_kept_state_is_made_again(small: Callable[[str, int], None]) -> None:
    small("_update", 120)
    session = Session(spec())
    timeline = Timeline(session, apart=0.0)
    session.advance(Budget(50))
    timeline.note(10.0)
    config = changed(session, 70)
    with pytest.raises(torch.OutOfMemoryError):
        session.advance(Budget(100))
    moved = timeline.moved("cpu").session
    assert [(change.units, change.device) for change in moved.spec.changes] == [(50, "cpu"), (70, None)]
    moved.advance(Budget(70))
    known = Session(spec("cpu"))
    assert config == changed(known, 70)
    known.advance(Budget(50))
    assert moved.units == known.units == 120
    assert list(differences(moved.state()["learner"], known.state()["learner"])) == []


def test_a_run_that_is_whole_loses_nothing() -> None:
    session, known = Session(spec()), Session(spec("cpu"))
    timeline = Timeline(session, apart=1000.0)
    session.advance(Budget(100))
    known.advance(Budget(100))
    moved = timeline.moved("cpu").session
    assert moved.units == 100 and [(change.units, change.device) for change in moved.spec.changes] == [(100, "cpu")]
    assert list(differences(moved.state()["learner"], known.state()["learner"])) == []


def test_a_run_that_was_taught_by_half_goes_on_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(spec())
    timeline = Timeline(session, apart=0.0)
    session.advance(Budget(50))
    timeline.note(1.0)
    session.advance(Budget(10))
    with monkeypatch.context() as patch, pytest.raises(torch.OutOfMemoryError):
        patch.setattr(DeepQLearner, "take_in", no_memory)
        session.teach(SHOWN)
    assert session.broken and timeline.moved("cpu").session.units == 50


def test_a_change_that_has_no_room_changes_nothing(small: Callable[[str, int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    session, known = Session(spec()), Session(spec())
    known.advance(Budget(90))
    with monkeypatch.context() as patch:
        patch.setattr(DeepQLearner, "_make_replay", lambda _: torch.empty(2**50))
        with pytest.raises(MemoryFull):
            changed(session, 60)
    assert session.spec.changes == () and session.changed == 0 and not session.broken
    session.advance(Budget(30))
    assert list(differences(session.state()["learner"], known.state()["learner"])) == []


def test_another_device_is_a_change_of_a_run_resumed_on_it(tmp_path: Path) -> None:
    session = Session(spec())
    session.advance(Budget(60))
    folder.save(session, tmp_path)
    moved = folder.resume(tmp_path, device="cpu", steps=100)
    assert moved.spec.device == "auto" and [(change.units, change.device) for change in moved.spec.changes] == [(60, "cpu")]
    moved.advance(Budget(40))
    folder.save(moved, tmp_path)
    assert folder.resume(tmp_path, device="cpu").spec == moved.spec, "it is there already"
    assert reproduce(tmp_path) == []


def test_too_much_is_not_lost_silently(small: Callable[[str, int], None]) -> None:
    small("_update", 120)
    session = Session(spec())
    timeline = Timeline(session, apart=1000.0)
    session.advance(Budget(100))
    timeline.note(61.0)
    with pytest.raises(torch.OutOfMemoryError):
        session.advance(Budget(100))
    with pytest.raises(DeviceError, match="the memory of the GPU is full"):
        timeline.moved("cpu")


@pytest.mark.parametrize(("method", "since"), [("_update", 50), ("state", 1)])
def test_the_command_line_says_it_and_goes_on(
    method: str, since: int, small: Callable[[str, int], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "APART", 0.0)
    small(method, since)
    settings = [part for name, value in CONFIG.items() for part in ("--set", f"{name}={value}")]
    assert run(["train", "gym:CartPole-v1", "--algorithm", "dqn", "--steps", "120", "--seed", "2", *settings], lambda _: 0) == 0
    out, err = capsys.readouterr()
    assert "120 steps" in out
    assert "The memory of the GPU is full: from step " in err and "the run goes on on the processor." in err
