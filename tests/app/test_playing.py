"""A person plays, the agent learns from it, and the policy of a kept run is watched."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from app.picture import Status
from app.stage.environment.policy_button import PolicyButton
from app.studio import Studio
from app.viewing.orders import Invite
from core.demonstration import Demonstration
from core.learner import Budget
from core.runs.session import Session
from core.worlds.world import World
from tests.app.hands import PATIENCE, Hands
from tests.app.test_watching import SMALL, Spectator, spectator

__all__ = ["spectator"]
LEFT = Qt.MouseButton.LeftButton


def session(studio: Studio) -> Session:
    found = studio.runs.conductor.worker.session
    assert found is not None
    return found


def bumping(world: World, steps: int) -> Demonstration:
    """Into a wall again and again."""
    mdp = world.compile()
    source = np.repeat(mdp.pair_state, np.diff(mdp.outcome_offsets))
    outcome = int(np.flatnonzero((mdp.next_state == source) & ~mdp.terminated)[0])
    action = int(mdp.pair_action[np.searchsorted(mdp.outcome_offsets, outcome, side="right") - 1])
    state, reward = int(source[outcome]), float(mdp.reward[outcome])
    return Demonstration(seen=(state,) * (steps + 1), actions=(action,) * steps, rewards=(reward,) * steps)


def play(qtbot: QtBot, studio: Studio) -> None:
    """Press keys until an episode has ended."""
    bar = studio.window.playing
    keys = [Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right]
    for press in range(400):
        before = bar.frame
        qtbot.keyClick(bar, keys[press % 3])
        qtbot.waitUntil(lambda before=before: bar.frame is not before, timeout=PATIENCE)
        assert bar.frame is not None
        if bar.frame.ended:
            return
    raise AssertionError("no episode ended")


def test_a_grid_is_played_by_keys_against_the_agent_which_learns_from_it(qtbot: QtBot, studio: Studio, hands: Hands) -> None:
    hands.library("grid/lecture-3x4")
    hands.learner("q-learning", seed=1, limit=5000)
    window, bar = studio.window, studio.window.playing
    assert not bar.isVisible()
    window.actions_["steer"].trigger()
    qtbot.waitUntil(lambda: bar.frame is not None and bar.frame.waiting, timeout=PATIENCE)
    assert [button.text() for button in bar.moves] == ["↑  up", "→  right", "↓  down", "←  left"]
    assert hands.units() == 0
    qtbot.mouseClick(bar.moves[0], LEFT)
    qtbot.waitUntil(lambda: bar.frame is not None and bar.frame.step == 1, timeout=PATIENCE)
    snapshot = window.stage.designer.snapshot
    assert snapshot is not None and bar.frame is not None and snapshot.state == bar.frame.state
    trail = window.stage.designer.aside.trail
    assert trail is not None and trail.states.tolist() == list(bar.frame.trail)
    qtbot.mouseClick(bar.buttons["teach"], LEFT)
    play(qtbot, studio)
    qtbot.waitUntil(lambda: bar.frame is not None and bar.frame.score.you is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(studio.runs.changes.made) == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: bar.frame is not None and bar.frame.score.agent is not None, timeout=PATIENCE)
    shown = session(studio).spec.changes[0].shown
    assert shown is not None and shown.total == pytest.approx(bar.frame.score.you)
    assert "return" in studio.runs.changes.made[0][1] and session(studio).units == 0
    assert session(studio).snapshot().tries.sum() == len(shown.actions)
    window.actions_["steer"].trigger()
    assert not bar.isVisible()
    hands.press("train")
    hands.until(Status.finished)
    again = Session(session(studio).spec)
    again.advance(Budget(5000))
    assert np.array_equal(again.snapshot().q, session(studio).snapshot().q, equal_nan=True)


def test_pause_stop_and_step_are_heard_while_the_agent_learns_from_a_long_game(
    qtbot: QtBot, studio: Studio, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step of the game at a time; of 20,000, stop comes after a few, and a single step of the agent after all of a short game."""
    hands.library("grid/lecture-3x4")
    hands.learner("q-learning", seed=1, limit=5000)
    hands.press("step")
    hands.until(Status.paused)
    monkeypatch.setattr("core.runs.session.PART", 1)
    worker = studio.runs.conductor.worker
    game = bumping(session(studio).spec.world, 20_000)
    with qtbot.waitSignal(studio.runs.conductor.taught, timeout=PATIENCE):
        QTimer.singleShot(0, worker, lambda: worker._teach(game))
    hands.press("stop")
    hands.until(Status.stopped)
    assert not session(studio).settled and 0 < session(studio).state()["taken"] < 20_000
    studio.runs.reset()
    hands.learner("q-learning", seed=1, limit=5000)
    hands.press("step")
    hands.until(Status.paused)
    with qtbot.waitSignal(studio.runs.conductor.taught, timeout=PATIENCE):
        QTimer.singleShot(0, worker, lambda: worker._teach(bumping(session(studio).spec.world, 50)))
    hands.press("step")
    qtbot.waitUntil(lambda: hands.units() == 2, timeout=PATIENCE)
    hands.until(Status.paused)
    known = Session(session(studio).spec)
    while known.units < 2:
        known.advance(Budget(2 - known.units))
    assert session(studio).settled and np.array_equal(known.snapshot().q, session(studio).snapshot().q, equal_nan=True)


