"""The studio as a person meets it: opened, clicked through, closed."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.picture import Status
from app.studio import Studio
from core.cli import run
from core.worlds.grid import GridWorld
from core.worlds.world import load
from tests.app.hands import PATIENCE, Hands


def grid(studio: Studio) -> GridWorld:
    assert isinstance(studio.document.world, GridWorld)
    return studio.document.world


def test_it_opens_on_the_lecture_world_and_comes_alive(studio: Studio, hands: Hands) -> None:
    assert studio.document.name == "grid/lecture-3x4"
    assert studio.window.windowTitle().startswith("Lecture 3×4")
    studio.welcome()
    hands.until_picture(units=5)
    assert studio.runs.conductor.status is Status.running
    assert studio.window.agent.algorithm.name == "q-learning"
    assert studio.window.stage.designer.views["grid"].view.snapshot is not None


def test_painting_goes_into_the_world_and_undoes_stroke_by_stroke(studio: Studio, hands: Hands) -> None:
    before = grid(studio)
    hands.paint("Wall", (0, 0), (0, 2))
    assert grid(studio).map[0][:3] == "###"
    hands.paint("Start", (1, 0))
    assert [row.count("S") for row in grid(studio).map] == [0, 1, 0]
    hands.paint("Erase", (0, 1))
    assert studio.window.isWindowModified()
    hands.press("undo")
    hands.press("undo")
    hands.press("undo")
    assert grid(studio) == before and not studio.window.isWindowModified()
    assert not studio.window.actions_["undo"].isEnabled()
    hands.press("redo")
    assert grid(studio).map[0][:3] == "###"


def test_a_world_is_saved_and_opened_again(studio: Studio, hands: Hands, tmp_path: Path) -> None:
    hands.paint("Trap", (2, 2))
    painted = grid(studio)
    assert studio.worlds.save_to(tmp_path / "mine.json")
    assert not studio.document.modified and load(tmp_path / "mine.json") == painted
    hands.library("grid/cliff-4x12")
    assert grid(studio).columns == 12
    studio.worlds.open_file(tmp_path / "mine.json")
    assert grid(studio) == painted and studio.document.name == "mine.json"


def test_a_bad_file_is_refused_in_a_sentence_and_changes_nothing(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text(json.dumps({"kind": "grid", "map": ["S.G", "S."]}))
    before = studio.document.world
    studio.worlds.open_file(file)
    box = studio.window.findChild(QMessageBox, "failure")
    assert box is not None and "bad.json" in box.text() and studio.document.world is before
    box.close()


def test_value_iteration_reaches_the_exact_values(studio: Studio, hands: Hands) -> None:
    hands.library("grid/russell-norvig-4x3")
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)
    assert studio.runs.last is not None and studio.runs.last.snapshot.values is not None
    state = grid(studio).compile().state_names.index("0,0")
    assert studio.runs.last.snapshot.values[state] == pytest.approx(0.81155822, abs=1e-8)
    assert studio.window.stage.designer.views["grid"].view.snapshot is studio.runs.last.snapshot


def test_one_step_is_one_backup_and_a_far_step_ends_the_sweep(studio: Studio, hands: Hands) -> None:
    hands.learner("value-iteration")
    hands.press("step")
    hands.until(Status.paused)
    hands.until_picture()
    assert hands.units() == 1
    hands.press("step")
    hands.until_picture(units=2)
    assert hands.units() == 2
    hands.press("step_far")
    hands.qtbot.waitUntil(lambda: studio.runs.last is not None and studio.runs.last.snapshot.counters.sweeps == 1, timeout=PATIENCE)
    hands.until(Status.paused)
    assert studio.window.explanation.explanation is not None


def test_pause_holds_still_and_train_goes_on(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until_picture(units=1000)
    hands.press("train")
    hands.until(Status.paused)
    qtbot.waitUntil(lambda: studio.runs.conductor.mailbox.empty, timeout=PATIENCE)
    still = hands.units()
    assert studio.window.actions_["train"].text() == "Continue"
    hands.press("train")
    hands.until_picture(units=still + 1)
    hands.press("stop")
    hands.until(Status.stopped)
    assert studio.window.stage.designer.views["grid"].view.snapshot is not None
    hands.press("reset")
    assert studio.runs.conductor.status is Status.idle and studio.window.stage.designer.views["grid"].view.snapshot is None


def test_a_run_forgotten_while_it_was_prepared_says_nothing_of_itself(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    hands.learner("q-learning")
    with qtbot.waitSignal(studio.runs.conductor.described, timeout=PATIENCE):
        hands.press("train")
        assert studio.runs.status is Status.preparing
        hands.press("reset")
    assert studio.runs.status is Status.idle and studio.window.status.device_label.text() == ""


def test_reset_and_train_at_once_begins_anew(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until_picture(units=1000)
    hands.press("reset")
    hands.learner("q-learning", limit=7)
    hands.press("train")
    hands.until(Status.finished)
    assert hands.units() == 7


def test_an_edit_during_training_forgets_the_run(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning", limit=10**12)
    hands.press("train")
    hands.until_picture(units=1000)
    hands.paint("Wall", (0, 1))
    assert studio.runs.conductor.status is Status.idle and studio.runs.last is None
    hands.press("train")
    hands.until_picture(units=1000)
    assert studio.runs.last is not None and studio.runs.last.snapshot.values is not None
    assert len(studio.runs.last.snapshot.values) == grid(studio).compile().states


def test_slow_speed_is_kept(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    hands.learner("q-learning", limit=10**9)
    studio.window.transport.set_speed(20)
    hands.press("train")
    hands.until_picture(units=10)
    assert hands.units() < 1000
    studio.window.transport.slider.setValue(studio.window.transport.slider.maximum())
    hands.until_picture(units=5000)


SAME = {
    "q-learning on the lecture's grid": ("grid/lecture-3x4", "q-learning", 6000, {}),
    "q-learning on a slippery lake": ("grid/frozen-lake-4x4", "q-learning", 9000, {}),
    "dqn on CartPole": ("gym:CartPole-v1", "dqn", 700, {"learning_starts": 100, "batch_size": 16, "widths": [32]}),
    "pqn on CartPole": ("gym:CartPole-v1", "pqn", 700, {"environments": 4, "rollout": 8, "minibatches": 2, "widths": [16]}),
}


@pytest.mark.parametrize("case", SAME)
def test_window_and_command_line_give_the_same_returns(studio: Studio, hands: Hands, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    world, algorithm, steps, settings = SAME[case]
    hands.library(world)
    hands.learner(algorithm, limit=steps, seed=5, **settings)
    for units in (1, 2, 3):
        hands.press("step")
        hands.until_picture(units)
        hands.until(Status.paused)
    hands.press("train")
    hands.until(Status.finished)
    assert studio.runs.last is not None
    seen = studio.runs.last.history["episodes"]["return"].tolist()
    options = [part for key, value in settings.items() for part in ("--set", f"{key}={json.dumps(value)}")]
    assert run(["train", world, "--algorithm", algorithm, "--steps", str(steps), "--seed", "5", "--json", *options], lambda _: 0) == 0
    assert [seen] == json.loads(capsys.readouterr().out)["returns"] and len(seen) > 10


def test_dqn_plays_in_the_viewer_and_plots_its_loss(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    hands.library("gym:CartPole-v1")
    hands.learner("dqn", learning_starts=50, batch_size=16, widths=(32,))
    hands.press("train")
    view = studio.window.stage.environment
    qtbot.waitUntil(lambda: view.frame is not None and view.frame.picture is not None, timeout=PATIENCE)
    assert view.frame is not None and view.frame.picture is not None and view.frame.picture.std() > 0
    assert studio.window.stage.currentWidget() is studio.window.stage.play
    hands.until_picture(units=200)
    loss = next(plot for plot in studio.window.plots.shown() if plot.plot.name == "loss")
    qtbot.waitUntil(lambda: not loss.waiting, timeout=PATIENCE)
    assert "CPU" in studio.window.status.device_label.text()
    hands.press("train")
    hands.until(Status.paused)


def test_lunar_lander_trains_and_is_seen(studio: Studio, hands: Hands, qtbot: QtBot) -> None:
    hands.library("gym:LunarLander-v3")
    hands.learner("dqn", learning_starts=50, batch_size=16, widths=(32,))
    hands.press("train")
    view = studio.window.stage.environment
    qtbot.waitUntil(lambda: view.frame is not None and view.frame.picture is not None, timeout=PATIENCE)
    hands.until_picture(units=100)
    assert view.frame is not None and len(view.frame.observation) == 8


def test_a_small_table_world_shows_its_graph_with_what_was_learnt(studio: Studio, hands: Hands) -> None:
    hands.library("mdp/three-state")
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)
    assert studio.window.stage.designer.shown == ["graph"]
    canvas = studio.window.stage.designer.views["graph"].canvas
    assert canvas.shade is not None and canvas.bold == {("s0", "a0"), ("s1", "a0"), ("s2", "a1")}


def test_settings_out_of_bounds_are_marked_and_nothing_starts(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning")
    studio.window.agent.limit.setText("many")
    hands.press("train")
    assert studio.runs.conductor.status is Status.idle
    assert studio.window.agent.error.isVisible() and "many" in studio.window.agent.error.text()


def test_closing_during_training_ends_the_thread_and_keeps_the_run(studio: Studio, hands: Hands) -> None:
    hands.learner("q-learning", limit=10**12)
    kept = set(studio.runs.conductor.worker.keep.glob("*")) if studio.runs.conductor.worker.keep.exists() else set()
    hands.press("train")
    hands.until_picture(units=1000)
    thread = studio.runs.conductor.thread_
    assert studio.window.close()
    assert thread.isFinished()
    assert len(set(studio.runs.conductor.worker.keep.glob("*")) - kept) == 1


def test_closing_with_unsaved_edits_asks(studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.paint("Wall", (0, 0))
    asked: list[str] = []

    def answer(*arguments: object, **_: object) -> QMessageBox.StandardButton:
        asked.append(str(arguments[2]))
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "question", answer)
    assert not studio.window.close()
    assert asked and studio.window.isVisible() and studio.runs.conductor.thread_.isRunning()


def test_a_change_of_language_before_an_environment_leaves_the_window_as_wide_as_it_was(studio: Studio, hands: Hands) -> None:
    hands.library("gym:CartPole-v1")
    studio.window.resize(1200, 860)
    studio.window.actions_["korean"].trigger()
    QApplication.processEvents()
    assert studio.window.minimumSizeHint().width() < studio.window.width() == 1200


def test_colours_language_and_size_change_while_a_run_goes_on(studio: Studio, hands: Hands) -> None:
    studio.window.resize(1900, 1000)
    hands.learner("q-learning", limit=10**12, seed=42, initial_value=0.25)
    hands.press("train")
    hands.until_picture(units=1000)
    plots = [plot.plot.name for plot in studio.window.plots.shown()]
    hands.press("dark")
    studio.window.actions_["larger"].trigger()
    studio.window.actions_["korean"].trigger()
    assert studio.window.actions_["train"].text() == "일시정지"
    done = hands.units()
    hands.until_picture(units=done + 1)
    assert studio.runs.conductor.status is Status.running
    agent, board = studio.window.agent, studio.window.plots
    assert (agent.algorithm.name, agent.seed.value(), agent.form.value().initial_value) == ("q-learning", 42, 0.25)
    assert [plot.plot.name for plot in board.shown()] == plots and not board.shown()[0].waiting
    studio.window.actions_["korean"].trigger()
    assert studio.window.actions_["train"].text() == "Pause"


def test_the_palette_finds_a_command_and_does_it(studio: Studio, qtbot: QtBot) -> None:
    from app.dialogs.commands import CommandPalette

    studio.window.actions_["commands"].trigger()
    palette = studio.window.findChild(CommandPalette)
    assert palette is not None
    qtbot.keyClicks(palette.line, "new gr")
    assert [item.text(0) for item in palette.items()] == ["New grid world"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert studio.document.name == "new"


def test_a_rule_typed_just_before_train_counts(studio: Studio, hands: Hands) -> None:
    editor = studio.window.world_panel.form.rows["living_reward"].field
    editor.put(-0.5)
    editor.edited.emit()
    hands.learner("value-iteration")
    hands.press("train")
    hands.until(Status.finished)
    assert grid(studio).living_reward == -0.5
    assert studio.runs.last is not None and studio.runs.last.snapshot.values is not None
    assert studio.runs.last.snapshot.values.min() < 0


def test_the_far_step_keeps_its_name_in_other_colours(studio: Studio, hands: Hands) -> None:
    hands.learner("value-iteration")
    hands.press("step")
    hands.until(Status.paused)
    hands.press("dark")
    assert studio.window.actions_["step_far"].text() == "Step to the end of the sweep"
