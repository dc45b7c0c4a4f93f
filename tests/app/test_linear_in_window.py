"""Learners on linear features in the window: offered, seen at play, plotted, explained, and equal to the command line."""

import json

import pytest
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from app.picture import Status
from app.studio import Studio
from core.cli import run
from tests.app.hands import PATIENCE, Hands

LEARNERS = ("linear-sarsa-lambda", "linear-q-learning")


def test_they_are_offered_where_the_car_and_the_pole_are(studio: Studio, hands: Hands) -> None:
    choice = studio.window.agent.choice
    model = choice.model()
    assert isinstance(model, QStandardItemModel)
    for world in ("gym:CartPole-v1", "gym:MountainCar-v0"):
        hands.library(world)
        assert all(model.item(choice.findData(name)).isEnabled() for name in LEARNERS)


@pytest.mark.parametrize("name", LEARNERS)
def test_the_newest_policy_plays_and_plots_grow(studio: Studio, hands: Hands, qtbot: QtBot, name: str) -> None:
    hands.library("gym:CartPole-v1")
    hands.learner(name, limit=10**9)
    studio.window.plots.choose(("returns", "td-error", "mean-q", "epsilon"))
    hands.press("train")
    view = studio.window.stage.environment
    qtbot.waitUntil(lambda: view.frame is not None and view.frame.picture is not None, timeout=PATIENCE)
    assert view.frame is not None and len(view.frame.action_values) == 2
    hands.until_picture(units=3_000)
    for plot in studio.window.plots.shown():
        qtbot.waitUntil(lambda plot=plot: not plot.waiting, timeout=PATIENCE)  # type: ignore[misc]
    hands.press("train")
    hands.until(Status.paused)
    hands.press("step")
    qtbot.waitUntil(lambda: studio.window.explanation.explanation is not None, timeout=PATIENCE)
    assert studio.runs.last is not None and {"td_error", "q_mean", "epsilon"} <= set(studio.runs.last.history["updates"])


def test_window_and_command_line_give_the_same_returns(studio: Studio, hands: Hands, capsys: pytest.CaptureFixture[str]) -> None:
    hands.library("gym:CartPole-v1")
    hands.learner("linear-sarsa-lambda", limit=900, seed=5)
    hands.press("train")
    hands.until(Status.finished)
    assert studio.runs.last is not None
    seen = studio.runs.last.history["episodes"]["return"].tolist()
    arguments = ["train", "gym:CartPole-v1", "--algorithm", "linear-sarsa-lambda", "--steps", "900", "--seed", "5", "--json"]
    assert run(arguments, lambda _: 0) == 0
    assert [seen] == json.loads(capsys.readouterr().out)["returns"] and len(seen) > 10
