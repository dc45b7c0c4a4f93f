"""What breaks inside a run shows one dialog, keeps the run, and leaves the studio usable."""

import errno
from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from app.picture import Status
from app.studio import Studio
from core.learner import Budget, Progress
from core.runs import folder
from core.tabular import q_learning
from core.worlds.gym import GymWorld
from tests.app.hands import PATIENCE, Hands


class Faulty(gymnasium.Env[Any, Any]):
    """Breaks on its 60th step."""

    observation_space = gymnasium.spaces.Box(-1, 1, (2,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)
    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode
        self.steps = 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        return np.zeros(2, np.float32), {}

    def step(self, action: int) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        self.steps += 1
        if self.steps > 60:
            raise RuntimeError("out of fuel")
        return np.zeros(2, np.float32), 1.0, self.steps % 7 == 0, False, {}

    def render(self) -> Any:
        return np.zeros((40, 60, 3), np.uint8)


@pytest.fixture
def faulty() -> Iterator[GymWorld]:
    gymnasium.register("Faulty-v0", entry_point=Faulty)
    yield GymWorld(id="Faulty-v0", title="Faulty")
    del gymnasium.registry["Faulty-v0"]


def dialogs(studio: Studio) -> list[QMessageBox]:
    return [box for box in studio.window.findChildren(QMessageBox, "failure") if box.isVisible()]


def usable(studio: Studio, hands: Hands) -> None:
    """Another run on another world works."""
    hands.library("grid/lecture-3x4")
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)


