"""The runs that were kept: whether they are, the one that a studio which broke down was training, the list of all."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.panels.library import title_of
from app.preferences import Preferences
from app.runs import Runs
from app.text import tr
from core.errors import ValuescapeError
from core.runs import autosave, folder
from core.runs.autosave import Left


class KeptRuns(QObject):
    """What a person does with kept runs.

    Args:
        runs: the run in the window.
        preferences: which remember whether runs are kept by themselves.
    """

    def __init__(self, runs: Runs, preferences: Preferences) -> None:
        super().__init__()
        self.runs, self.preferences = runs, preferences
        self.home = runs.conductor.worker.keep
        self.left: list[Left] = []
        runs.conductor.set_keeping(preferences.keeps_runs)

    def toggle(self) -> None:
        """Keep runs by themselves, or no more."""
        self.preferences.keeps_runs = not self.preferences.keeps_runs
        self.runs.window.actions_["keep_runs"].setChecked(self.preferences.keeps_runs)
        self.runs.conductor.set_keeping(self.preferences.keeps_runs)

    def offer(self, parent: QWidget) -> QMessageBox | None:
        """Ask about the run that a studio which broke down was training, without blocking; None where there is none."""
        self.close()
        self.left = autosave.left(self.home)
        for left in list(self.left):
            try:
                spec, units = folder.spec_of(left.folder), int(folder.describe(left.folder)["units"])
            except (ValuescapeError, LookupError, TypeError, ValueError):
                self._let_go(left)  # the list of runs says what is wrong with it
                continue
            box = QMessageBox(parent)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.setObjectName("rescue")
            box.setIcon(QMessageBox.Icon.Question)
            box.setWindowTitle(tr("Unfinished run"))
            box.setText(tr("The studio ended while a run in '{world}' was open.", world=title_of(spec.at(units).world)))
            box.setInformativeText(tr("It was kept after {units} steps and can go on from there.", units=f"{units:,}"))
            opened = box.addButton(tr("Open run"), QMessageBox.ButtonRole.AcceptRole)
            box.addButton(tr("Leave it in the list"), QMessageBox.ButtonRole.RejectRole)
            opened.clicked.connect(lambda _=False, left=left: self._open(left))
            box.rejected.connect(lambda left=left: self._let_go(left))
            box.setDefaultButton(opened)
            box.open()
            return box
        return None

    def close(self) -> None:
        """Let the next studio offer what this one has not."""
        for left in self.left:
            left.lock.release()
        self.left = []

    def _open(self, left: Left) -> None:
        self._let_go(left)
        self.runs.open_run_folder(left.folder)

    def _let_go(self, left: Left) -> None:
        if left in self.left:
            self.left.remove(left)
            left.let_go()
