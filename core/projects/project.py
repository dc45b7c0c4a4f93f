"""A project: a zip of the files that stand in a folder, none of which can be executed.

    project.json            what it is: format, versions, what is on show, and size and SHA-256 of every other part
    notes.json              its name and note, as runs have them
    layout.json             how the window was arranged
    agent.json              the settings of the next run
    worlds/NAME.json        worlds
    runs/NAME/              kept runs: run.json, its checkpoint, notes.json

Formats: 1.
"""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from core.errors import ProjectError, ValuescapeError
from core.files import replacing
from core.projects.archive import Archive, Sum, reading, writing
from core.system import versions

FORMAT = 1
SUFFIX = ".valuescape"
ABOUT = "project.json"
NOTES, LAYOUT, AGENT = "notes.json", "layout.json", "agent.json"
LARGEST_TEXT = 64 * 2**20
"""Bytes of a part that is text, at most."""
_PART = re.compile(rf"{NOTES}|{LAYOUT}|{AGENT}|worlds/[^/]+\.json|runs/(?P<run>[^/]+)/(run\.json|notes\.json|checkpoint-[^/]+\.npz)")


@dataclass(frozen=True)
class About:
    """What project.json says.

    Attributes:
        world: part that was on show; nothing where that is none.
        run: name of the run that was on show; nothing where that is none.
        names: what each world is called in the library or was called as a file, by part.
        saved: seconds since 1970.
        versions: of Valuescape and what it stands on, by name.
        parts: what every other part must be.
    """

    world: str = ""
    run: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    saved: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Sum] = field(default_factory=dict)

    @property
    def worlds(self) -> list[str]:
        """The parts that are worlds."""
        return [name for name in self.parts if name.startswith("worlds/")]

    @property
    def runs(self) -> list[str]:
        """The names of its runs."""
        return list(dict.fromkeys(found["run"] for name in self.parts if (found := _PART.fullmatch(name)) and found["run"]))


def described(text: bytes, where: str) -> About:
    """Read project.json; ProjectError where it is damaged, or of a newer format."""
    damaged = ProjectError("the project's description is damaged", where=where)
    try:
        said = json.loads(text.decode())
        version = said["format"]
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise damaged
        if version > FORMAT:
            raise ProjectError(f"it was saved by a newer Valuescape (format {version})", where=where, remedy="Update Valuescape to open it")
        parts = {str(name): Sum(int(sum["size"]), str(sum["sha256"])) for name, sum in said.get("parts", {}).items()}
        return About(
            str(said.get("world", "")), str(said.get("run", "")), _texts(said.get("names", {})), float(said.get("saved", 0.0)),
            _texts(said.get("versions", {})), parts,
        )  # fmt: skip
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise damaged from None


def about(file: Path) -> About:
    """What a project says it is; ProjectError where it is none, damaged or of a newer format."""
    with reading(file) as archive:
        return _about(archive)


def verify(file: Path) -> list[str]:
    """Read every part of a project: what is damaged in it, each in a sentence. ProjectError where it is no project at all."""
    with reading(file) as archive:
        return [problem for name, sum in _about(archive).parts.items() if (problem := _copied(archive, name, sum, None))]


def unpack(file: Path, folder: Path) -> list[str]:
    """Write the parts of a project into a folder: what was damaged and left out, each in a sentence.

    Args:
        file: the project.
        folder: made here; there must be none.

    Raises:
        ProjectError: where it is no project, of a newer format, or does not fit on the disk.
    """
    with reading(file) as archive:
        said = _about(archive)
        try:
            folder.mkdir(parents=True)
            room, needed = shutil.disk_usage(folder).free, sum(each.size for each in said.parts.values() if each.size > 0)
            if needed > room:
                raise ProjectError(f"its parts need {needed >> 20:,} MiB, and {room >> 20:,} MiB are free", where=str(file))
            problems = [problem for name, what in said.parts.items() if (problem := _copied(archive, name, what, folder / name))]
            write_about(folder, said)
        except OSError as error:
            raise ProjectError(
                f"it cannot be unpacked ({error.strerror})", where=str(folder), remedy="Choose another folder or free some space"
            ) from None
    return problems


def pack(folder: Path, file: Path) -> About:
    """Write the project in a folder into one file, in the place of the one before; what does not belong to a project stays out.

    Raises:
        ProjectError: where it cannot be written; the file before it stays as it was.
    """
    try:
        said = read_about(folder)
        with writing(file) as add:
            parts = {}
            for name, source in sources(folder).items():
                with source.open("rb") as opened:
                    parts[name] = add(name, opened)
            said = About(said.world, said.run, said.names, time.time(), versions(), parts)
            add(ABOUT, BytesIO(written(said)))
    except OSError as error:
        raise ProjectError(
            f"the project cannot be saved ({error.strerror})", where=str(file), remedy="Choose another folder or free some space"
        ) from None
    return said


