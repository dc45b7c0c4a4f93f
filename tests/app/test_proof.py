"""A run is checked on the user's machine: made again and found equal, or not."""

import pytest
from PySide6.QtWidgets import QMessageBox

from app.picture import Status
from app.studio import Studio
from core.runs import reproduce
from tests.app.hands import PATIENCE, Hands


def checked(studio: Studio, hands: Hands) -> QMessageBox:
    with hands.qtbot.waitSignal(studio.proof.ended, timeout=PATIENCE) as told:
        studio.window.actions_["check_run"].trigger()
    box = told.args[0]
    assert isinstance(box, QMessageBox) and studio.proof.place is None
    return box


def test_a_run_is_found_equal_and_goes_on(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning", limit=2000, seed=5)
    hands.press("train")
    hands.until(Status.finished)
    box = checked(studio, hands)
    assert box.text() == "Equal to the bit after 2,000 steps."
    box.close()
    assert checked(studio, hands).text() == "Equal to the bit after 2,000 steps."


def test_a_difference_is_told(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.learner("q-learning", limit=500)
    hands.press("train")
    hands.until(Status.finished)
    in_order = reproduce.in_order
    calls: list[int] = []

    def altered(state: dict[str, object]) -> dict[str, object]:
        calls.append(1)
        return in_order(state) | ({"units": 7} if len(calls) == 1 else {})

    monkeypatch.setattr(reproduce, "in_order", altered)
    box = checked(studio, hands)
    assert "not the same after 500 steps" in box.text() and "units" in box.informativeText()


def test_without_a_run_there_is_nothing_to_check(studio: Studio) -> None:
    studio.window.actions_["check_run"].trigger()
    assert "no run to be checked" in studio.window.status.currentMessage() and studio.proof.place is None
