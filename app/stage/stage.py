"""The stage shows the open world: a finite one in the views of the designer, or an environment at play."""

from dataclasses import replace

from PySide6.QtCore import QSize, QThreadPool, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from app.actions import Actions
from app.document import OpenWorld
from app.picture import Picture
from app.sentences import told
from app.stage.aside import NOTHING, Aside
from app.stage.designer import Designer
from app.stage.environment.page import EnvironmentPage
from app.stage.play_bar import as_played
from app.telling import tell
from core.errors import WorldError
from core.worlds.grid import KEYS, GridWorld
from core.worlds.gym import GymWorld
from core.worlds.mdp import FiniteMDP
from core.worlds.world import World

QUICK = 1_000
"""Cells of a grid, once for every set of keys, up to which it is compiled at every edit."""
REST = 150
"""Milliseconds without an edit after which a larger one is compiled."""


class Stage(QStackedWidget):
    """One page for finite worlds and one for environments. `said` carries what lies under the mouse or why an edit was refused.

    Edits of a large grid are drawn at once and compiled when hands rest, in a thread of the pool, or before something is known of its
    states.
    """

    said = Signal(str)
    settled = Signal()
    """The world on show is compiled, or cannot be."""
    _compiled = Signal(object, object, object)

    def __init__(self, document: OpenWorld, actions: Actions) -> None:
        super().__init__()
        self.document = document
        self.world: World | None = None
        self.original: World | None = None
        self.compiling = False
        self.fault = ""
        """Why the world on show does not compile."""
        self._compiled.connect(self._take)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._rested)
        self.designer = Designer(document)
        self.play = EnvironmentPage(actions)
        self.environment = self.play.view
        for page in (self.designer, self.play):
            self.addWidget(page)
        self.currentChanged.connect(lambda _: self.updateGeometry())
        self.designer.said.connect(self.said)
        self.play.said.connect(self.said)

    def minimumSizeHint(self) -> QSize:
        """That of the page in front: the other one must not widen the window."""
        page = self.currentWidget()
        return super().minimumSizeHint() if page is None else page.minimumSizeHint()

    def show_world(self, world: World) -> None:
        """Turn to the page of this kind of world and show it."""
        edited = self.original is self.document.original
        self.world, self.original = world, self.document.original
        if isinstance(world, GymWorld):
            self._rest.stop()
            self.play.set_world(world)
            self.setCurrentWidget(self.play)
            self.settled.emit()
            return
        self.play.controls.set_world(None)
        if edited and slow(world):
            self.designer.sketch(world)
            self._rest.start()
        else:
            self.settle()

    def settle(self) -> None:
        """Compile the finite world on show and hand it to every view."""
        world = self.world
        if world is not None:
            self._show(world, *_attempt(world))

    def _show(self, world: World, mdp: FiniteMDP | None, error: WorldError | None) -> None:
        self._rest.stop()
        sentence = "" if error is None else told(error.sentence)
        fault = sentence[:1].upper() + sentence[1:]
        if fault or self.fault:
            self.said.emit(fault)
        self.fault = fault
        self.designer.set_world(world, mdp)
        self.setCurrentWidget(self.designer)
        self.settled.emit()

    def show_picture(self, picture: Picture) -> None:
        """Show the newest of the run on the page in front."""
        if self.unsettled:
            self.settle()
        if self.currentWidget() is self.designer:
            picture = as_played(picture)
            self.designer.set_snapshot(picture.snapshot)
            told = picture.explanation == self.designer.aside.explanation
            self.designer.set_aside(replace(Aside.of(picture), pointed=self.designer.aside.pointed if told else None))
        elif picture.viewer is not None:
            self.play.show_frame(picture.viewer)

    @property
    def unsettled(self) -> bool:
        """Whether an edit is drawn that is not compiled yet."""
        drawn = self.world is not None and self.world.finite and not isinstance(self.world, GymWorld)
        return drawn and (self._rest.isActive() or (self.designer.mdp is None and not self.fault))

    def _rested(self) -> None:
        """Whoever holds a button is drawing still."""
        world = self.world
        if QGuiApplication.mouseButtons() or self.compiling:
            self._rest.start()
        elif world is not None:
            self.compiling = True
            QThreadPool.globalInstance().start(lambda: self._compile(world))

    def _compile(self, world: World) -> None:
        """In a thread of the pool."""
        found: tuple[FiniteMDP | None, WorldError | None] = None, None
        try:
            found = _attempt(world)
        finally:
            tell(self._compiled, world, *found)

    def _take(self, world: World, mdp: FiniteMDP | None, error: WorldError | None) -> None:
        self.compiling = False
        if world is not self.world or not self.unsettled:
            return  # edited since, or settled already
        if mdp is None and error is None:
            self.settle()  # a mistake of ours, told where it is seen
        else:
            self._show(world, mdp, error)

    def clear(self) -> None:
        """Forget the run."""
        self.designer.set_snapshot(None)
        self.designer.set_aside(NOTHING)
        self.play.clear()

    def fit(self) -> None:
        """Show the whole world."""
        self.designer.fit()


def _attempt(world: World) -> tuple[FiniteMDP | None, WorldError | None]:
    """The compiled world, or why there is none."""
    try:
        return world.compile(), None
    except WorldError as error:
        return None, error


def slow(world: World) -> bool:
    """Whether compiling takes longer than a person who is drawing would wait."""
    if not isinstance(world, GridWorld):
        return False
    keys = sum(any(key in row for row in world.map) for key in KEYS)
    return (world.rows * world.columns) << keys > QUICK
