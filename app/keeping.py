"""Where the worker's run is kept: by itself as it trains, in the project that is open, and as it was before it broke down."""

from functools import partial
from pathlib import Path

from app.telling import Telling, tell
from app.trash import to_trash
from core.errors import sentence_of
from core.projects.workspace import Workspace
from core.runs.autosave import Autosave
from core.runs.rescue import whole
from core.runs.session import Session
from core.runs.timeline import Timeline


class Keeping:
    """Used in the worker's thread.

    Args:
        keep: the folder of all runs.
        telling: the worker's signals.

    Attributes:
        project: in which runs are kept; None for the list of all.
    """

    def __init__(self, keep: Path, telling: Telling) -> None:
        self.telling = telling
        self.autosave = Autosave(keep, to_trash, partial(tell, telling.said), self._kept)
        self.project: Workspace | None = None

    def enter(self, project: Workspace | None) -> None:
        """Keep runs in a project from now on, or in the list of all."""
        before, self.project = self.project, project
        self.autosave.move(project.home if project is not None else None)
        if before is not None:
            self.autosave.then(lambda: tell(self.telling.left_project, before))

    def now(self, timeline: Timeline) -> Path | None:
        """Keep the run and wait for it, as it was before it broke down if it did: its folder; None where there is nothing to keep yet."""
        with whole(timeline) as (session, state):
            return self.autosave.keep_now(session, state)

    def save(self, session: Session, where: Path) -> None:
        """In a folder that a person chose; another thread writes it."""
        self.autosave.write(session, where, lambda problem: tell(self.telling.saved, where, problem))

    def pack(self, project: Workspace, timeline: Timeline | None, active: bool) -> None:
        """Keep the run in a project and save that, in the thread in which runs are written.

        Args:
            project: which.
            timeline: of the run; None where there is none.
            active: whether it may go on.
        """
        try:
            place = self._place(timeline)
            if not active:
                self.autosave.release()
            if place is not None:
                place = place if place.parent == project.home else project.add_run(place)
                project.show_run(place)
                self.telling.kept.emit(place)
        except Exception as error:
            self.telling.packed.emit(project, sentence_of(error))
            return
        self.autosave.then(lambda: self._pack(project))

    def _place(self, timeline: Timeline | None) -> Path | None:
        """The folder of the run as it is now."""
        if timeline is None:
            return None
        opened = None if timeline.session.broken else self.autosave.opened(timeline.session)
        return opened or self.now(timeline)

    def _pack(self, project: Workspace) -> None:
        try:
            project.save()
        except Exception as error:
            tell(self.telling.packed, project, sentence_of(error))
        else:
            tell(self.telling.packed, project, "")

    def _kept(self, place: Path) -> None:
        project = self.project
        if project is not None and place.parent == project.home:
            project.touch()
        tell(self.telling.kept, place)
