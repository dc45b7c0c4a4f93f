"""Environments of one's own in the real window: opened without being run, asked for once, contained when they break down."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from app.dialogs.consent import ConsentDialog
from app.dialogs.environment import EnvironmentDialog
from app.dialogs.printed import PrintedDialog
from app.picture import Status
from app.studio import Studio
from core.learner import Budget
from core.runs import folder
from core.runs.reproduce import differences
from core.runs.session import Session
from core.worlds.foreign import consent, running
from core.worlds.foreign.code import code_of
from core.worlds.gym import GymWorld, Limits
from tests.app.hands import PATIENCE, Hands

CORRIDOR = Path(__file__).parents[1] / "core" / "worlds" / "foreign" / "corridor.py"
SMALL: dict[str, Any] = {"widths": (8,), "learning_starts": 50}


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The corridor in a file that tells when it is run."""
    monkeypatch.setattr(consent, "file", lambda: tmp_path / "data" / "trusted.json")
    monkeypatch.setattr(consent, "_here", set())
    file = tmp_path / "corridor.py"
    file.write_text(CORRIDOR.read_text() + f"\nopen({str(tmp_path / 'ran')!r}, 'w').close()\n")
    return file


def shown(studio: Studio, kind: type) -> Any:
    return next((found for found in studio.window.findChildren(kind) if found.isVisible()), None)


def failure(studio: Studio, qtbot: QtBot) -> QMessageBox:
    qtbot.waitUntil(lambda: shown(studio, QMessageBox) is not None, timeout=PATIENCE)
    return shown(studio, QMessageBox)


def put(studio: Studio, file: Path, trouble: str = "", **limits: Any) -> None:
    """Open the corridor with a trouble of its own."""
    world = GymWorld(id="Corridor-v0", title="Corridor", source=str(file), arguments={"trouble": trouble}, **limits)
    studio.worlds.put(world, "corridor.py:Corridor-v0")


def test_it_is_opened_without_being_run_and_asked_for_once(studio: Studio, hands: Hands, qtbot: QtBot, file: Path, tmp_path: Path) -> None:
    studio.exchange.import_file(file)
    world = studio.document.world
    assert isinstance(world, GymWorld) and (world.id, world.source) == ("Corridor-v0", str(file))
    hands.learner("dqn", 150, **SMALL)
    hands.press("train")
    dialog = shown(studio, ConsentDialog)
    digest = code_of(str(file)).sha256
    facts = [label.text() for label in dialog.findChildren(QLabel)]
    assert str(file) in facts and f"{digest[:32]}\n{digest[32:]}" in facts
    assert dialog.cancel.isDefault()
    dialog.look.click()
    assert "class Corridor" in dialog.text.toPlainText()
    qtbot.mouseClick(dialog.cancel, Qt.MouseButton.LeftButton)
    assert studio.runs.status is Status.idle and not (tmp_path / "ran").exists()
    hands.press("train")
    qtbot.mouseClick(shown(studio, ConsentDialog).run, Qt.MouseButton.LeftButton)
    hands.until(Status.finished)
    assert (tmp_path / "ran").exists() and digest in json.loads(consent.file().read_text())["allowed"]
    qtbot.waitUntil(lambda: studio.runs.last is not None and studio.runs.last.viewer is not None, timeout=PATIENCE)
    assert studio.runs.last is not None and studio.runs.last.viewer is not None
    picture = studio.runs.last.viewer.picture
    assert picture is not None and picture.shape == (4, 7, 3)
    hands.press("reset")
    hands.press("train")
    assert shown(studio, ConsentDialog) is None, "asked once"
    hands.until(Status.finished)
    hands.press("back")
    hands.until_position(lambda position: position.units == 149)


def test_one_of_several_is_chosen(studio: Studio, qtbot: QtBot, file: Path, tmp_path: Path) -> None:
    file.write_text(
        file.read_text().replace("gymnasium.register", "# ") + "\nclass Longer(Corridor):\n    pass\nclass LongEnv(gymnasium.Env): pass\n"
    )
    studio.exchange.import_file(file)
    dialog = shown(studio, EnvironmentDialog)
    assert [dialog.name.itemText(row) for row in range(dialog.name.count())] == ["Corridor", "Longer", "LongEnv"]
    dialog.name.setCurrentIndex(1)
    dialog.limits.set_value(Limits(step_seconds=3))
    qtbot.mouseClick(dialog.open_, Qt.MouseButton.LeftButton)
    world = studio.document.world
    assert isinstance(world, GymWorld) and (world.id, world.step_seconds) == ("Longer", 3.0)
    assert not (tmp_path / "ran").exists()


