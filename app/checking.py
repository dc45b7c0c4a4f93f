"""Looks the open world through whenever hands rest, in a thread of its own."""

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from app.document import OpenWorld
from app.telling import tell
from core.worlds.checks import Problem, problems
from core.worlds.grid import KEYS, GridWorld
from core.worlds.table import TableWorld
from core.worlds.world import World

REST = 300
"""Milliseconds without an edit after which a world is looked through."""
LARGEST = 250_000
"""Cells, once for every set of keys, or transitions of a table up to which it is done unasked."""


class Checking(QObject):
    """Tells what is found in the open world.

    Attributes:
        world: the one that `found` is of; None where none was looked through yet.
        found: what was found in it.
    """

    done = Signal()
    """`found` is that of the open world."""
    stale = Signal()
    """The world has changed since; what was found may hold no more."""
    skipped = Signal()
    """The world is too large to be looked through unasked."""
    _told = Signal(object, object)

    def __init__(self, document: OpenWorld, parent: QObject) -> None:
        super().__init__(parent)
        self.document = document
        self.world: World | None = None
        self.found: tuple[Problem, ...] = ()
        self.busy = self.asked = False
        self.rest = QTimer(self)
        self.rest.setSingleShot(True)
        self.rest.setInterval(REST)
        self.rest.timeout.connect(self._rested)
        self._told.connect(self._take)
        document.changed.connect(self._changed)
        self.rest.start()

    @property
    def current(self) -> bool:
        """Whether what was found is of the world as it stands."""
        return self.world is self.document.world

    def check(self) -> None:
        """Look the open world through now, whatever its size."""
        self.rest.stop()
        self.asked = self.busy
        if self.busy:
            return  # it is looked through when the present search is over
        self.busy = True
        world = self.document.world
        QThreadPool.globalInstance().start(lambda: self._search(world))

    def _search(self, world: World) -> None:
        """In a thread of the pool."""
        found: tuple[Problem, ...] = ()
        try:
            found = problems(world)
        finally:
            tell(self._told, world, found)

    def _take(self, world: World, found: tuple[Problem, ...]) -> None:
        self.busy = False
        if world is self.document.world:
            self.world, self.found = world, found
            self.done.emit()
        elif self.asked:
            self.check()
        else:
            self.rest.start()

    def _changed(self) -> None:
        self.stale.emit()
        self.rest.start()

    def _rested(self) -> None:
        if size(self.document.world) > LARGEST:
            self.skipped.emit()
        else:
            self.check()


def size(world: World) -> int:
    """Cells or transitions, told from the document; 0 for what a program makes, as the stage has made it already."""
    if isinstance(world, GridWorld):
        return (world.rows * world.columns) << sum(any(key in row for row in world.map) for key in KEYS)
    return len(world.transitions) if isinstance(world, TableWorld) else 0
