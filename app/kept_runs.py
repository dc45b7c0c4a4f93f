"""The runs that were kept: whether they are, the one that a studio which broke down was training, the list of all."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from app.dialogs.kept_runs import KeptRunsDialog
from app.dialogs.question import ask
from app.panels.library import title_of
from app.preferences import Preferences
from app.runs import Runs
from app.text import tr
from core.errors import ValuescapeError
from core.runs import autosave, folder
from core.runs.autosave import Left
from core.runs.export import KINDS
from core.runs.library import Library


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
        self.library = Library(self.home)
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
            return ask(
                parent, "rescue", tr("Unfinished run"),
                tr("The studio ended while a run in '{world}' was open.", world=title_of(spec.at(units).world)),
                tr("It was kept after {units} steps and can go on from there.", units=f"{units:,}"),
                {tr("Open run"): partial(self._open, left)}, tr("Leave it in the list"), partial(self._let_go, left),
            )  # fmt: skip
        return None

    def may_leave(self) -> bool:
        """Ask where the run on show could not be kept; False to stay."""
        if not self.runs.conductor.unkept:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self.runs.window, tr("Run not kept"),
            tr("There was no way to keep the run so far. Make room on the disk, or save the run to another folder: "
               "closing tries once more, and where that fails, too, the run is lost."),
            buttons.Close | buttons.Cancel, buttons.Cancel,
        )  # fmt: skip
        return answer is buttons.Close

    def list_policies(self) -> None:
        """Tell the watched episode's menu which kept runs could play in the open world."""
        button = self.runs.window.stage.play.controls.policy
        here, last = self.runs.worlds.document, self.runs.last
        fitting = (entry for entry in self.library.entries() if entry.problem is None and entry.units)
        button.entries = [entry for entry in fitting if here.name == entry.world_name or here.world.title == entry.world]
        button.ended = 0 if last is None else last.position.ended

    def browse(self) -> KeptRunsDialog:
        """The list of kept runs, beside the window."""
        window = self.runs.window
        shown = window.findChild(KeptRunsDialog)
        if shown is None:
            shown = KeptRunsDialog(window, self.library)
            shown.opened.connect(self.runs.setup.open_folder)
            shown.copied.connect(self.runs.setup.take_over)
            shown.compared.connect(self._compare)
            shown.exported.connect(self._export)
        else:
            shown.refresh()
        shown.show()
        shown.raise_()
        return shown

    def close(self) -> None:
        """Let the next studio offer what this one has not."""
        for left in self.left:
            left.lock.release()
        self.left = []

    def _open(self, left: Left) -> None:
        self._let_go(left)
        self.runs.setup.open_folder(left.folder)

    def _compare(self, where: Path) -> None:
        window = self.runs.window
        try:
            window.runs.open_folder(where)
        except ValuescapeError as error:
            self.runs.worlds.refused.emit(error)
        else:
            window.below.setCurrentWidget(window.runs)

    def _export(self, where: Path) -> None:
        kinds = {tr("CSV, a file for each channel"): "csv", tr("TensorBoard"): "tensorboard", tr("Weights as safetensors"): "safetensors"}
        parent = self.runs.window.findChild(KeptRunsDialog)
        kind, chosen = QInputDialog.getItem(parent, tr("Export run"), tr("Measurements as"), list(kinds), editable=False)
        target = QFileDialog.getExistingDirectory(parent, tr("Export run")) if chosen else ""
        if target:
            try:
                written = KINDS[kinds[kind]](where, Path(target) / where.name)
            except ValuescapeError as error:
                self.runs.worlds.refused.emit(error)
            else:
                self.runs.say(tr("{count} files written to {folder}", count=len(written), folder=Path(target) / where.name))

    def _let_go(self, left: Left) -> None:
        if left in self.left:
            self.left.remove(left)
            left.let_go()