def test_a_learner_that_cannot_be_taught_says_why(qtbot: QtBot, studio: Studio, hands: Hands) -> None:
    hands.library("grid/lecture-3x4")
    hands.learner("sarsa", seed=1)
    studio.window.actions_["steer"].trigger()
    teach = studio.window.actions_["teach"]
    assert not teach.isEnabled() and "SARSA learns only from what it does itself." in teach.toolTip()


def test_an_environment_is_played_and_taught(spectator: Spectator, qtbot: QtBot, hands: Hands) -> None:
    hands.library("gym:CartPole-v1")
    hands.learner("dqn", seed=1, limit=100, **SMALL)
    studio, page = spectator.studio, spectator.page
    spectator.click("steer")
    spectator.until(lambda frame: frame.steered and frame.waiting)
    spectator.click("teach")
    spectator.until(lambda frame: frame.teaching)
    qtbot.keyPress(page.view, Qt.Key.Key_Right)
    spectator.until(lambda frame: frame.ended)
    qtbot.waitUntil(lambda: len(studio.runs.changes.made) == 1, timeout=PATIENCE)
    shown = session(studio).spec.changes[0].shown
    assert shown is not None and shown.terminated and len(shown.seen[0]) == 4
    assert session(studio).learner.replay.count == len(shown.actions)
    qtbot.keyRelease(page.view, Qt.Key.Key_Right)
    spectator.click("steer")
    hands.press("train")
    hands.until(Status.finished)
    assert not studio.window.actions_["teach"].isEnabled()


def test_the_policy_of_a_kept_run_is_watched(spectator: Spectator, qtbot: QtBot, hands: Hands, tmp_path: Path) -> None:
    studio, kept = spectator.studio, tmp_path / "kept"
    spectator.train("gym:MountainCar-v0", "linear-q-learning", 300)
    with qtbot.waitSignal(studio.runs.conductor.saved, timeout=PATIENCE):
        studio.runs.conductor.save(kept)
    trained = spectator.frame.action_values
    studio.runs.reset()
    hands.learner("linear-q-learning", limit=5, seed=2)
    hands.press("train")
    hands.until(Status.finished)
    button: PolicyButton = spectator.page.controls.policy
    assert button.text() == "This run"
    spectator.until(lambda frame: frame.invited is None)
    button.ordered.emit(Invite(kept))
    guest = spectator.until(lambda frame: frame.invited == kept)
    assert button.text() == "kept" and guest.action_values.shape == trained.shape
    assert abs(guest.action_values).max() > 1.0
    button.ordered.emit(Invite(None))
    mine = spectator.until(lambda frame: frame.invited is None)
    assert abs(mine.action_values).max() < 5.0 and hands.units() == 5
    studio.runs.reset()
    hands.library("gym:Acrobot-v1")
    hands.learner("linear-q-learning", limit=5)
    hands.press("train")
    hands.until(Status.finished)
    button.ordered.emit(Invite(kept))
    qtbot.waitUntil(lambda: "Mountain" in studio.window.status.currentMessage(), timeout=PATIENCE)
    assert spectator.until(lambda frame: True).invited is None


def test_the_policy_after_an_episode_is_watched(spectator: Spectator, qtbot: QtBot, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    spectator.train("gym:FrozenLake-v1", "q-learning", 400)
    button = spectator.page.controls.policy
    button.fill()
    assert button.ended > 10 and button.menu_.actions()[1].isEnabled()
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (7, True))
    button.menu_.actions()[1].trigger()
    hands.until_position(lambda position: position.past and position.boundaries == 7)
