"""Keeps unsaved edits on disk while the studio is open, and offers those that another one left behind."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, QTimer
from PySide6.QtWidgets import QMessageBox, QWidget

from app.dialogs.question import ask
from app.document import OpenWorld
from app.panels.library import title_of
from app.text import tr
from core.drafts import Draft, Drafts, Left

REST = 150
"""Milliseconds from an edit until it is on disk; a stroke of the brush is kept as it goes on."""


class Recovery(QObject):
    """Follows the open world. Where the folder cannot be written, nothing is kept and the studio goes on.

    Args:
        document: the open world.
        folder: of the drafts.

    Attributes:
        elsewhere: what writes the world into the project that is open, in any thread; None where there is none.
    """

    def __init__(self, document: OpenWorld, folder: Path) -> None:
        super().__init__()
        self.document = document
        self.drafts: Drafts | None = None
        self._restored: list[Left] = []
        self.elsewhere: Callable[[], Callable[[], object] | None] = lambda: None
        try:
            self.drafts = Drafts(folder)
        except OSError:
            return
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(REST)
        self.timer.timeout.connect(self._keep)
        self.pool = QThreadPool(self)
        self.pool.setMaxThreadCount(1)
        document.changed.connect(self._edited)
        document.modified_changed.connect(self._edited)

    def offer(self, parent: QWidget) -> QMessageBox | None:
        """Ask about the newest draft that was left behind, without blocking; None where there is none."""
        left = self.drafts.left() if self.drafts is not None else []
        return self._ask(left[0], parent) if left else None

    def settle(self) -> None:
        """Nothing is written any more when this returns; what was edited since the last time is not."""
        if self.drafts is not None:
            self.timer.stop()
            self.pool.waitForDone()

    def close(self) -> None:
        """The studio ends as it should."""
        if self.drafts is not None:
            self.settle()
            self._let_go(self._restored)
            self.drafts.close()
            self.drafts = None

    def _edited(self, *_: object) -> None:
        if self.drafts is not None and not self.timer.isActive():
            self.timer.start()

    def _keep(self) -> None:
        """In a thread of its own, one after the other: a large world takes a while to write, and a disk may be slow."""
        document, drafts = self.document, self.drafts
        if drafts is None:
            return
        keep = self.elsewhere()
        draft = Draft(document.world, document.name, document.path) if document.modified and keep is None else None
        restored = list(self._restored)

        def write() -> None:
            with suppress(OSError):  # a full disk is told when the world is saved
                if keep is not None:
                    keep()
                drafts.keep(draft) if draft is not None else drafts.clear()
                self._let_go(restored)

        self.pool.start(write)

    def _ask(self, left: Left, parent: QWidget) -> QMessageBox:
        when = f"{datetime.fromtimestamp(left.draft.when):%Y-%m-%d %H:%M}"
        return ask(
            parent, "recovery", tr("Unsaved changes"), tr("The studio ended before '{title}' was saved.", title=title_of(left.draft.world)),
            tr("The last edit was made on {when}. It is still there.", when=when),
            {tr("Restore"): lambda: self._restore(left), tr("Discard"): lambda: self._discard(left)}, tr("Later"),
        )  # fmt: skip

    def _restore(self, left: Left) -> None:
        """It goes once what was restored is on disk again."""
        self.document.recover(left.draft.world, left.draft.name, left.draft.path)
        self._restored.append(left)
        self._keep()

    def _discard(self, left: Left) -> None:
        if self.drafts is not None:
            self.drafts.discard(left)

    def _let_go(self, restored: Iterable[Left]) -> None:
        for left in list(restored):
            self._restored.remove(left)
            self._discard(left)
