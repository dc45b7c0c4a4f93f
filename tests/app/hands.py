"""What a person does with the studio: clicks, in cells, rows and buttons rather than pixels."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.picture import Position, Status
from app.studio import Studio

PATIENCE = 240_000
"""Milliseconds after which something that should happen counts as not happening. Nothing takes nearly as long, but the first kernels on a
machine with much else to do: a quarter of a core compiles Q-learning in 37 seconds."""


class Hands:
    """Work the window of a studio."""

    def __init__(self, qtbot: QtBot, studio: Studio) -> None:
        self.qtbot, self.studio = qtbot, studio

    def press(self, action: str) -> None:
        """Click a button of the transport or the timeline."""
        window = self.studio.window
        button = window.transport.widgetForAction(window.actions_[action])
        if button is None:
            button = next(button for button in window.timeline.buttons if button.defaultAction() is window.actions_[action])
        assert isinstance(button, QToolButton) and button.isEnabled(), action
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def library(self, name: str) -> None:
        """Click a world of the library."""
        panel = self.studio.window.library
        item = panel.item(name)
        panel.tree.scrollToItem(item)
        self.qtbot.mouseClick(panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=panel.tree.visualItemRect(item).center())

    def paint(self, tool: str, *cells: tuple[int, int], button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Take a tool and draw one stroke through cells."""
        editor = self.studio.window.stage.designer.views["grid"]
        editor.tools[tool].trigger()
        self.qtbot.mousePress(editor.view, button, pos=self.cell(*cells[0]))
        for cell in cells[1:]:
            self.qtbot.mouseMove(editor.view, self.cell(*cell))
        self.qtbot.mouseRelease(editor.view, button, pos=self.cell(*cells[-1]))

    def cell(self, row: int, column: int) -> QPoint:
        """The middle of a cell, in pixels of the view."""
        return self.studio.window.stage.designer.views["grid"].view.rect_of(row, column).center().toPoint()

    def learner(self, name: str, limit: int | None = None, seed: int = 0, **settings: object) -> None:
        """Choose an algorithm, its settings, a step limit and a seed."""
        agent = self.studio.window.agent
        agent.choose(name)
        agent.form.set_value(agent.algorithm.config(**settings))
        agent.limit.setText("" if limit is None else str(limit))
        agent.seed.setValue(seed)
        self.studio.window.transport.set_speed(None)

    def begin_without_past(self) -> None:
        """Take the first step of a run of which no state is kept on the way, so that its moments are far from any."""
        self.press("step")
        self.until(Status.paused)
        timeline = self.studio.runs.conductor.worker.timeline
        assert timeline is not None
        timeline.keeper.apart = 1e9

    def until(self, *statuses: Status) -> None:
        """Wait for the run to get there, and for the window to show all of it where it holds still."""
        runs = self.studio.runs
        self.qtbot.waitUntil(lambda: runs.status in statuses and (runs.status is Status.running or runs.settled), timeout=PATIENCE)

    def until_position(self, there: Callable[[Position], bool]) -> None:
        """Wait for the window to show such a moment of the run."""
        self.qtbot.waitUntil(lambda: self.studio.runs.last is not None and there(self.studio.runs.last.position), timeout=PATIENCE)

    def until_picture(self, units: int = 1) -> None:
        """Wait for a picture of at least so much work."""
        self.qtbot.waitUntil(lambda: self.units() >= units, timeout=PATIENCE)

    def units(self) -> int:
        """Work done in the newest picture."""
        return self.studio.runs.last.snapshot.counters.units if self.studio.runs.last else 0
