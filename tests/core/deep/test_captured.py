"""Updates recorded once and replayed."""

from contextlib import nullcontext
from typing import Any
from unittest.mock import MagicMock

import numpy as np
import pytest
import torch

from core import devices
from core.deep.engine import network_learner
from core.deep.engine.captured import TROUBLE, Captured, Record, Work, recorder
from core.learner import Budget
from tests.core.deep.conftest import Made
from tests.core.deep.recording import Traces, in_torch_alone, only_on

STEPS = 300


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Traces:
    """What learners record with, in the place of nothing."""
    made = Traces()
    in_torch_alone(monkeypatch)
    monkeypatch.setattr(network_learner, "recorder", lambda device: made)
    return made


CASES = [
    ("gym:CartPole-v1", {}),
    ("gym:CartPole-v1", {"learning_rate": "linear(0.01, 0.0001, 200)", "target_update": "soft", "dueling": "mean"}),
    ("gym:CartPole-v1", {"target_update": "none", "optimizer": "sgd", "gradient_clip": 1.0, "clip_by": "value", "averaging": 0.01}),
    ("gym:CartPole-v1", {"prioritised": True, "n_step": 3, "optimizer": "amsgradw", "double": False}),
    ("gym:CartPole-v1", {"noisy": True, "distribution": "categorical", "dueling": "max", "optimizer": "rmsprop"}),
    ("grid/lecture-3x4", {"distribution": "quantile", "atoms": 8, "optimizer": "adamw", "layer_norm": True}),
]


@pytest.mark.parametrize(("world", "settings"), CASES)
def test_a_replayed_update_is_the_update(made: Made, monkeypatch: pytest.MonkeyPatch, world: str, settings: dict[str, Any]) -> None:
    plain = made(world, 3, **settings)
    traces = Traces()
    in_torch_alone(monkeypatch)
    monkeypatch.setattr(network_learner, "recorder", lambda device: traces)
    replayed = made(world, 3, **settings)
    for learner in (plain, replayed):
        learner.advance(Budget(STEPS))
    assert traces.replays == plain.updates == replayed.updates and replayed.notices == ()
    close(plain.online.parameters, replayed.online.parameters)
    close(plain.target.parameters, replayed.target.parameters)
    mine, theirs = plain.explain(2), replayed.explain(2)
    assert mine is not None and theirs is not None and mine.result == pytest.approx(theirs.result, abs=1e-3)
    assert plain.streams[2].state() == replayed.streams[2].state()


@pytest.mark.parametrize(("world", "settings"), CASES)
def test_an_update_touches_nothing_but_its_device(
    made: Made, monkeypatch: pytest.MonkeyPatch, traces: Traces, world: str, settings: dict[str, Any]
) -> None:
    """On a device of shapes alone, where nothing can be read: a graph of a GPU holds no tensor of the host."""
    shapes = torch.device("meta")
    monkeypatch.setattr(devices, "choose", lambda name: shapes)
    learner = made(world, 3, **settings)
    with only_on(shapes):
        learner._learn(learner.replay.minibatch)
    with pytest.raises(AssertionError, match="cpu"), only_on(shapes):
        learner._rate.tensor.copy_(torch.ones(3, 1))


def close(one: torch.Tensor, other: torch.Tensor) -> None:
    np.testing.assert_allclose(one.numpy(), other.numpy(), rtol=1e-3, atol=1e-4)


def test_a_run_goes_on_replayed_after_it_was_restored(made: Made, traces: Traces) -> None:
    straight, other = made(members=2), made(members=2, seed=5)
    straight.advance(Budget(100))
    other.advance(Budget(70))
    other.restore(straight.state())
    for learner in (straight, other):
        learner.advance(Budget(60))
    assert torch.equal(straight.online.parameters, other.online.parameters)
    assert straight.optimizer.count == other.optimizer.count == straight.updates