def test_what_is_no_code_is_said(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("x = = 1\n")
    studio.exchange.import_file(file)
    dialog = shown(studio, EnvironmentDialog)
    assert "line 1: this is not Python (invalid syntax)" in dialog.line.text() and not dialog.open_.isEnabled()
    dialog.reject()


def test_a_world_file_names_it_from_its_folder(studio: Studio, file: Path, tmp_path: Path) -> None:
    studio.exchange.import_file(file)
    assert studio.worlds.save_to(tmp_path / "world.json")
    assert json.loads((tmp_path / "world.json").read_text())["source"] == "corridor.py"
    studio.worlds.open_file(tmp_path / "world.json")
    assert isinstance(studio.document.world, GymWorld) and studio.document.world.source == str(file)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("trouble", "limits", "said"),
    [
        ("hang@step", {"step_seconds": 0.3}, "step(0) took longer than 0.3 s, so its process was ended. Mend it, or give it more time."),
        (
            "eat@step",
            {"memory_gib": 0.25},
            "its process took more than 0.25 GiB of memory in step(0), so it was ended. "
            "Mend it, take fewer members, or give it more memory.",
        ),
    ],
)
def test_a_process_that_is_ended_ends_the_run_which_is_kept(
    studio: Studio, hands: Hands, qtbot: QtBot, file: Path, trouble: str, limits: dict[str, float], said: str
) -> None:
    text = file.read_text().replace('self._misbehave("step")', "self._misbehave('step' if action == 0 and self.steps > 6 else '')")
    file.write_text(text + "\nprint('here I am')\n")
    consent.allow(code_of(str(file)))
    put(studio, file, trouble, **limits)
    hands.learner("dqn", **SMALL)
    hands.press("train")
    box = failure(studio, qtbot)
    assert f"Corridor-v0: {said}" in box.text()
    assert "_misbehave" in box.detailedText()
    (kept,) = (path for path in studio.runs.conductor.worker.keep.glob("*") if str(path) in box.informativeText())
    with closing(folder.resume(kept)) as again, closing(Session(again.spec)) as known:
        known.advance(Budget(again.units))
        assert list(differences(again.state()["learner"], known.state()["learner"])) == [], "as it was before that step"
    box.done(0)
    studio.environments.show_printed()
    dialog = shown(studio, PrintedDialog)
    assert "here I am" in dialog.text.toPlainText()
    dialog.close()
    hands.library("grid/lecture-3x4")
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)


def test_pause_and_stop_do_not_wait_for_a_step(studio: Studio, hands: Hands, qtbot: QtBot, file: Path) -> None:
    """The run counts as held at once, and the step under way is taken in when it is done: no more of them."""
    consent.allow(code_of(str(file)))
    put(studio, file, "wait@step", step_seconds=3600)
    hands.learner("dqn", 100_000, **SMALL)
    worker, gate = studio.runs.conductor.worker, file.with_name("closed")
    hands.press("train")
    for button, status in (("train", Status.paused), ("stop", Status.stopped)):
        hands.until_picture(50)
        gate.write_text("")
        qtbot.waitUntil(lambda: any(process.keeps_waiting > 0.1 for process in running.processes()), timeout=PATIENCE)
        session = worker.session
        assert session is not None
        steps = session.learner.steps  # type: ignore[attr-defined]
        with qtbot.waitSignal(studio.runs.conductor.said, timeout=PATIENCE) as said:
            hands.press(button)
        assert said.args == [running.BUSY] and studio.runs.status is status and worker.status is Status.running
        gate.unlink()
        qtbot.waitUntil(lambda status=status: worker.status is status, timeout=PATIENCE)
        assert session.units == session.learner.steps == steps and not session.broken  # type: ignore[attr-defined]
        if status is Status.paused:
            hands.press("train")
            qtbot.waitUntil(lambda session=session, steps=steps: session.units > steps, timeout=PATIENCE)
    assert shown(studio, QMessageBox) is None


def test_reset_does_not_wait_for_a_hang(studio: Studio, hands: Hands, qtbot: QtBot, file: Path) -> None:
    consent.allow(code_of(str(file)))
    put(studio, file, "hang@step", step_seconds=3600)
    hands.learner("dqn", **SMALL)
    hands.press("train")
    qtbot.waitUntil(lambda: any(process.keeps_waiting > 0.5 for process in running.processes()), timeout=PATIENCE)
    hands.press("reset")
    qtbot.waitUntil(lambda: not any(process.keeps_waiting for process in running.processes()), timeout=PATIENCE)
    assert studio.runs.status is Status.idle and shown(studio, QMessageBox) is None


def test_a_kept_run_is_opened_without_being_run(studio: Studio, hands: Hands, qtbot: QtBot, file: Path, tmp_path: Path) -> None:
    consent.allow(code_of(str(file)))
    put(studio, file)
    hands.learner("dqn", 120, **SMALL)
    hands.press("train")
    hands.until(Status.finished)
    with qtbot.waitSignal(studio.runs.conductor.saved, timeout=PATIENCE):
        studio.runs.conductor.save(tmp_path / "run")
    hands.press("reset")
    (tmp_path / "ran").unlink()
    studio.runs.setup.open_folder(tmp_path / "run")
    assert studio.runs.status is Status.idle and isinstance(studio.document.world, GymWorld)
    assert studio.document.world.sha256 == "", "a new run takes the code as it is then"
    assert not (tmp_path / "ran").exists()
    hands.press("train")
    hands.until(Status.finished)
    assert (tmp_path / "ran").exists()
    hands.until_picture(120)
    hands.press("reset")
    file.write_text(file.read_text() + "\n")
    studio.runs.setup.open_folder(tmp_path / "run")
    hands.press("train")
    box = failure(studio, qtbot)
    assert "the code is not what it was" in box.text()
    box.done(0)
    assert folder.describe(tmp_path / "run")["units"] == 120
