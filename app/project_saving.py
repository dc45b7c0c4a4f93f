"""Saving the open project, and what belongs to it."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Signal
from PySide6.QtWidgets import QMessageBox

from app.busy import waiting
from app.dialogs.project import Chosen, Here, ProjectDialog
from app.dialogs.question import ask
from app.dialogs.saving import ask_where
from app.projects import Projects
from app.text import tr
from core.errors import ProjectError, ValuescapeError
from core.projects.claim import Access
from core.projects.project import SUFFIX
from core.projects.workspace import Workspace, made
from core.runs import library
from core.runs.library import Entry
from core.runs.notes import Notes


class ProjectSaving(QObject):
    """What a person does to keep a project.

    Args:
        projects: the open project.
    """

    settled = Signal(bool)
    """Whether saving it worked."""

    def __init__(self, projects: Projects) -> None:
        super().__init__()
        self.projects, self.runs, self.document = projects, projects.runs, projects.document
        self.moment: tuple[int, str | None] = (0, None)
        self.runs.conductor.packed.connect(self._packed)

    def save(self) -> bool:
        """Save the project to its file, asking for one where it has none; whether that has begun: `settled` tells how it ends."""
        project = self.projects.workspace
        if project is None or project.file is None or project.read_only:
            return self.save_to(self._ask_where())
        if not project.changed_by_others():
            return self._pack(project)
        ask(
            self.projects.window, "changed", tr("Save project"),
            tr("'{project}' was changed by another program since it was opened.", project=project.file.name),
            tr("What was changed there is lost where you save over it."),
            {tr("Save as …"): lambda: self.save_to(self._ask_where()), tr("Save over it"): lambda: self._pack(project)}, tr("Cancel"),
        )  # fmt: skip
        return False

    def save_to(self, file: Path | None) -> bool:
        """Save the project to another file; whether that has begun."""
        project = self.projects.workspace
        if project is None or file is None:
            return False
        try:
            access = project.belong_to(file.absolute()).access
            if access is not Access.ours:
                what = tr("it is open in another window") if access is Access.taken else tr("it cannot be written to")
                raise ProjectError(what, where=str(file), remedy=tr("Choose another name"))
        except (ValuescapeError, OSError) as error:
            self.projects.refuse(error, file)
            return False
        return self._pack(project)

    def contents(self) -> ProjectDialog:
        """Ask what belongs to the project, or to a new one, and save it."""
        projects, project = self.projects, self.projects.workspace
        said = project.notes if project is not None else Notes()
        dialog = ProjectDialog(
            projects.window, said.name, said.note, self.document.world,
            {part: world for part, world in projects.members.items() if part != projects.part},
            self.runs.last is not None and self.runs.last.position.newest > 0,
            project.home if project is not None else None,
            self._runs(),
            Here(self.document.world, self.document.name), project is not None and project.file is not None,
        )  # fmt: skip
        dialog.chosen_.connect(self._take)
        dialog.open()
        return dialog

    def may_leave(self) -> bool:
        """Ask what to do with a project, or a world without one, that is not saved; False to stay."""
        project = self.projects.workspace
        if project is None:
            return self.projects.worlds.may_leave()
        if not self.projects.hold():
            return False
        if not project.modified:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self.projects.window, tr("Unsaved changes"),
            tr("The project '{project}' has changes that are not saved.", project=self.projects.title),
            buttons.Save | buttons.Discard | buttons.Cancel, buttons.Save,
        )  # fmt: skip
        return self._saved() if answer is buttons.Save else answer is buttons.Discard

    def close_project(self) -> None:
        """Go on without a project; the world and the run on show stay."""
        if self.projects.workspace is not None and self.may_leave():
            self.document.stack.setClean()
            self.projects.enter(None)

    def _runs(self) -> Iterator[Entry]:
        """Every kept run but the one on show, those in the project first; what it has a copy of stands there once."""
        project = self.projects.workspace
        inside = [library.read(run) for run in project.runs] if project is not None else []
        yield from (entry for entry in inside if entry.folder != self.runs.place)
        known = {_key(entry) for entry in inside}
        for entry in self.projects.kept.library.entries():
            if _key(entry) not in known and entry.folder != self.runs.place:
                yield entry

    def _saved(self) -> bool:
        """Save and wait for it; whether it worked."""
        loop, outcome = QEventLoop(), list[bool]()

        def ended(well: bool) -> None:
            outcome.append(well)
            loop.quit()

        self.settled.connect(ended)
        if self.save():
            loop.exec()
        self.settled.disconnect(ended)
        return outcome == [True]

    def _ask_where(self, name: str = "") -> Path | None:
        project = self.projects.workspace
        said = name or (project.notes.name if project is not None else "") or self.projects.worlds.base
        base = project.file.with_name(said) if project is not None and project.file is not None else said
        return ask_where(self.projects.window, tr("Save project"), str(base), SUFFIX.removeprefix("."))

    def _take(self, chosen: Chosen) -> None:
        """Make the project of what was chosen, and save it."""
        projects = self.projects
        file = self._ask_where(chosen.name) if chosen.elsewhere else None
        if chosen.elsewhere and file is None:
            return
        try:
            with waiting():
                project = projects.workspace or made(projects.home)
                self._fill(project, chosen)
        except (ValuescapeError, OSError) as error:
            projects.refuse(error, projects.home)
            return
        if projects.workspace is None:
            projects.enter(project)
        projects.forget()
        if file is not None:
            self.save_to(file)
        else:
            self.save()

    def _fill(self, project: Workspace, chosen: Chosen) -> None:
        project.note(Notes(chosen.name, project.notes.tags, chosen.note))
        for part in set(project.worlds) - {*chosen.worlds, self.projects.part}:
            project.drop_world(part)
        for run in set(project.runs) - {*chosen.runs, self.runs.place}:
            project.touch()
            self.projects.to_list(run)
        for run in chosen.runs:
            if run.parent != project.home:
                project.add_run(run)

    def _pack(self, project: Workspace) -> bool:
        if not self.projects.gather():
            return False
        self.moment = self.document.stack.index(), self.projects.part
        self.runs.say(tr("Saving …"))
        self.runs.conductor.pack(project)
        return True

    def _packed(self, project: Workspace, problem: str) -> None:
        if project is not self.projects.workspace:
            return
        if problem:
            self.projects.worlds.refused.emit(ProjectError(problem.rstrip(".")))
        else:
            if self.moment == (self.document.stack.index(), self.projects.part):
                self.document.stack.setClean()
            assert project.file is not None
            self.projects.preferences.remember_project(project.file)
            self.runs.say(tr("Project saved to {path}", path=project.file))
        self.projects.changed.emit()
        self.settled.emit(not problem)


def _key(entry: Entry) -> tuple[object, ...]:
    """What a run and its copy share."""
    return entry.saved, entry.algorithm, entry.units