@pytest.mark.parametrize(
    "settings", [{"optimizer": "nadam"}, {"optimizer": "radam"}, {"learning_rate": "linear(0.01, 0.001, 9, per=episode)"}]
)
def test_work_that_changes_is_not_recorded(made: Made, traces: Traces, settings: dict[str, Any]) -> None:
    learner = made(members=2, **settings)
    learner.advance(Budget(100))
    assert (learner.updates, traces.replays, learner.notices) == (81, 0, ())


def test_a_stopped_member_ends_the_replays(made: Made, traces: Traces) -> None:
    """Its learning rate is another one from then on."""
    learner = made(members=2, epsilon=1.0)
    learner.advance(Budget(60))
    replays = traces.replays
    with torch.inference_mode():
        learner.online.parameters[1] = torch.nan
    learner.advance(Budget(60))
    assert list(learner.stopped) == [1]
    assert replays < traces.replays < learner.updates and (learner.online.parameters[1] == 0.0).all()


def raises(work: Work[Any]) -> Work[Any]:
    work()
    raise RuntimeError("operation not permitted when stream is capturing")


def forgets(work: Work[Any]) -> Work[Any]:
    """A recording that holds on to what it came to at first."""
    done = work()
    return lambda: tuple(part.clone() for part in done)


@pytest.mark.parametrize("record", [raises, forgets])
def test_a_recording_that_fails_or_errs_is_not_used(record: Record) -> None:
    number = torch.ones(3)

    def work() -> tuple[torch.Tensor, torch.Tensor]:
        number.mul_(2.0)
        return number + 1.0, number.sum()

    captured: Captured[tuple[torch.Tensor, torch.Tensor]] = Captured([number], record)
    for turn in range(1, 5):
        more, total = captured(work)
        assert number.tolist() == [2.0**turn] * 3
        assert more.tolist() == [2.0**turn + 1.0] * 3 and total == 3 * 2.0**turn
    assert captured.trouble == TROUBLE


def test_a_learner_whose_updates_cannot_be_recorded_says_so_and_learns_on(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = made(members=2)
    monkeypatch.setattr(network_learner, "recorder", lambda device: raises)
    learner = made(members=2)
    for each in (plain, learner):
        each.advance(Budget(100))
    assert plain.notices == () and learner.notices == (TROUBLE,)
    close(plain.online.parameters, learner.online.parameters)


class FakeGraph:
    """What CUDA would be asked for, in order."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked

    def capture_begin(self, capture_error_mode: str) -> None:
        self.asked.append("begin")

    def capture_end(self) -> None:
        self.asked.append("end")

    def replay(self) -> None:
        self.asked.append("replay")


@pytest.mark.parametrize("fails", [False, True])
def test_a_graph_is_recorded_once_its_work_has_warmed_up(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    asked: list[str] = []
    for name in ("device", "stream"):
        monkeypatch.setattr(torch.cuda, name, lambda which: nullcontext())
    monkeypatch.setattr(torch.cuda, "Stream", MagicMock())
    monkeypatch.setattr(torch.cuda, "current_stream", MagicMock())
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: asked.append("wait"))
    monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: FakeGraph(asked))

    def work() -> tuple[str]:
        asked.append("work")
        if fails and "begin" in asked:
            raise RuntimeError("operation not permitted when stream is capturing")
        return ("done",)

    record = recorder(torch.device("cuda:0"))
    assert record is not None and recorder(torch.device("cpu")) is recorder(torch.device("mps")) is None
    recorded = ["work"] * 3 + ["wait", "begin", "work", "end"]
    if fails:
        with pytest.raises(RuntimeError, match="not permitted"):
            record(work)
        assert asked == recorded
        return
    replay = record(work)
    assert replay() == replay() == ("done",)
    assert asked == [*recorded, "replay", "replay"]


@pytest.mark.gpu
def test_a_gpu_replays_the_updates(made: Made) -> None:
    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device")
    here, there = made(members=3), made(members=3, device="cuda")
    for learner in (here, there):
        learner.advance(Budget(100))
    assert there.notices == () and there._captured.replayed
    np.testing.assert_allclose(here.online.parameters.numpy(), there.online.parameters.cpu().numpy(), rtol=1e-3, atol=1e-3)
