"""The arms of a bandit as a view of the stage."""

from PySide6.QtWidgets import QVBoxLayout

from app.document import OpenWorld
from app.stage.arm_table import ArmTable, is_bandit
from app.stage.view import View
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World


class ArmsView(View):
    """A bar for each arm, for worlds of one state."""

    name = "arms"
    title = "Arms"
    tip = "What each arm is worth, as far as the learner knows, beside the truth."
    icon = "bars"

    def __init__(self, document: OpenWorld) -> None:
        super().__init__(document)
        self.table = ArmTable()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def suits(self, world: World, mdp: FiniteMDP | None) -> bool:
        return mdp is not None and is_bandit(mdp)

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        self.table.set_mdp(mdp)

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        self.table.set_snapshot(snapshot)
