"""Where an open project is worked on: a folder with its parts, kept up to date as things change.

A studio holds the lock beside the folder, and the system lets go of it when the studio ends, however it ends. So a folder whose lock can be
had was left behind by one that did not come to its end (`core.projects.left`).
"""

import json
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock

from core.errors import ProjectError, ValuescapeError
from core.files import replacing
from core.locks import had, let_go
from core.projects import belongs
from core.projects.belongs import Belongs
from core.projects.claim import Access, Claim, claim
from core.projects.names import fitted, same
from core.projects.project import AGENT, LAYOUT, About, changed, copy_run, pack, read_about, unpack, write_about
from core.runs import notes
from core.runs.notes import Notes
from core.worlds.world import World, dump, load


class Workspace:
    """The folder of a project that is open. It may be saved in one thread while it is changed in another.

    Args:
        place: the folder, which is there.
        lock: held for as long as it is used.
        said: the file it belongs to.
        claimed: whether that may be written.

    Attributes:
        about: what is on show and what worlds are called.
        damaged: what could not be read of the file, in sentences.
    """

    def __init__(self, place: Path, lock: FileLock, said: Belongs, claimed: Claim) -> None:
        self.place, self.lock, self.belongs, self.claimed = place, lock, said, claimed
        self.about = About()
        self._changes = 0
        self._guard = threading.RLock()
        self.damaged: list[str] = []
        with suppress(ValuescapeError):
            self.about = read_about(place)

    @property
    def file(self) -> Path | None:
        """The project's file; None where it has none yet."""
        return self.belongs.file

    @property
    def read_only(self) -> bool:
        """Whether the file is another's, or cannot be written."""
        return self.file is not None and self.claimed.access is not Access.ours

    @property
    def modified(self) -> bool:
        """Whether there is something that was not saved."""
        return self.belongs.modified

    def touch(self) -> None:
        """Something is changed; OSError where that cannot be noted."""
        with self._guard:
            self._changes += 1
            if not self.belongs.modified:
                self._belong(replace(self.belongs, modified=True, when=time.time()))

    @property
    def worlds(self) -> list[str]:
        """The parts that are worlds."""
        return [f"worlds/{file.name}" for file in sorted((self.place / "worlds").glob("*.json"))]

    @property
    def shown(self) -> tuple[str | None, Path | None]:
        """The world and the folder of the run that were on show."""
        worlds, run = self.worlds, self.home / self.about.run
        world = self.about.world if self.about.world in worlds else next(iter(worlds), None)
        return world, run if run in self.runs else None

    def world(self, part: str) -> World:
        """Open a world; ValuescapeError where it cannot be read."""
        return load(self.place / part)

    def name_of(self, part: str) -> str:
        """What a world is called in the library, or was called as a file."""
        return self.about.names.get(part, Path(part).name)

    def keep_world(self, world: World, name: str, part: str | None = None) -> str:
        """Write a world, in the place of `part` or beside the others: its part. OSError where that is not possible."""
        if part is None:
            base = name.partition("?")[0].replace(":", "/").rpartition("/")[2].removesuffix(".json")
            part = f"worlds/{fitted(base, {same(Path(other).name) for other in self.worlds}, '.json')}"
            (self.place / "worlds").mkdir(exist_ok=True)
        self.touch()
        with replacing(self.place / part) as file:
            file.write(dump(world).encode(errors="replace"))
        with self._guard:
            if self.about.names.get(part) != name:
                self._tell(replace(self.about, names={**self.about.names, part: name}))
        return part

    def drop_world(self, part: str) -> None:
        """Take a world out; OSError where that is not possible."""
        self.touch()
        (self.place / part).unlink(missing_ok=True)

    @property
    def home(self) -> Path:
        """The folder of the project's runs."""
        return self.place / "runs"

    @property
    def runs(self) -> list[Path]:
        """The folders of its runs."""
        return sorted(file.parent for file in self.home.glob("*/run.json"))

    def add_run(self, run: Path) -> Path:
        """Take a copy of a kept run that is not there yet: its folder. OSError where that is not possible."""
        described = (run / "run.json").read_bytes()
        for known in self.runs:
            if (known / "run.json").read_bytes() == described:
                return known
        self.touch()
        place = self.home / fitted(run.name, {same(other.name) for other in self.home.iterdir()})
        copy_run(run, place)
        return place

    @property
    def notes(self) -> Notes:
        """Its name and what is said of it."""
        return notes.read(self.place)

    def note(self, said: Notes) -> None:
        """Say something else of it; ValuescapeError where that is not possible."""
        if said != self.notes:
            self.touch()
            notes.write(self.place, said)

    def settings(self, name: str) -> dict[str, Any]:
        """What layout.json or agent.json says; nothing where it cannot be read."""
        try:
            said = json.loads((self.place / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def arrange(self, layout: dict[str, Any], agent: dict[str, Any], world: str) -> None:
        """Note how everything stands as the project is saved, and that no run is on show; OSError where that is not possible."""
        for name, values in ((LAYOUT, layout), (AGENT, agent)):
            with replacing(self.place / name) as file:
                file.write(json.dumps(values, indent=1, ensure_ascii=False).encode(errors="replace"))
        with self._guard:
            self._tell(replace(self.about, world=world, run=""))

    def show_run(self, run: Path) -> None:
        """Note which run is on show; OSError where that is not possible."""
        with self._guard:
            self._tell(replace(self.about, run=run.name))

    def changed_by_others(self) -> bool:
        """Whether the file is not the one last read or written."""
        return self.file is not None and self.belongs.stamp != () and belongs.stamp_of(self.file) not in (self.belongs.stamp, ())

    def belong_to(self, file: Path) -> Claim:
        """From now on it is saved to `file`, if that may be written: what was found. OSError where that cannot be noted."""
        if file == self.file and not self.read_only:
            return self.claimed
        found = claim(file)
        if found.access is Access.ours:
            self.claimed.give_up()
            self.claimed = found
            with self._guard:
                self._belong(Belongs(file, True, (), time.time()))
        return found

    def save(self) -> None:
        """Write the project into its file; ProjectError where that is not possible, and the file stays as it was."""
        file, changes = self.file, self._changes
        assert file is not None
        try:
            (self.place / belongs.OPEN).stat()  # of a folder that has vanished, a project without anything in it would be saved
            said = pack(self.place, file)
            with self._guard:
                self._tell(replace(self.about, saved=said.saved, versions=said.versions, parts=said.parts))
                self._belong(Belongs(file, self._changes != changes, belongs.stamp_of(file), time.time()))
        except OSError as error:
            raise ProjectError(f"the project cannot be saved ({error.strerror})", where=str(self.place)) from None

    def close(self, keep: bool = False) -> None:
        """Let go of it: the folder goes away, unless it is kept for the next studio to offer."""
        self.claimed.give_up()
        if keep:
            self.lock.release()
            return
        shutil.rmtree(self.place, ignore_errors=True)
        let_go(self.lock)

    def unsaved_runs(self) -> list[Path]:
        """Runs that are not in the file as they are; ValuescapeError or OSError where that cannot be told."""
        there = set(changed(self.place))
        return [run for run in self.runs if f"runs/{run.name}/run.json" in there]

    def _tell(self, said: About) -> None:
        write_about(self.place, said)
        self.about = said

    def _belong(self, said: Belongs) -> None:
        belongs.write(self.place, said)
        self.belongs = said


def made(home: Path) -> Workspace:
    """The workspace of a project that is new; OSError where it cannot be made."""
    place, lock = _place(home)
    (place / "runs").mkdir(parents=True)
    belongs.write(place, Belongs())
    return Workspace(place, lock, Belongs(), Claim(Access.ours))


def opened(home: Path, file: Path, claimed: Claim | None) -> Workspace:
    """Unpack a project and work on it.

    Args:
        home: the folder of all workspaces.
        file: the project.
        claimed: whether it may be written; None for a copy that belongs to no file.

    Raises:
        ProjectError: where it cannot be read.
        OSError: where nothing can be written.
    """
    stamp = belongs.stamp_of(file)
    place, lock = _place(home)
    opening = half(place)
    try:
        damaged = unpack(file, opening)
        (opening / "runs").mkdir(exist_ok=True)
        whole = claimed is not None and not damaged  # what is damaged must not be written over
        said = Belongs(file, False, stamp, time.time()) if whole else Belongs(None, True, (), time.time())
        belongs.write(opening, said)
        opening.rename(place)
    except BaseException:
        shutil.rmtree(opening, ignore_errors=True)
        let_go(lock)
        raise
    if claimed is not None and not whole:
        claimed.give_up()
    workspace = Workspace(place, lock, said, claimed if whole and claimed is not None else Claim(Access.ours))
    workspace.damaged = damaged
    return workspace


def half(place: Path) -> Path:
    """The folder into which a project is unpacked: until that is whole, there is nothing of a person's in it."""
    return place.with_suffix(".half")


def _place(home: Path) -> tuple[Path, FileLock]:
    home.mkdir(parents=True, exist_ok=True)
    place = home / uuid4().hex
    lock = had(place.with_suffix(".lock"))
    if lock is None:
        raise OSError(11, "another studio has it", str(place))
    return place, lock
