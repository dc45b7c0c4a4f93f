"""The transport offers what can be done in each status, names it, and sets the speed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from app.actions import ACTIONS, Actions
from app.panels.transport import SPEEDS, Transport
from app.picture import Status
from app.theme import theme


class Desk(QMainWindow):
    """A window with a transport, and what was done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.speeds: list[float | None] = []
        self.actions_ = Actions(self, {spec.name: (lambda name=spec.name: self.done.append(name)) for spec in ACTIONS})
        self.transport = Transport(self.actions_)
        self.transport.speed_changed.connect(self.speeds.append)
        self.addToolBar(self.transport)

    def click(self, name: str) -> None:
        QTest.mouseClick(self.transport.widgetForAction(self.actions_[name]), Qt.MouseButton.LeftButton)

    def enabled(self) -> set[str]:
        return {name for name in ("train", "step", "step_far", "stop", "reset", "save_run") if self.actions_[name].isEnabled()}


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    desk = Desk()
    qtbot.addWidget(desk)
    desk.resize(1200, 200)
    desk.show()
    QApplication.processEvents()
    return desk


@pytest.mark.parametrize("name", ["train", "step", "step_far", "undo", "redo", "open", "save", "dark", "commands"])
def test_a_button_does_what_its_action_does(desk: Desk, name: str) -> None:
    desk.click(name)
    assert desk.done == [name]


def test_a_button_without_meaning_does_nothing(desk: Desk) -> None:
    desk.click("stop")
    desk.click("reset")
    assert desk.done == []
    desk.transport.follow(Status.running)
    desk.click("stop")
    assert desk.done == ["stop"]


@pytest.mark.parametrize(
    ("status", "enabled", "title"),
    [
        (Status.idle, {"train", "step", "step_far"}, "Train"),
        (Status.preparing, {"stop", "reset"}, "Train"),
        (Status.running, {"train", "step", "step_far", "stop", "reset", "save_run"}, "Pause"),
        (Status.paused, {"train", "step", "step_far", "stop", "reset", "save_run"}, "Continue"),
        (Status.finished, {"train", "step", "step_far", "reset", "save_run"}, "Train"),
        (Status.stopped, {"train", "step", "step_far", "reset", "save_run"}, "Train"),
        (Status.failed, {"train", "step", "step_far", "reset", "save_run"}, "Train"),
    ],
    ids=lambda value: value.name if isinstance(value, Status) else None,
)
def test_what_can_be_done_follows_the_status(desk: Desk, status: Status, enabled: set[str], title: str) -> None:
    desk.transport.follow(status)
    assert desk.enabled() == enabled
    assert desk.actions_["train"].text() == title


def test_the_train_button_shows_what_it_does_next(desk: Desk) -> None:
    idle = desk.actions_["train"].icon().pixmap(40).toImage()
    desk.transport.follow(Status.running)
    running = desk.actions_["train"].icon().pixmap(40).toImage()
    assert running != idle
    theme.use("dark")
    try:
        assert desk.actions_["train"].text() == "Pause"
        assert desk.actions_["train"].icon().pixmap(40).toImage() != running
    finally:
        theme.use("light")


@pytest.mark.parametrize(
    ("speed", "offered"), [(1, 1), (3, 5), (50, 50), (0.2, 1), (600.0, 1_000), (999_999, 1_000_000), (2e6, None), (None, None)]
)
def test_a_speed_is_rounded_to_the_next_that_is_offered(desk: Desk, speed: float | None, offered: float | None) -> None:
    desk.transport.set_speed(speed)
    assert desk.transport.speed == offered and desk.speeds[-1] == offered


def test_keys_on_the_slider_go_through_every_speed(desk: Desk) -> None:
    slider = desk.transport.slider
    QTest.keyClick(slider, Qt.Key.Key_Home)
    seen = [desk.transport.speed]
    for _ in SPEEDS[1:]:
        QTest.keyClick(slider, Qt.Key.Key_Right)
        seen.append(desk.transport.speed)
    assert tuple(seen) == SPEEDS
    assert desk.speeds == list(SPEEDS)


def test_the_speed_is_named_in_what_the_learner_counts(desk: Desk) -> None:
    transport = desk.transport
    assert transport.speed_label.text() == "as fast as possible"
    transport.set_speed(2000)
    assert transport.speed_label.text() == "2,000 steps/s"
    transport.set_unit("backup")
    assert transport.speed_label.text() == "2,000 backups/s"
    assert desk.actions_["train"].text() == "Plan"
    width = transport.speed_label.minimumWidth()
    for speed in SPEEDS:
        transport.set_speed(speed)
        assert transport.speed_label.fontMetrics().horizontalAdvance(transport.speed_label.text()) <= width
