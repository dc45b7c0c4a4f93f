"""The stage shows the open world: a grid to draw on, an environment at play, the arms of a bandit, or a table of values."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from app.document import OpenWorld
from app.picture import Picture
from app.sentences import told
from app.stage.arm_table import ArmTable, is_bandit
from app.stage.environment_view import EnvironmentView
from app.stage.grid_editor import GridEditor
from app.stage.table_view import ActionValueTable
from core.errors import WorldError
from core.worlds.grid import GridWorld
from core.worlds.gym import GymWorld
from core.worlds.world import World


class Stage(QStackedWidget):
    """One page per kind of world. `said` carries what lies under the mouse or why an edit was refused."""

    said = Signal(str)

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.editor = GridEditor(document)
        self.environment = EnvironmentView()
        self.table = ActionValueTable()
        self.arms = ArmTable()
        for page in (self.editor, self.environment, self.table, self.arms):
            self.addWidget(page)
        self.editor.view.hovered.connect(self.said)
        self.editor.refused.connect(self.said)

    def show_world(self, world: World) -> None:
        """Turn to the page of this kind of world and show it."""
        if isinstance(world, GridWorld):
            self.editor.view.set_world(world)
            self.setCurrentWidget(self.editor)
        elif isinstance(world, GymWorld):
            self.environment.set_world(world)
            self.setCurrentWidget(self.environment)
        else:
            mdp = None
            try:
                mdp = world.compile()
            except WorldError as error:
                self.said.emit(told(error.sentence))
            page = self.arms if mdp is not None and is_bandit(mdp) else self.table
            page.set_mdp(mdp)
            self.setCurrentWidget(page)

    def show_picture(self, picture: Picture) -> None:
        """Show the newest of the run on the page in front."""
        page = self.currentWidget()
        if page is self.editor:
            self.editor.view.set_snapshot(picture.snapshot)
        elif isinstance(page, ActionValueTable | ArmTable):
            page.set_snapshot(picture.snapshot)
        elif picture.viewer is not None:
            self.environment.show_frame(picture.viewer)

    def clear(self) -> None:
        """Forget the run."""
        self.editor.view.set_snapshot(None)
        self.table.set_snapshot(None)
        self.arms.set_snapshot(None)
        self.environment.clear()

    def fit(self) -> None:
        """Show the whole world."""
        self.editor.view.fit()
