"""What every way to see and edit a finite world has in common."""

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.document import OpenWorld
from app.stage.aside import Aside
from core.learner import Snapshot
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World


class View(QWidget):
    """One of the views that may stand side by side on the stage. It edits through the open world, which tells all of them.

    Attributes:
        name: to remember it by.
        title: as shown.
        tip: what it shows.
        icon: of the button that opens it.
        waits: whether it is shown edits of a large world only when hands rest and it is compiled; others get None for it before.
    """

    said = Signal(str)
    """A line about what is under the mouse, or why an edit was refused."""
    region_changed = Signal(object)
    """The selected cells of a grid, a `Region`, or None."""
    name: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    icon: ClassVar[str]
    waits: ClassVar[bool] = True

    def __init__(self, document: OpenWorld) -> None:
        super().__init__()
        self.document = document

    def suits(self, world: World, mdp: FiniteMDP | None) -> bool:
        """Whether it can show the world; `mdp` is None where the world does not compile yet."""
        raise NotImplementedError

    def prefers(self, world: World, mdp: FiniteMDP | None) -> bool:
        """Whether it is a good first view of a world that it suits; the first that is, is shown."""
        return True

    def set_world(self, world: World, mdp: FiniteMDP | None) -> None:
        """Show a world that it suits; what was known of another one is forgotten."""
        raise NotImplementedError

    def set_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show what is known; None forgets it."""

    def set_aside(self, aside: Aside) -> None:
        """Show what is told beside the snapshot: the newest update, the episode, what is pointed at."""

    def show_state(self, state: int) -> None:
        """Bring a state, by its number, into view."""

    def fit(self) -> None:
        """Show all of it."""

    def adopt(self, other: "View") -> None:
        """Use the same tools and show the same as a view of the same kind in another window."""
