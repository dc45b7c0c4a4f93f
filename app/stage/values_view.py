"""Action values as a view of the stage."""

from PySide6.QtWidgets import QVBoxLayout

from app.document import OpenWorld
from app.stage.table_view import ActionValueTable
from app.stage.view import View
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World


class ValuesView(View):
    """The table of values, for worlds that compile."""

    name = "values"
    title = "Values"
    tip = "Q(s, a): what each action is expected to earn from each state on."
    icon = "heat"

    def __init__(self, document: OpenWorld) -> None:
        super().__init__(document)
        self.table = ActionValueTable()
        self.setFocusProxy(self.table.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def suits(self, world: World, mdp: FiniteMDP | None) -> bool:
        return world.kind != "grid"

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        self.table.set_mdp(mdp)

    def show_state(self, state: int) -> None:
        self.table.select_state(state)

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        self.table.set_snapshot(snapshot)
