"""Proves on the user's machine that a run is made of its settings alone: it is trained again, and every number compared."""

import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal
from PySide6.QtWidgets import QMessageBox, QProgressDialog

from app.picture import Status
from app.runs import Runs
from app.sentences import told
from app.text import tr
from core.errors import sentence_of
from core.runs.folder import describe
from core.runs.reproduce import reproduce

SHOWN = 10
"""Differences that are told."""


class Proof(QObject):
    """Checks the run in the window, which goes on meanwhile."""

    ended = Signal(object)
    """The box that tells the result is open."""
    _progress = Signal(float)
    _done = Signal(object, int)

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self.runs = runs
        self.place: tempfile.TemporaryDirectory[str] | None = None
        self.cancelled = Event()
        self.dialog: QProgressDialog | None = None
        self.pool = QThreadPool(self)
        self.pool.setMaxThreadCount(1)
        runs.conductor.saved.connect(self._saved)
        self._progress.connect(self._show)
        self._done.connect(self._tell)

    @property
    def _kept(self) -> Path | None:
        return None if self.place is None else Path(self.place.name) / "run"

    def check(self) -> None:
        """Keep the run as it is now and make it again beside it."""
        if self.place is not None or self.runs.last is None or self.runs.status in (Status.idle, Status.preparing, Status.failed):
            self.runs.say(tr("There is no run to be checked, or one is being checked."))
            return
        self.cancelled.clear()
        self.place = tempfile.TemporaryDirectory(prefix="valuescape-")
        self.dialog = QProgressDialog(tr("The run is made again from its settings, to compare every number."), tr("Cancel"), 0, 1000,
                                      self.runs.window)  # fmt: skip
        self.dialog.setWindowTitle(tr("Check this run"))
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.setMinimumDuration(0)
        self.dialog.setAutoReset(False)
        self.dialog.canceled.connect(self.cancelled.set)
        self.dialog.show()
        assert self._kept is not None
        self.runs.quiet.add(self._kept)
        self.runs.conductor.save(self._kept)

    def close(self) -> None:
        """Let go of a check that is going on."""
        self.cancelled.set()
        self.pool.waitForDone()
        if self.place is not None:
            self.place.cleanup()
        self.place = None

    def _saved(self, where: Path, problem: str | None) -> None:
        if where != self._kept:
            return
        if problem is not None:
            self._tell([problem], 0)
        else:
            self.pool.start(lambda: self._compare(where))

    def _compare(self, kept: Path) -> None:
        found: list[str] | None
        units = 0
        try:
            units = int(describe(kept)["units"])
            found = reproduce(kept, self._told)
        except InterruptedError:
            found = None
        except Exception as error:
            found = [sentence_of(error)]
        self._done.emit(found, units)

    def _told(self, share: float) -> None:
        if self.cancelled.is_set():
            raise InterruptedError
        self._progress.emit(share)

    def _show(self, share: float) -> None:
        if self.dialog is not None:
            with suppress(RuntimeError):  # its window is gone, as after a change of language
                self.dialog.setValue(round(1000 * share))

    def _tell(self, found: list[str] | None, units: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            _close(dialog)
        if self.place is not None:
            self.place.cleanup()
        self.place = None
        if found is None:
            return
        box = QMessageBox(self.runs.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName("proof")
        box.setWindowTitle(tr("Check this run"))
        if found:
            box.setIcon(QMessageBox.Icon.Warning)
            box.setText(tr("The run made again is not the same after {units} steps.", units=f"{units:,}"))
            box.setInformativeText("\n".join(told(line) for line in found[:SHOWN]))
        else:
            box.setIcon(QMessageBox.Icon.Information)
            box.setText(tr("Equal to the bit after {units} steps.", units=f"{units:,}"))
            box.setInformativeText(tr("Tables or weights, replay, random streams and measurements: every number is the same again."))
        box.open()
        self.ended.emit(box)


def _close(dialog: QProgressDialog) -> None:
    """Without its taking that for a wish to cancel; a dialog whose window is gone is closed already."""
    with suppress(RuntimeError):
        dialog.canceled.disconnect()
        dialog.close()