def sources(folder: Path) -> dict[str, Path]:
    """The files of a project's folder by part, worlds and settings first."""
    found = [folder / NOTES, folder / LAYOUT, folder / AGENT, *sorted((folder / "worlds").glob("*.json"))]
    for run in sorted((folder / "runs").glob("*/run.json")):
        found += [run, run.with_name("notes.json"), run.parent / checkpoint_of(run)]
    named = {file.relative_to(folder).as_posix(): file for file in found if file.is_file()}
    return {name: file for name, file in named.items() if _PART.fullmatch(name)}


def changed(folder: Path) -> list[str]:
    """The parts of a project's folder that are not as its project.json says; a checkpoint goes with its run.json."""
    known = read_about(folder).parts
    return [name for name, sum in _sums(folder).items() if sum != known.get(name)]


def as_saved(folder: Path, file: Path) -> bool:
    """Whether a project's file holds just what stands in a folder; ProjectError where it cannot be read."""
    return _sums(folder) == {name: sum for name, sum in about(file).parts.items() if not name.endswith(".npz")}


def checkpoint_of(run: Path) -> str:
    """The name of the file that run.json names; of one that cannot be read, a name that no file has."""
    try:
        return Path(str(json.loads(run.read_text(encoding="utf-8"))["checkpoint"])).name or "-"
    except (ValueError, LookupError, TypeError, RecursionError):
        return "-"


def copy_run(run: Path, place: Path) -> None:
    """Copy a kept run while another thread or program may be saving it; OSError where that is not possible."""
    for again in (True, True, True, False):
        try:
            described = run / "run.json"
            checkpoint = checkpoint_of(described)
            place.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(run / checkpoint, place / checkpoint)
            shutil.copyfile(described, place / "run.json")
            if checkpoint_of(place / "run.json") != checkpoint and again:
                continue
            with suppress(FileNotFoundError):
                shutil.copyfile(run / "notes.json", place / "notes.json")
            return
        except FileNotFoundError:
            if not again:
                raise


def read_about(folder: Path) -> About:
    """What project.json in a folder says; nothing where there is none."""
    try:
        return described((folder / ABOUT).read_bytes(), str(folder / ABOUT))
    except FileNotFoundError:
        return About()


def write_about(folder: Path, said: About) -> None:
    """Write project.json into a folder; OSError where that is not possible."""
    with replacing(folder / ABOUT) as file:
        file.write(written(said))


def written(said: About) -> bytes:
    """project.json."""
    return json.dumps({"format": FORMAT} | asdict(said), indent=1, ensure_ascii=False).encode(errors="replace")


def unwritable(error: ValuescapeError | OSError, where: Path) -> ValuescapeError:
    """Why something could not be written, as a person is told of it."""
    if isinstance(error, ValuescapeError):
        return error
    remedy = "Choose another folder or free some space"
    return ProjectError(f"it cannot be written ({error.strerror})", where=str(error.filename or where), remedy=remedy)


def _about(archive: Archive) -> About:
    if ABOUT not in archive.parts:
        raise ProjectError("this is no project, or a damaged one", where=str(archive.file))
    return described(archive.read(ABOUT, LARGEST_TEXT), str(archive.file))


def _copied(archive: Archive, name: str, what: Sum, target: Path | None) -> str | None:
    """Copy a part if it belongs to a project: what is wrong with it, and then it is not there."""
    if not _PART.fullmatch(name):
        return None
    if name not in archive.parts:  # whose names are safe
        return f"'{name}' is missing"
    try:
        if target is None:
            same = archive.copy(name, None, _most(name)) == what
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                same = archive.copy(name, file, _most(name)) == what
        problem = None if same else f"'{name}' is damaged"
    except ProjectError as error:
        problem = error.what
    if problem is not None and target is not None:
        target.unlink(missing_ok=True)
    return problem


def _sums(folder: Path) -> dict[str, Sum]:
    """What each part in a project's folder is; a checkpoint goes with its run.json."""
    return {name: _sum_of(file) for name, file in sources(folder).items() if not name.endswith(".npz")}


def _sum_of(file: Path) -> Sum:
    data = file.read_bytes()
    return Sum(len(data), hashlib.sha256(data).hexdigest())


def _most(name: str) -> int | None:
    return None if name.endswith(".npz") else LARGEST_TEXT


def _texts(values: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in values.items()}
