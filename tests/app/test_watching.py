"""The watched episode in the window: what a person clicks, presses and drags, and what appears."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app import text
from app.picture import Status
from app.stage.environment.page import EnvironmentPage
from app.studio import Studio
from app.viewing.frames import ViewerFrame
from core.worlds.library import open_world
from tests.app.hands import PATIENCE, Hands

LEFT = Qt.MouseButton.LeftButton
SMALL = {"learning_starts": 20, "batch_size": 8, "widths": (16,)}


class Spectator:
    """A person before the watched episode."""

    def __init__(self, qtbot: QtBot, studio: Studio, hands: Hands) -> None:
        self.qtbot, self.studio, self.hands = qtbot, studio, hands

    @property
    def page(self) -> EnvironmentPage:
        return self.studio.window.stage.play

    @property
    def frame(self) -> ViewerFrame:
        assert self.page.view.frame is not None
        return self.page.view.frame

    def train(self, world: str, algorithm: str, steps: int = 60, **settings: object) -> None:
        self.hands.library(world)
        self.hands.learner(algorithm, limit=steps, seed=1, **settings)
        self.hands.press("train")
        self.hands.until(Status.finished)
        self.until(lambda _: True)

    def click(self, name: str) -> None:
        button = self.page.controls.buttons[name]
        assert button.isEnabled(), name
        self.qtbot.mouseClick(button, LEFT)

    def until(self, there: Callable[[ViewerFrame], object]) -> ViewerFrame:
        view = self.page.view
        self.qtbot.waitUntil(lambda: view.frame is not None and bool(there(view.frame)), timeout=PATIENCE)
        return self.frame


@pytest.fixture
def spectator(qtbot: QtBot, studio: Studio, hands: Hands) -> Spectator:
    return Spectator(qtbot, studio, hands)


def test_the_episode_is_held_stepped_and_begun_at_a_given_start(spectator: Spectator, qtbot: QtBot) -> None:
    spectator.train("gym:CartPole-v1", "dqn", **SMALL)
    spectator.click("watch")
    held = spectator.until(lambda frame: not frame.playing)
    spectator.click("watch_step")
    stepped = spectator.until(lambda frame: frame is not held and frame.step != held.step)
    assert stepped.step == held.step + 1 or held.ended
    start = spectator.page.controls.start
    qtbot.keyClicks(start, "11")
    qtbot.keyClick(start, Qt.Key.Key_Return)
    first = spectator.until(lambda frame: frame.seed == 11)
    assert first.step == 0
    spectator.click("new_episode")
    spectator.click("watch")
    spectator.until(lambda frame: frame.playing and frame.step > 3)
    assert spectator.frame.seed == 11
    assert spectator.studio.runs.conductor.status is Status.finished


def test_before_a_run_the_untrained_agent_plays(spectator: Spectator, hands: Hands) -> None:
    hands.library("gym:MountainCar-v0")
    hands.learner("linear-q-learning")
    spectator.click("watch")
    spectator.until(lambda frame: frame.step > 2)
    assert spectator.studio.runs.conductor.status is Status.paused and hands.units() == 0


def test_pace_exploration_and_members_follow_the_boxes(spectator: Spectator, qtbot: QtBot, hands: Hands) -> None:
    hands.library("gym:CartPole-v1")
    spectator.studio.window.agent.members.setValue(5)
    spectator.train("gym:CartPole-v1", "linear-q-learning")
    controls = spectator.page.controls
    assert controls.member.isVisible() and controls.member.maximum() == 5
    controls.epsilon.setValue(1.0)
    spectator.until(lambda frame: frame.explores)
    controls.pace.setCurrentIndex(3)
    assert spectator.studio.runs.conductor.status is Status.finished
    controls.count.setCurrentIndex(1)
    four = spectator.until(lambda frame: len(frame.company) == 4 and all(one.picture is not None for one in frame.company))
    assert [one.member for one in four.company] == [0, 1, 2, 3]
    image = spectator.page.view.grab().toImage()
    whites = [image.pixelColor(x, y).name() for x in (40, spectator.page.view.picture_rect().width() - 40) for y in (40, 60)]
    assert "#ffffff" in whites
    controls.member.setValue(3)
    spectator.until(lambda frame: frame.member == 2 and len(frame.company) == 3)
    controls.count.setCurrentIndex(0)
    spectator.until(lambda frame: frame.company == ())


def test_asking_shows_what_the_agent_expects_where_the_cart_is_dragged(spectator: Spectator, qtbot: QtBot) -> None:
    spectator.train("gym:CartPole-v1", "dqn", **SMALL)
    spectator.click("ask")
    frame = spectator.until(lambda frame: not frame.playing)
    view, panel = spectator.page.view, spectator.page.panel
    assert panel.isVisible() and len(panel.sliders) == 4 and frame.posed is not None
    place = view.picture_rect()

    def at(x: float, y: float) -> QPoint:
        return QPoint(place.left() + round(x * place.width()), place.top() + round(y * place.height()))

    cart = frame.posed.handles[0]
    qtbot.mousePress(view, LEFT, pos=at(cart.x, cart.y))
    qtbot.mouseMove(view, at(0.75, 0.75))
    qtbot.mouseRelease(view, LEFT, pos=at(0.75, 0.75))
    asked = spectator.until(lambda frame: abs(float(frame.observation[0]) - 1.2) < 0.02)
    assert asked.step == 0 and asked.posed is not None
    qtbot.waitUntil(lambda: panel.sliders[0].value() == round(1000 * (asked.posed.state[0] + 2.4) / 4.8), timeout=PATIENCE)
    panel.sliders[2].setValue(1000)
    leaning = spectator.until(lambda frame: frame.observation[2] > 0.2)
    assert abs(float(leaning.observation[0]) - 1.2) < 0.02, "the cart stays where it is"
    spectator.click("ask")
    spectator.until(lambda frame: frame.playing)
    assert not panel.isVisible()


def test_asking_is_off_with_its_reason_where_no_state_can_be_set(spectator: Spectator, hands: Hands) -> None:
    action = spectator.studio.window.actions_["ask"]
    assert not action.isEnabled(), "the first world is a grid"
    for name, can in (("gym:CartPole-v1", True), ("gym:Blackjack-v1", False), ("gym:LunarLander-v3", True), ("gym:ALE/Pong-v5", False)):
        spectator.studio.worlds.put(open_world(name), name)
        assert action.isEnabled() is can, name
        assert ("cannot be set" in action.toolTip()) is not can, name
    hands.library("grid/lecture-3x4")
    assert not any(spectator.studio.window.actions_[name].isEnabled() for name in ("ask", "watch", "watch_step", "new_episode", "film"))
    assert spectator.studio.window.actions_["steer"].isEnabled()


def test_the_stage_says_what_goes_on_before_the_first_frame(spectator: Spectator, hands: Hands) -> None:
    hands.library("gym:CartPole-v1")
    assert spectator.page.view.hint.startswith("Press Train")
    hands.learner("dqn", **SMALL)
    hands.press("train")
    assert spectator.studio.runs.status is Status.preparing and "prepared" in spectator.page.view.hint
    hands.until(Status.running)
    spectator.studio.rebuild()
    assert spectator.page.view.frame is not None or "learns" in spectator.page.view.hint
    hands.press("reset")
    assert spectator.page.view.hint.startswith("Press Train")


def test_a_finite_environment_stays_on_its_own_page_in_a_new_window(spectator: Spectator) -> None:
    spectator.train("gym:FrozenLake-v1", "q-learning", 200)
    spectator.studio.korean()
    spectator.until(lambda frame: frame.step > 0)
    assert spectator.page.isVisible()


@pytest.mark.parametrize("wide", [True, False])
def test_the_row_of_controls_has_words_where_there_is_room(spectator: Spectator, hands: Hands, qtbot: QtBot, wide: bool) -> None:
    hands.library("gym:CartPole-v1")
    controls = spectator.page.controls
    controls.resize(900 if wide else 400, 90)
    worded = {name for name, one in controls.buttons.items() if one.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon}
    assert worded == ({"steer", "teach", "ask"} if wide else set())


def test_squares_are_picked_by_a_click(spectator: Spectator, qtbot: QtBot) -> None:
    spectator.train("gym:FrozenLake-v1", "q-learning", 200)
    spectator.click("ask")
    spectator.until(lambda frame: not frame.playing)
    place = spectator.page.view.picture_rect()
    qtbot.mouseClick(spectator.page.view, LEFT, pos=place.topLeft() + QPoint(round(0.6 * place.width()), round(0.9 * place.height())))
    assert spectator.until(lambda frame: frame.observation.argmax() == 14)


def test_playing_with_the_keys_and_the_score(spectator: Spectator, qtbot: QtBot) -> None:
    spectator.train("gym:CartPole-v1", "dqn", **SMALL)
    spectator.click("steer")
    waiting = spectator.until(lambda frame: frame.steered and frame.waiting)
    assert waiting.step == 0 and not spectator.page.controls.buttons["ask"].isEnabled()
    view = spectator.page.view
    assert spectator.studio.window.focusWidget() is view
    qtbot.keyPress(view, Qt.Key.Key_F)  # no key of the game; elsewhere it fits the world to the window
    assert spectator.frame.waiting
    qtbot.keyPress(view, Qt.Key.Key_D)
    spectator.until(lambda frame: not frame.waiting and frame.action == 1)
    qtbot.keyRelease(view, Qt.Key.Key_D)
    ended = spectator.until(lambda frame: frame.ended)
    assert 7 <= ended.step <= 12, "the last direction is kept while no key is held"
    score = spectator.until(lambda frame: frame.score.agent is not None and frame.waiting).score
    assert score.you == ended.episode_return
    qtbot.keyPress(view, Qt.Key.Key_Left)
    again = spectator.until(lambda frame: not frame.waiting and not frame.ended and frame.step > 0)
    assert again.action == 0 and again.score.your_best == score.you
    qtbot.keyRelease(view, Qt.Key.Key_Left)
    spectator.click("steer")
    spectator.until(lambda frame: not frame.steered and frame.step > 0)


def test_playing_may_be_the_first_thing_that_is_done(spectator: Spectator, qtbot: QtBot, hands: Hands) -> None:
    hands.library("gym:MountainCar-v0")
    hands.learner("linear-q-learning")
    spectator.click("steer")
    spectator.until(lambda frame: frame.steered and frame.waiting)
    qtbot.keyPress(spectator.page.view, Qt.Key.Key_Right)
    spectator.until(lambda frame: frame.step > 3 and frame.action == 2)
    qtbot.keyRelease(spectator.page.view, Qt.Key.Key_Right)
    spectator.until(lambda frame: frame.action == 1)
    hands.press("reset")
    qtbot.waitUntil(lambda: spectator.page.view.frame is None, timeout=PATIENCE)
    assert not spectator.page.controls.buttons["steer"].isChecked() and not spectator.page.view.steering
    hands.press("train")
    spectator.until(lambda frame: not frame.steered and frame.step > 0)


def test_each_key_is_a_step_where_the_world_waits(spectator: Spectator, qtbot: QtBot) -> None:
    spectator.train("gym:CliffWalking-v1", "q-learning", 200)
    spectator.click("steer")
    spectator.until(lambda frame: frame.waiting)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_D):
        qtbot.keyClick(spectator.page.view, key)
    assert spectator.until(lambda frame: frame.step == 3).observation.argmax() == 13


def test_slices_appear_while_their_tab_is_in_front(spectator: Spectator, qtbot: QtBot) -> None:
    window = spectator.studio.window
    spectator.train("gym:MountainCar-v0", "linear-q-learning")
    assert window.below.isTabVisible(2) and spectator.frame.slice is None
    window.below.setCurrentIndex(2)
    maps = window.slices.maps
    qtbot.waitUntil(lambda: maps.map is not None, timeout=PATIENCE)
    assert maps.map is not None and (maps.map.x, maps.map.y) == (0, 1)
    window.slices.up.setCurrentIndex(0)
    window.slices.across.setCurrentIndex(1)
    qtbot.waitUntil(lambda: maps.map is not None and (maps.map.x, maps.map.y) == (1, 0), timeout=PATIENCE)
    for mode in ("dark", "light"):
        if mode == "dark":
            spectator.studio.dark()
        image = maps.grab().toImage()
        assert len({image.pixelColor(x, image.height() // 2).name() for x in range(0, image.width(), 3)}) > 5
    spectator.studio.dark()
    window.below.setCurrentIndex(0)
    qtbot.waitUntil(lambda: spectator.studio.runs.conductor.worker.show.viewer.slicer.order is None, timeout=PATIENCE)
    spectator.hands.library("gym:Taxi-v4")
    assert not window.below.isTabVisible(2)


@pytest.mark.parametrize(("name", "file"), [("seen.gif", "seen.gif"), ("seen", "seen.gif"), ("seen 0.5", "seen 0.5.gif")])
def test_recording_an_episode(
    spectator: Spectator, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, file: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), "Animation (*.gif)"))
    spectator.train("gym:CartPole-v1", "dqn", **SMALL)
    spectator.page.controls.pace.setCurrentIndex(3)
    with qtbot.waitSignal(spectator.studio.runs.conductor.filmed, timeout=PATIENCE) as caught:
        spectator.page.controls.menu.actions()[0].trigger()
    assert caught.args == [tmp_path / file, None]
    assert (tmp_path / file).read_bytes()[:6] == b"GIF89a"
    assert file in spectator.studio.window.status.currentMessage()


def test_a_recording_is_stopped_and_a_wrong_name_refused(
    spectator: Spectator, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [tmp_path / "seen.avi", tmp_path / "seen.gif"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(names.pop(0)), ""))
    spectator.train("gym:CartPole-v1", "dqn", **SMALL)
    with qtbot.waitSignal(spectator.page.said, timeout=PATIENCE) as said:
        spectator.page.controls.menu.actions()[-1].trigger()
    assert ".gif" in said.args[0]
    spectator.page.controls.menu.actions()[-1].trigger()
    spectator.until(lambda frame: frame.filmed is not None and frame.filmed > 3)
    assert spectator.page.controls.told.isVisible()
    with qtbot.waitSignal(spectator.studio.runs.conductor.filmed, timeout=PATIENCE):
        spectator.click("film")
    spectator.until(lambda frame: frame.filmed is None)


def test_a_change_of_language_keeps_what_is_watched(spectator: Spectator) -> None:
    spectator.train("gym:CartPole-v1", "dqn", **SMALL)
    spectator.page.controls.pace.setCurrentIndex(2)
    spectator.page.controls.epsilon.setValue(0.25)
    spectator.click("ask")
    spectator.until(lambda frame: not frame.playing)
    spectator.studio.korean()
    assert text.language() == "ko"
    controls = spectator.page.controls
    assert controls.pace.currentIndex() == 2 and controls.epsilon.value() == 0.25
    assert spectator.page.panel.isVisible() and spectator.page.view.asking
    spectator.click("ask")
    spectator.until(lambda frame: frame.playing)
