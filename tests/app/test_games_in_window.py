"""Atari in the window: watched in its own colours, played by keys, recorded, and told where something is not there."""

from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.panels.world import WorldPanel
from app.picture import Status
from app.studio import Studio
from app.viewing.orders import Film
from core.learner import Budget
from core.pictures import Pictures
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.gym import GymWorld
from core.worlds.screen import Screen
from tests.app.hands import PATIENCE, Hands
from tests.app.test_watching import Spectator, spectator
from tests.games import BREAKOUT, GAME, PONG, needs_games

__all__ = ["spectator"]
SMALL = {"learning_starts": 10, "batch_size": 4, "buffer_size": 100, "channels": (4, 4), "widths": (8,)}


@needs_games
def test_a_game_is_learnt_watched_and_recorded(spectator: Spectator, qtbot: QtBot, tmp_path: Path) -> None:
    spectator.train(PONG, "dqn", 30, **SMALL)
    frame = spectator.until(lambda frame: frame.step > 2)
    assert frame.picture is not None and frame.picture.shape == (210, 160, 3)
    assert np.ptp(frame.picture.astype(int), axis=2).max() > 40, "in colours"
    assert len(frame.action_values) == 6 and np.isfinite(frame.action_values).all()
    assert spectator.studio.runs.conductor.worker.show.viewer.rate == 15.0
    below = spectator.studio.window.below
    shown = [below.tabText(place) for place in range(below.count()) if below.isTabVisible(place)]
    assert shown == ["Plots", "Runs"], "neither values of all states nor slices of an observation of 28,224 numbers"
    file = tmp_path / "pong.gif"
    spectator.page.ordered.emit(Film(file, 1))
    spectator.until(lambda frame: (frame.filmed or 0) > 20)
    spectator.page.film()
    qtbot.waitUntil(file.exists, timeout=PATIENCE)
    with Image.open(file) as film:
        assert film.size == (160, 210)


@needs_games
def test_a_game_is_played_with_keys(spectator: Spectator, qtbot: QtBot, hands: Hands) -> None:
    hands.library(BREAKOUT)
    hands.learner("dqn", seed=1, limit=20, **SMALL)
    page = spectator.page
    spectator.click("steer")
    spectator.until(lambda frame: frame.steered and frame.waiting)
    qtbot.keyPress(page.view, Qt.Key.Key_Space)
    qtbot.keyPress(page.view, Qt.Key.Key_D)
    spectator.until(lambda frame: frame.step > 5 and frame.action == 2)
    qtbot.keyRelease(page.view, Qt.Key.Key_D)
    spectator.until(lambda frame: frame.action == 1)
    qtbot.keyRelease(page.view, Qt.Key.Key_Space)
    spectator.until(lambda frame: frame.action == 0)
    assert spectator.studio.runs.conductor.status is not Status.failed


@needs_games
def test_what_is_played_in_a_game_is_learnt_and_made_again(spectator: Spectator, qtbot: QtBot, hands: Hands) -> None:
    studio = spectator.studio
    studio.worlds.open_file(Path(GAME))
    hands.learner("dqn", seed=1, limit=60, **SMALL | {"kernels": (8, 4), "strides": (4, 2)})
    spectator.click("steer")
    spectator.until(lambda frame: frame.steered and frame.waiting)
    spectator.click("teach")
    spectator.until(lambda frame: frame.teaching)
    qtbot.keyPress(spectator.page.view, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(studio.runs.changes.made) == 1, timeout=PATIENCE)
    qtbot.keyRelease(spectator.page.view, Qt.Key.Key_Space)
    session = studio.runs.conductor.worker.session
    assert session is not None
    shown = session.spec.changes[0].shown
    assert shown is not None and isinstance(shown.seen, Pictures)
    assert (len(shown.actions), shown.seen.count, shown.seen.size) == (40, 41, 44 * 44) and set(shown.actions) <= {0, 1}
    assert session.learner.replay.count == 40
    spectator.click("steer")
    hands.press("train")
    hands.until(Status.finished)
    again = Session(RunSpec.model_validate_json(session.spec.model_dump_json()))
    again.advance(Budget(60))
    assert np.array_equal(again.learner.online.parameters, session.learner.online.parameters)
    again.close()


@needs_games
def test_how_the_agent_meets_a_game_is_set_in_the_world_page_and_kept_in_the_file(studio: Studio, hands: Hands, tmp_path: Path) -> None:
    hands.library(BREAKOUT)
    window = studio.window
    window.inspector.setCurrentWidget(window.world_panel)
    retype(window.world_panel, "side", "44")
    retype(window.world_panel, "stack", "2")
    hands.learner("dqn", limit=20, **SMALL | {"kernels": (8,), "strides": (4,)})
    hands.press("train")
    hands.until(Status.finished)
    session = studio.runs.conductor.worker.session
    assert session is not None and session.learner.environments[0].observation.size == 2 * 44 * 44
    assert studio.worlds.save_to(tmp_path / "small.json")
    studio.document.stack.undo()
    assert isinstance(studio.document.world, GymWorld) and studio.document.world.screen == Screen()
    studio.document.stack.redo()
    studio.worlds.open_file(tmp_path / "small.json")
    assert studio.document.world.screen == Screen(side=44, stack=2)
    assert window.world_panel.game.value() == Screen(side=44, stack=2)


def retype(panel: WorldPanel, name: str, text: str) -> None:
    editor = panel.game.rows[name].field.editor
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, text)
