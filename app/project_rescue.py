"""Projects that a studio which broke down had not saved."""

from contextlib import suppress

from PySide6.QtWidgets import QMessageBox, QWidget

from app.dialogs.question import ask
from app.projects import Projects
from app.text import tr
from core.projects.left import Left, left
from core.runs import autosave


class ProjectRescue:
    """Offers them to the studio that starts next.

    Args:
        projects: the open project.
    """

    def __init__(self, projects: Projects) -> None:
        self.projects = projects
        self.left: list[Left] = []

    def offer(self, parent: QWidget) -> QMessageBox | None:
        """Ask about the newest one, without blocking; None where there is none."""
        self.left += left(self.projects.home)
        if not self.left:
            return None
        found = self.left[0]
        return ask(
            parent, "rescue project", tr("Unsaved project"),
            tr("The studio ended before the project '{project}' was saved.", project=found.name or tr("Untitled project")),
            tr("Its worlds, runs and notes are still there."),
            {tr("Restore"): lambda: self._restore(found), tr("Discard"): lambda: self._discard(found)}, tr("Later"),
        )  # fmt: skip

    def close(self) -> None:
        """Let the next studio offer what this one has not."""
        for found in self.left:
            found.lock.release()
        self.left = []

    def _restore(self, found: Left) -> None:
        self.left.remove(found)
        try:
            project = found.opened()
        except OSError as error:
            self.projects.refuse(error, found.place)
            found.lock.release()
            return
        cut = autosave.left(project.home)
        for run in cut:
            run.let_go()
        self.projects.show(project, cut[0].folder if cut else None)

    def _discard(self, found: Left) -> None:
        """Its runs go into the list of all."""
        self.left.remove(found)
        for run in list((found.place / "runs").glob("*/run.json")):
            with suppress(OSError):
                self.projects.to_list(run.parent)
        found.discard()
