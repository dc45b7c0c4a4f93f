"""A person plays in a finite world: which key does what, how it goes, and how the agent does from the same start."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QToolButton

from app.actions import Actions
from app.numbers import short
from app.picture import Picture
from app.stage.environment.played import PlayedWidget
from app.stage.environment.steering import Steering, steering
from app.stage.flow import Flow
from app.text import tr
from app.theme import theme
from app.viewing.frames import ViewerFrame
from app.viewing.orders import Hold, Order, Steer
from core.runs.trail import Trail
from core.worlds.mdp import FiniteMDP

MOST = 9
"""Actions that have a key and a button."""


def as_played(picture: Picture) -> Picture:
    """The picture with a person who plays in the place of the agent; as it is where nobody does."""
    frame, shot = picture.viewer, picture.snapshot
    if frame is None or not frame.steered or frame.state is None or shot.values is None:
        return picture
    trail = Trail(np.array(frame.trail or (frame.state,), np.int64), np.full(len(shot.values), np.nan))
    return replace(picture, snapshot=replace(shot, state=frame.state), trail=trail, explanation=None)


class PlayBar(PlayedWidget):
    """Takes the keys while a person plays. `ordered` carries what they do."""

    ordered = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.actions_ = actions
        self.frame: ViewerFrame | None = None
        self.mdp: FiniteMDP | None = None
        self.moves: list[QToolButton] = []
        self.row = Flow(self, margin=8)
        self.hint, self.going, self.score = QLabel(), QLabel(), QLabel()
        self.hint.setProperty("muted", True)
        self.score.setProperty("muted", True)
        self.buttons = {name: QToolButton() for name in ("teach", "steer")}
        for name, button in self.buttons.items():
            button.setDefaultAction(actions[name])
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("You play"))
        self.hide()

    def steer(self, mdp: FiniteMDP | None) -> None:
        """Let the person play in this world, or the agent learn on, as the action says."""
        on = self.actions_["steer"].isChecked() and mdp is not None
        self.mdp = mdp
        if not on:
            self.leave()
            self.ordered.emit(Steer(False))
            return
        keys = self.keys()
        self.ordered.emit(Steer(True, keys.idle, keys.turns))
        self.actions_["steer"].setChecked(True)  # a run that begins with the order has left it
        self._lay()
        self.show()
        self.setFocus()

    def show_frame(self, frame: ViewerFrame | None) -> None:
        """Show how the person does."""
        if self.isHidden() or frame is None or not frame.steered:
            return
        self.frame = frame
        for action, button in enumerate(self.moves):
            button.setEnabled(not np.isnan(frame.action_values[action]) or frame.ended)
        self._tell()

    def leave(self) -> None:
        """Nobody plays any more."""
        self.frame = None
        self.actions_["steer"].setChecked(False)
        self.hide()

    def adopt(self, other: "PlayBar", mdp: FiniteMDP | None) -> None:
        """Take the place of another bar."""
        if other.isVisible() and mdp is not None:
            self.mdp = mdp
            self.actions_["steer"].setChecked(True)
            self._lay()
            self.show()

    def keys(self) -> Steering:
        """Which key takes which action."""
        names = () if self.mdp is None else tuple(self.mdp.action_names)
        return steering(names, len(names), True)

    def steered_by(self) -> Steering:
        return self.keys()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.action_of(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            self._order(Hold(action))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("panel"))
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _order(self, order: Order) -> None:
        self.ordered.emit(order)
        self.setFocus()

    def _lay(self) -> None:
        """A button for each action that has a key, in a row with what is told."""
        while self.row.takeAt(0) is not None:
            pass
        for old in self.moves:
            old.deleteLater()
        assert self.mdp is not None
        self.moves = []
        for action, (name, sign) in enumerate(zip(self.mdp.action_names[:MOST], self.keys().signs, strict=False)):
            button = QToolButton(self)
            button.setText(f"{sign}  {tr(name)}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, action=action: self._order(Hold(action)))
            self.moves.append(button)
        for widget in (*self.moves, self.going, self.score, *self.buttons.values(), self.hint):
            widget.setParent(self)
            self.row.addWidget(widget)
            widget.show()
        self._tell()

    def _tell(self) -> None:
        frame = self.frame
        if frame is None:
            self.going.setText("")
            self.score.setText("")
        else:
            step = tr("step {step}", step=f"{frame.step:,}")
            gone = tr("ended at {step}", step=step) if frame.ended else step
            self.going.setText(f"{gone} · {tr('return {value}', value=short(frame.episode_return))}")
            score = frame.score
            you = tr("You: {last}, best {best}", last=_known(score.you), best=_known(score.your_best))
            agent = tr("Agent: {last}, best {best}", last=_known(score.agent), best=_known(score.agents_best))
            self.score.setText(f"{you} · {agent}")
        waiting = frame is None or frame.waiting
        text = tr("Press a key to begin") if waiting else ""
        self.hint.setText(text if self.hasFocus() else tr("Click here to play with the keys"))
        self.updateGeometry()
        self.update()


def _known(value: float | None) -> str:
    return "–" if value is None else short(value)
