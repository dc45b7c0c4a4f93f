"""Long work on files, in a thread of the pool: the window goes on, says what takes so long, and lets a person give it up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressDialog, QWidget

from app.telling import tell
from app.text import tr
from core.errors import ValuescapeError, WorldError
from core.worlds.world import World

Result = TypeVar("Result")
SMALL = 1 << 20
"""Bytes of a file up to which it is read at once."""
FEW = 20_000
"""Cells or transitions of a world up to which it is written at once."""
PATIENCE = 300
"""Milliseconds after which it is said that something takes a while."""


class Busy(QObject):
    """One piece of work at a time; another one takes its place.

    Args:
        window: what the sign belongs to.
        refused: told what could not be done, and why.
    """

    _ended = Signal(int, object, object)

    def __init__(self, window: Callable[[], QWidget], refused: Callable[[ValuescapeError], None]) -> None:
        super().__init__()
        self.window, self.refused = window, refused
        self.sign: QProgressDialog | None = None
        self._number = 0
        self._done: Callable[[object], None] = lambda _: None
        self._ended.connect(self._take)

    def do(self, what: str, work: Callable[[], Result], done: Callable[[Result], None], small: bool = False) -> None:
        """Work, and hand the result on; in a thread of the pool unless it is small.

        Args:
            what: as the sign says it.
            work: may raise ValuescapeError, which `refused` is told.
            done: called in the window's thread; not where the work was given up.
        """
        self.give_up()
        if small:
            try:
                with waiting():
                    found = work()
            except ValuescapeError as error:
                self.refused(error)
                return
            done(found)
            return
        number, self._done = self._number, done  # type: ignore[assignment]
        self.sign = QProgressDialog(what, tr("Cancel"), 0, 0, self.window())
        self.sign.setWindowTitle(QGuiApplication.applicationDisplayName())
        self.sign.setWindowModality(Qt.WindowModality.WindowModal)
        self.sign.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sign.setMinimumDuration(PATIENCE)
        self.sign.canceled.connect(self.give_up)
        QThreadPool.globalInstance().start(lambda: self._work(number, work))

    def give_up(self) -> None:
        """Let the work under way come to nothing."""
        self._number += 1
        sign, self.sign = self.sign, None
        if sign is not None:
            sign.canceled.disconnect(self.give_up)
            sign.close()

    def _work(self, number: int, work: Callable[[], object]) -> None:
        """In a thread of the pool."""
        found: object = None
        fault: Exception | None = None
        try:
            found = work()
        except Exception as error:  # told, or raised again, in the window's thread
            fault = error
        tell(self._ended, number, found, fault)

    def _take(self, number: int, found: object, fault: Exception | None) -> None:
        if number != self._number:
            return
        self.give_up()
        if isinstance(fault, ValuescapeError):
            self.refused(fault)
        elif fault is not None:
            raise fault
        else:
            self._done(found)


def is_small(file: Path) -> bool:
    """Whether a file is read at once; one that is not there is refused at once."""
    return not file.is_file() or file.stat().st_size <= SMALL


def compiled(world: World) -> World:
    """The world, with whatever it compiles to kept in it, so that the window need not wait for that."""
    if world.finite:
        with suppress(WorldError):  # it is said when the world is on show
            world.compile()
    return world


@contextmanager
def waiting() -> Iterator[None]:
    """The mouse shows that the window is busy."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()
