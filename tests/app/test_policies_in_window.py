"""Policies of other programs in the window: imported by what a person clicks, at play, compared, and refused in a sentence."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from app.dialogs.policy import PolicyDialog
from app.picture import Status
from app.studio import Studio
from tests.app.hands import PATIENCE, Hands

SAMPLES = Path(__file__).parents[1] / "samples" / "policies"


def imported(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch, name: str) -> PolicyDialog:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(SAMPLES / name), ""))
    studio.window.actions_["import_world"].trigger()
    hands.qtbot.waitUntil(lambda: bool(studio.window.findChildren(PolicyDialog)), timeout=PATIENCE)
    (dialog,) = studio.window.findChildren(PolicyDialog)
    return dialog


def test_a_policy_plays_in_the_world_that_its_file_names_and_is_compared(
    studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = imported(studio, hands, monkeypatch, "dqn-CartPole-v1.zip")
    assert dialog.network.text() == "4–16–8–2, relu" and "gamma 0.99" in dialog.training.text()
    assert dialog.world.currentData() == "gym:CartPole-v1" and not dialog.activation.isEnabled()
    dialog.episodes.setValue(5)
    dialog.play.click()
    hands.until(Status.finished)
    assert studio.document.name == "gym:CartPole-v1" and studio.window.agent.algorithm.name == "policy"
    assert "dqn-CartPole-v1.zip" in studio.window.agent.form.rows["network"].field.editor.text()
    (record,) = studio.window.runs.records
    assert record.spec.algorithm == "policy" and len(record.history["episodes"]["return"]) == 5
    assert studio.window.runs.model.scores[0].final > 0


def test_the_activation_is_asked_where_the_file_does_not_say_it(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = imported(studio, hands, monkeypatch, "CartPole-v1__dqn__1__1700000000/pqn.pth")
    assert dialog.activation.isEnabled()
    dialog.activation.setCurrentIndex(dialog.activation.findText("tanh"))
    assert dialog.network.text() == "4–12–8–2, tanh, layer norm"
    dialog.reject()


def test_a_policy_for_the_open_world_is_offered_it(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.library("gym:FrozenLake-v1")
    dialog = imported(studio, hands, monkeypatch, "dqn-FrozenLake-v1.zip")
    assert dialog.world.currentData() == "gym:FrozenLake-v1"
    dialog.reject()


def test_what_is_no_policy_is_refused_in_a_sentence(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(SAMPLES / "ppo-CartPole-v1.zip"), ""))
    studio.window.actions_["import_world"].trigger()
    hands.qtbot.waitUntil(lambda: bool(studio.window.findChildren(QMessageBox)), timeout=PATIENCE)
    (box,) = studio.window.findChildren(QMessageBox)
    assert "an actor and a critic" in box.text()
    box.done(0)
