"""An environment's page: the view, sliders for its state, controls."""

from mimetypes import guess_type
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from app.actions import Actions
from app.picture import Status
from app.stage.environment.controls import Controls
from app.stage.environment.pose_panel import PosePanel
from app.stage.environment.steering import steering_of
from app.stage.environment_view import EnvironmentView
from app.text import tr
from app.viewing.camera import missing
from app.viewing.frames import ViewerFrame
from app.viewing.orders import Cut, Drag, Film, Hold, OneStep, Play, Steer
from core.worlds.gym import GymWorld


class EnvironmentPage(QWidget):
    """Turns what the person does into orders to the viewer.

    `ordered` carries them; `said` what the person should know.
    """

    ordered = Signal(object)
    said = Signal(str)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.actions_ = actions
        self.view = EnvironmentView()
        self.panel = PosePanel()
        self.controls = Controls(actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.panel)
        column.addWidget(self.controls)
        self.panel.hide()
        self.controls.ordered.connect(self.ordered)
        self.controls.filming.connect(self.film)
        self.panel.ordered.connect(self.ordered)
        self.view.held.connect(lambda action: self.ordered.emit(Hold(action)))
        self.view.dragged.connect(lambda handle, x, y: self.ordered.emit(Drag(handle, x, y)))

    def set_world(self, world: GymWorld | None) -> None:
        """Show another environment."""
        self.view.set_world(world)
        self._leave()
        self.controls.set_world(world)

    def tell(self, status: Status) -> None:
        """Say what goes on while there is nothing to see yet."""
        self.view.tell(status)

    def show_frame(self, frame: ViewerFrame) -> None:
        """Show the newest."""
        self.view.show_frame(frame)
        self.controls.follow(frame)
        if self.panel.isVisible():
            self.panel.show_posed(frame.posed)

    def clear(self) -> None:
        """Forget the run."""
        self._leave()
        self.view.clear()
        self.controls.follow(None)

    def adopt(self, other: "EnvironmentPage") -> None:
        """Take the place of another page."""
        self.controls.adopt(other.controls)
        self._show_modes(*(other.actions_[name].isChecked() for name in ("ask", "steer")))

    def watch(self) -> None:
        """Play or pause the episode."""
        frame = self.view.frame
        self.ordered.emit(Play(frame is None or not frame.playing))

    def step(self) -> None:
        """One step of the episode."""
        self.ordered.emit(OneStep())

    def begin(self) -> None:
        """A new episode."""
        self.controls.begin()

    def steer(self) -> None:
        """Let the person play, or the agent again."""
        on, world = self.actions_["steer"].isChecked(), self.view.world
        if world is None:
            return
        keys = steering_of(world, self._actions(world))
        self.ordered.emit(Steer(on, keys.idle, keys.turns) if on else Steer(False))
        self._show_modes(ask=False, steer=on)  # a run that begins with the order has left them
        if on:
            self.view.setFocus()
        else:
            self.controls.member.valueChanged.emit(self.controls.member.value())

    def ask(self) -> None:
        """Let the person set the state, or go on playing from there."""
        on = self.actions_["ask"].isChecked()
        self.ordered.emit(Play(not on))
        self._show_modes(ask=on, steer=False)

    def film(self, episodes: int = 1) -> None:
        """Choose a file and record to it, or stop."""
        frame = self.view.frame
        if frame is not None and frame.filmed is not None:
            self.ordered.emit(Cut())
            return
        kinds = f"{tr('Animation')} (*.gif);;{tr('Video')} (*.mp4)"
        name, kind = QFileDialog.getSaveFileName(self, tr("Record the watched episode to a file"), "episode.gif", kinds)
        if not name:
            return
        path = Path(name)
        if guess_type(path.name)[0] is None:
            path = path.with_name(f"{path.name}{'.mp4' if 'mp4' in kind else '.gif'}")
        problem = missing(path)
        if problem:
            self.said.emit(problem)
        else:
            self.ordered.emit(Film(path, episodes))

    def _actions(self, world: GymWorld) -> int:
        return len(world.actions) if self.view.frame is None else len(self.view.frame.action_values)

    def _leave(self) -> None:
        self._show_modes(ask=False, steer=False)

    def _show_modes(self, ask: bool, steer: bool) -> None:
        self.actions_["ask"].setChecked(ask)
        self.actions_["steer"].setChecked(steer)
        self.view.asking, self.view.steering = ask, steer
        self.panel.setVisible(ask)
        if ask and self.view.frame is not None:
            self.panel.show_posed(self.view.frame.posed)
        self.view.refresh()
