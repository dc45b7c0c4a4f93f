"""Films the whole of a run: goes through its past from the start and takes a picture of every moment."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QProgressDialog, QWidget

from app.dialogs.animation import AnimationDialog
from app.dialogs.saving import ask_where
from app.picture import Picture
from app.runs import Runs
from app.text import tr
from app.viewing.camera import Camera
from core.errors import ValuescapeError
from core.runs.timeline import Wish


def moments(newest: int, pictures: int, early: bool) -> list[int]:
    """Units of work after which pictures are taken, from 0 to the newest.

    Args:
        newest: units of the run.
        pictures: how many at most; fewer where there are not so many units.
        early: closer together at the beginning, in equal ratios.
    """
    spread = np.geomspace(1, newest + 1, pictures) - 1 if early else np.linspace(0, newest, pictures)
    return np.unique(np.round(spread).astype(np.int64)).tolist()


class Animation(QObject):
    """One film at a time.

    Args:
        runs: the run in the window, and the window.
    """

    ended = Signal(object, object)
    """(path, None or the sentence why it was not written), from the camera's thread."""

    def __init__(self, runs: Runs) -> None:
        super().__init__()
        self.runs = runs
        self.camera: Camera | None = None
        self.waiting: list[int] = []
        self.whole = False
        self.progress: QProgressDialog | None = None
        self.ended.connect(self._ended, Qt.ConnectionType.QueuedConnection)
        runs.shown.connect(self._take)

    def export_animation(self) -> None:
        """Ask how, then where, then film."""
        if self.runs.last is None or not self.runs.last.position.newest:
            self.runs.say(tr("There is no run to film yet: press Train first."))
            return
        dialog = AnimationDialog(self.runs.window)
        dialog.chosen.connect(lambda kind: self._ask(dialog, kind))
        dialog.open()

    def film(self, path: Path, pictures: int, rate: float, *, early: bool = False, whole: bool = False) -> None:
        """Go through the past and take a picture of every moment; `ended` tells when the file is complete."""
        last = self.runs.last
        if self.camera is not None or last is None:
            return
        try:
            self.camera = Camera(path, rate, lambda where, problem: self.ended.emit(where, problem))
        except ValuescapeError as error:
            self.runs.say(error.sentence)
            return
        self.waiting, self.whole = moments(last.position.newest, pictures, early), whole
        self.progress = QProgressDialog(tr("Filming …"), tr("Cancel"), 0, len(self.waiting), self.runs.window)
        self.progress.setWindowModality(Qt.WindowModality.WindowModal)
        self.progress.setMinimumDuration(400)
        self.progress.canceled.connect(self._cut)
        self.runs.conductor.look(Wish(units=self.waiting[0]))

    def _take(self, picture: Picture) -> None:
        if self.camera is None or not self.waiting or picture.position.units != self.waiting[0]:
            return
        del self.waiting[0]
        window = self.runs.window
        window.show_picture(picture, force=True)
        self.camera.take(pixels(window if self.whole else window.stage))
        if self.progress is not None:
            self.progress.setValue(self.progress.maximum() - len(self.waiting))
        if self.waiting:
            self.runs.conductor.look(Wish(units=self.waiting[0]))
        else:
            self._cut()

    def _cut(self) -> None:
        self.waiting.clear()
        if self.camera is not None:
            self.camera.finish()
        if self.progress is not None:
            self.progress.canceled.disconnect()
            self.progress.close()
            self.progress.deleteLater()
            self.progress = None
        self.runs.newest()

    def _ended(self, path: Path, problem: str | None) -> None:
        self.camera = None
        self.runs.say(problem or tr("Recorded to {file}", file=path))

    def _ask(self, dialog: AnimationDialog, kind: str) -> None:
        path = ask_where(self.runs.window, tr("Export animation"), self.runs.worlds.base, kind)
        if path is not None:
            early, whole = bool(dialog.spread.currentData()), bool(dialog.shown.currentData())
            self.film(path, dialog.pictures.value(), dialog.rate.value(), early=early, whole=whole)


def pixels(widget: QWidget) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """[height, width, 3] what a widget shows."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
