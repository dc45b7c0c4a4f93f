"""Whose policy is watched: that of the run on show, as it was after some episode, or that of a run kept in a folder."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QToolButton

from app.numbers import short
from app.text import tr
from app.viewing.frames import ViewerFrame
from app.viewing.orders import Invite
from core.registry import algorithm
from core.runs.library import Entry
from core.runs.timeline import Wish

MOST = 20
"""Kept runs in the menu."""
WIDEST = 24
"""Letters of a name on the button."""


class PolicyButton(QToolButton):
    """`ordered` carries the policy to watch, `wished` a moment of the run; `opening` before the menu shows, to be told of kept runs."""

    ordered = Signal(object)
    wished = Signal(object)
    opening = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.folder: Path | None = None
        self.entries: Sequence[Entry] = ()
        self.ended = 0
        self.menu_ = QMenu(self)
        self.menu_.aboutToShow.connect(self.fill)
        self.setMenu(self.menu_)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAutoRaise(True)
        self.setAccessibleName(tr("Whose policy is watched"))
        self.setToolTip(tr("Whose policy is watched: that of this run at the moment on show, or that of a run that was kept."))
        self._tell()

    def follow(self, frame: ViewerFrame | None) -> None:
        """Name the policy that plays."""
        folder = None if frame is None else frame.invited
        if folder != self.folder:
            self.folder = folder
            self._tell()

    def fill(self) -> None:
        """Make the menu of what there is now."""
        self.opening.emit()
        self.menu_.clear()
        mine = self.menu_.addAction(tr("This run, at the moment on show"), partial(self.ordered.emit, Invite(None)))
        mine.setCheckable(True)
        mine.setChecked(self.folder is None)
        after = self.menu_.addAction(tr("This run after an episode …"), self.ask_episode)
        after.setEnabled(self.ended > 0)
        self.menu_.addSection(tr("Kept runs"))
        for entry in self.entries[:MOST]:
            one = self.menu_.addAction(line_of(entry), partial(self.ordered.emit, Invite(entry.folder)))
            one.setCheckable(True)
            one.setChecked(entry.folder == self.folder)
        self.menu_.addAction(tr("From a folder …"), self.ask_folder)

    def ask_episode(self) -> None:
        """Go to the end of an episode of the run that the person names, and watch the policy of then."""
        number, given = QInputDialog.getInt(
            self, tr("This run after an episode …"), tr("Watch the policy as it was after so many episodes"), self.ended, 0, self.ended
        )
        if given:
            self.ordered.emit(Invite(None))
            self.wished.emit(Wish(boundaries=number))

    def ask_folder(self) -> None:
        """Watch the policy of a run in a folder."""
        name = QFileDialog.getExistingDirectory(self, tr("Watch the policy of a kept run"))
        if name:
            self.ordered.emit(Invite(Path(name)))

    def _tell(self) -> None:
        if self.folder is None:
            self.setText(tr("This run"))
        else:
            name = next((entry.name for entry in self.entries if entry.folder == self.folder), self.folder.name)
            self.setText(name if len(name) <= WIDEST else name[: WIDEST - 1] + "…")


def line_of(entry: Entry) -> str:
    """A kept run in one line."""
    name = entry.notes.name or time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.saved))
    parts = [algorithm(entry.algorithm).title, tr("{count} steps", count=f"{entry.units:,}")]
    if entry.score is not None:
        parts.append(tr("return {value}", value=short(entry.score)))
    return f"{name}:  {', '.join(parts)}"
