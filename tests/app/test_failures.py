"""What breaks inside a run shows one dialog, keeps the run, and leaves the studio usable."""

from collections.abc import Iterator
from typing import Any

import gymnasium
import numpy as np
import pytest
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
        if self.snapshot().counters.units >= 500:
            raise ZeroDivisionError("no such number")
        return advance(self, Budget(min(budget.units, 100), budget.boundaries))

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
    assert folder.describe(where)["units"] >= 500
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
