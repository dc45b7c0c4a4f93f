"""The agent at play: the environment's own picture, with what the agent sees, expects and does beside it."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.frames import ViewerFrame
from app.stage.overlays.numbers import short
from app.text import tr
from app.theme import theme
from core.worlds.gym import GymWorld

PANEL = 250
"""Pixels at text size 1 that the heads-up display takes."""


class EnvironmentView(QWidget):
    """Shows the newest `ViewerFrame` of an environment."""

    def __init__(self) -> None:
        super().__init__()
        self.world: GymWorld | None = None
        self.frame: ViewerFrame | None = None
        self.episodes = 0
        self.last_return: float | None = None
        self.setMinimumSize(QSize(360, 200))
        self.setAccessibleName(tr("The agent at play"))
        theme.changed.connect(self.update)

    def set_world(self, world: GymWorld) -> None:
        """Show another environment."""
        self.world = world
        self.clear()

    def show_frame(self, frame: ViewerFrame) -> None:
        """Show the newest step."""
        if frame is not self.frame:
            self.frame = frame
            if frame.ended:
                self.episodes += 1
                self.last_return = frame.episode_return
            self.update()

    def clear(self) -> None:
        """Forget the run."""
        self.frame, self.episodes, self.last_return = None, 0, None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour("stage"))
        if self.frame is None or self.world is None:
            painter.setPen(theme.colour("muted"))
            hint = tr("Press Train: the agent learns as fast as it can, and its newest policy plays here.")
            painter.drawText(self.rect().adjusted(40, 0, -40, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, hint)
            return
        panel = min(PANEL * theme.scale, self.width() * 0.45)
        self._paint_picture(painter, QRectF(16, 16, self.width() - panel - 40, self.height() - 32))
        self._paint_panel(painter, QRectF(self.width() - panel - 8, 16, panel - 12, self.height() - 32))

    def _paint_picture(self, painter: QPainter, room: QRectF) -> None:
        assert self.frame is not None
        picture = self.frame.picture
        if picture is None:
            return
        height, width = picture.shape[:2]
        flat = np.ascontiguousarray(picture)
        image = QImage(flat.data, width, height, 3 * width, QImage.Format.Format_RGB888)
        scale = min(room.width() / width, room.height() / height)
        box = QRectF(0, 0, width * scale, height * scale)
        box.moveCenter(room.center())
        painter.drawImage(box, image)
        painter.setPen(theme.colour("border"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    def _paint_panel(self, painter: QPainter, room: QRectF) -> None:
        assert self.frame is not None and self.world is not None
        frame, world = self.frame, self.world
        line = 19 * theme.scale
        y = room.top()

        def row(left: str, right: str, colour: str = "text", bold: bool = False) -> None:
            nonlocal y
            font = QFont(self.font())
            font.setBold(bold)
            painter.setFont(font)
            painter.setPen(theme.colour("muted" if not bold else colour))
            box = QRectF(room.left(), y, room.width(), line)
            text = painter.fontMetrics().elidedText(left, Qt.TextElideMode.ElideRight, int(room.width() * (0.7 if right else 1)))
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            painter.setPen(theme.colour(colour))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
            y += line

        row(tr("Greedy episode {number}", number=self.episodes + (not frame.ended)), tr("step {step}", step=frame.step), bold=True)
        row(tr("Return so far"), short(frame.episode_return))
        row(tr("Return of the last episode"), "–" if self.last_return is None else short(self.last_return))
        y += line * 0.5
        row("Q(s, a)", "", bold=True)
        low, high = float(np.nanmin(frame.action_values)), float(np.nanmax(frame.action_values))
        for action, value in enumerate(frame.action_values):
            name = world.actions[action] if action < len(world.actions) else str(action)
            chosen = action == frame.action
            share = 0.08 + 0.92 * (value - low) / (high - low) if high > low else 1.0
            bar = QRectF(room.left(), y + 2, room.width() * (0.0 if np.isnan(share) else share), line - 4)
            painter.fillRect(bar, theme.colour("accent", 130 if chosen else 40))
            row(("▶ " if chosen else "   ") + tr(name), short(value), bold=chosen)
        y += line * 0.5
        row(tr("Observation"), "", bold=True)
        for place, value in enumerate(frame.observation[:12]):
            quantity = world.observation[place] if place < len(world.observation) else None
            unit = f" {quantity.unit}" if quantity and quantity.unit else ""
            row(tr(quantity.name) if quantity else str(place), f"{short(float(value))}{unit}")
