"""The stage shows the open world: a finite one in the views of the designer, or an environment at play."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.actions import Actions
from app.document import OpenWorld
from app.picture import Picture
from app.sentences import told
from app.stage.designer import Designer
from app.stage.environment.page import EnvironmentPage
from core.errors import WorldError
from core.worlds.gym import GymWorld
from core.worlds.world import World


class Stage(QStackedWidget):
    """One page for finite worlds and one for environments. `said` carries what lies under the mouse or why an edit was refused."""

    said = Signal(str)

    def __init__(self, document: OpenWorld, actions: Actions) -> None:
        super().__init__()
        self.designer = Designer(document)
        self.play = EnvironmentPage(actions)
        self.environment = self.play.view
        for page in (self.designer, self.play):
            self.addWidget(page)
        self.designer.said.connect(self.said)
        self.play.said.connect(self.said)

    def show_world(self, world: World) -> None:
        """Turn to the page of this kind of world and show it."""
        if isinstance(world, GymWorld):
            self.play.set_world(world)
            self.setCurrentWidget(self.play)
            return
        mdp = None
        try:
            mdp = world.compile()
        except WorldError as error:
            self.said.emit(told(error.sentence))
        self.designer.set_world(world, mdp)
        self.setCurrentWidget(self.designer)

    def show_picture(self, picture: Picture) -> None:
        """Show the newest of the run on the page in front."""
        if self.currentWidget() is self.designer:
            self.designer.set_snapshot(picture.snapshot)
        elif picture.viewer is not None:
            self.play.show_frame(picture.viewer)

    def clear(self) -> None:
        """Forget the run."""
        self.designer.set_snapshot(None)
        self.play.clear()

    def fit(self) -> None:
        """Show the whole world."""
        self.designer.fit()