def leave_the_gpu_and_finish(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    """Train on a GPU without memory: one line says that the run leaves it, and the run goes on to its end."""
    hands.library("gym:CartPole-v1")
    hands.learner("dqn", 300, widths=(8,), learning_starts=50)
    with qtbot.waitSignal(studio.runs.conductor.said, timeout=PATIENCE) as said:
        hands.press("train")
    assert said.args[0].startswith("The memory of the GPU is full: from step ")
    hands.until(Status.finished)
    hands.until_picture(300)
    assert not dialogs(studio)


def test_a_breaking_environment_is_told_in_one_sentence(studio: Studio, hands: Hands, faulty: GymWorld) -> None:
    studio.document.open(faulty, "faulty")
    hands.learner("dqn", learning_starts=1000, widths=(8,))
    hands.press("train")
    hands.until(Status.failed)
    (box,) = dialogs(studio)
    assert "out of fuel" in box.text() and "Faulty" in box.text() and not box.detailedText()
    box.close()
    usable(studio, hands)


def test_a_learner_that_raises_is_a_bug_with_a_report_and_its_run_is_kept(
    studio: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance = q_learning.QLearning.advance

    def broken(self: q_learning.QLearning, budget: Budget) -> Progress:
        left = 500 - self.snapshot().counters.units
        if left <= 0:
            raise ZeroDivisionError("no such number")
        return advance(self, Budget(min(budget.units, left), budget.boundaries))

    monkeypatch.setattr(q_learning.QLearning, "advance", broken)
    hands.learner("q-learning")
    hands.press("train")
    hands.until(Status.failed)
    qtbot.waitUntil(lambda: len(dialogs(studio)) > 0, timeout=PATIENCE)
    (box,) = dialogs(studio)
    assert "ZeroDivisionError: no such number" in box.informativeText() and "test_failures.py" in box.detailedText()
    copy = next(button for button in box.findChildren(QPushButton) if button.text() == "Copy report")
    copy.click()
    assert studio.window.isVisible()
    where = max(studio.runs.conductor.worker.keep.glob("*"), key=lambda path: path.stat().st_mtime)
    assert folder.describe(where)["units"] == 500
    assert str(where) in box.informativeText()
    box.close()
    monkeypatch.undo()
    usable(studio, hands)


def test_a_device_that_is_not_there_is_named(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    from core import devices

    monkeypatch.setattr(devices, "available", lambda: ("cpu",))
    hands.library("gym:CartPole-v1")
    hands.learner("dqn")
    studio.window.agent.device.setCurrentText("cuda")
    hands.press("train")
    hands.until(Status.failed)
    (box,) = dialogs(studio)
    assert "cuda" in box.text() and not box.detailedText()
    box.close()
    studio.window.agent.device.setCurrentText("auto")
    usable(studio, hands)


def test_a_run_too_large_for_memory_is_told_with_what_it_takes(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.deep.engine.learner import DeepQLearner

    monkeypatch.setattr(DeepQLearner, "_make_replay", lambda _: torch.empty(2**50))
    hands.library("gym:CartPole-v1")
    hands.learner("dqn", buffer_size=10_000_000)
    hands.press("train")
    hands.until(Status.failed)
    (box,) = dialogs(studio)
    assert "its networks and replay take 562 MB" in box.text() and "smaller replay" in box.text() and not box.detailedText()
    box.close()
    monkeypatch.undo()
    usable(studio, hands)


def test_a_gpu_too_small_for_a_run_is_left_before_it_begins(
    studio: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.deep.engine.learner import DeepQLearner

    usual = DeepQLearner._make_replay

    def full(self: DeepQLearner) -> Any:
        if self.task.device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return usual(self)

    monkeypatch.setattr(DeepQLearner, "_make_replay", full)
    hands.library("gym:CartPole-v1")
    hands.learner("dqn", 50, widths=(8,))
    with qtbot.waitSignal(studio.runs.conductor.said, timeout=PATIENCE) as said:
        hands.press("train")
    assert said.args == ["The memory of the GPU is full: the run goes on on the processor"]
    hands.until(Status.finished)
    assert not dialogs(studio)


def test_a_gpu_without_memory_is_left(studio: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.deep.engine.learner import DeepQLearner

    learn = DeepQLearner._update

    def full(self: DeepQLearner, *arguments: Any) -> None:
        if self.task.device != "cpu" and self.steps > 100:
            raise torch.OutOfMemoryError("CUDA out of memory")
        learn(self, *arguments)

    monkeypatch.setattr(DeepQLearner, "_update", full)
    leave_the_gpu_and_finish(studio, hands, qtbot)
    hands.press("back")
    hands.until_position(lambda position: position.units == 299)


@pytest.mark.parametrize("method", ["state", "snapshot", "explain"])
def test_a_gpu_without_memory_for_a_look_at_the_run_is_left(
    method: str, studio: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.deep.engine.learner import DeepQLearner

    usual = getattr(DeepQLearner, method)

    def full(self: DeepQLearner, *arguments: Any) -> Any:
        if self.task.device != "cpu" and self.steps > 100:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return usual(self, *arguments)

    monkeypatch.setattr(DeepQLearner, method, full)
    leave_the_gpu_and_finish(studio, hands, qtbot)


def test_a_change_without_room_on_the_gpu_is_made_on_the_processor(
    studio: Studio, hands: Hands, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.deep.engine.learner import DeepQLearner

    hands.library("gym:CartPole-v1")
    hands.learner("dqn", 100_000, widths=(8,), learning_starts=50)
    hands.press("train")
    hands.until_picture(200)
    hands.press("train")
    hands.until(Status.paused)
    usual = DeepQLearner._make_replay

    def full(self: DeepQLearner) -> Any:
        if self.task.device != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return usual(self)

    monkeypatch.setattr(DeepQLearner, "_make_replay", full)
    session = studio.runs.conductor.worker.session
    assert session is not None
    config = session.spec.settings().model_dump(mode="json") | {"learning_rate": "constant(0.0001)"}
    with qtbot.waitSignal(studio.runs.conductor.changed, timeout=PATIENCE) as told:
        studio.runs.conductor.change(config, None, "slower")
    session = studio.runs.conductor.worker.session
    assert session is not None and told.args == [session.units, "slower", ""]
    assert session.spec.changes[-2].device == "cpu" and session.spec.changes[-1].config == config
    assert studio.runs.status is Status.paused and not dialogs(studio)


def test_a_full_disk_is_told_once_while_the_run_goes_on(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    studio.runs.conductor.said.connect(lambda problem: told.append(problem) if problem else None)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    hands.library("grid/lecture-3x4")
    hands.learner("q-learning", limit=10**12)
    with monkeypatch.context() as patch:
        patch.setattr("core.runs.folder.replacing", full)
        for units in (1, 1000, 2000):
            hands.press("train")
            hands.until(Status.running)
            hands.until_picture(units)
            hands.press("train")
            hands.until(Status.paused)
            studio.runs.conductor.worker.keeping.autosave.wait()
    hands.qtbot.waitUntil(lambda: len(told) == 1, timeout=PATIENCE)
    assert "No space left on device" in told[0] and told[0].endswith("The run goes on, and is kept once that works")
    hands.press("train")
    hands.until(Status.running)
    hands.press("train")
    hands.until(Status.paused)
    hands.qtbot.waitUntil(lambda: told[1:] == ["The run is kept again"], timeout=PATIENCE)
    assert studio.runs.status is Status.paused
