"""The runs that are kept in a folder, as a list: read from their descriptions alone, and those that are damaged, too."""

import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from platformdirs import user_data_path

from core.config import build
from core.errors import ValuescapeError
from core.learner import LearnerConfig
from core.registry import algorithm
from core.runs import notes
from core.runs.folder import describe
from core.runs.notes import Notes
from core.runs.scores import told_of
from core.runs.spec import RunSpec

TRASH = ".trash"


@dataclass(frozen=True)
class Entry:
    """One kept run, as far as it can be read.

    Attributes:
        folder: where it is.
        saved: seconds since 1970.
        world, world_ko: title of the world, and in Korean where it has one.
        world_name: library name or file of the world.
        algorithm: the learner's name.
        settings: those that are not the defaults, by title.
        units: of work done.
        members: learners side by side.
        score: mean over members of their last 100 returns; None where no episode ended or an older Valuescape kept the run.
        finished: whether its limit was reached.
        automatic: whether nobody asked for it to be kept.
        notes: what a person says of it.
        problem: why it cannot be opened; None where it can, as far as the description tells.
    """

    folder: Path
    saved: float = 0.0
    world: str = ""
    world_ko: str = ""
    world_name: str = ""
    algorithm: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    units: int = 0
    members: int = 1
    score: float | None = None
    finished: bool = False
    automatic: bool = False
    notes: Notes = field(default_factory=Notes)
    problem: str | None = None

    @property
    def name(self) -> str:
        """As the person calls it, else its folder."""
        return self.notes.name or self.folder.name


def home() -> Path:
    """Where runs of this user are kept."""
    return user_data_path("valuescape") / "runs"


class Library:
    """The runs in a folder; what has not changed since it was read is not read again.

    Args:
        folder: may be missing.

    Attributes:
        beside: another folder of runs, as of a project that is open.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.beside: Path | None = None
        self._read: dict[Path, tuple[tuple[int, ...], Entry]] = {}

    def entries(self) -> Iterator[Entry]:
        """Every kept run, the one saved last first by its folder's time; what holds no run.json is none."""
        found = {place: stamp for place in self._folders() if (stamp := _stamp(place))}
        self._read = {place: known for place, known in self._read.items() if place in found}
        for place, stamp in sorted(found.items(), key=lambda each: -each[1][0]):
            known = self._read.get(place)
            if known is None or known[0] != stamp:
                known = self._read[place] = stamp, read(place)
            yield known[1]

    def _folders(self) -> list[Path]:
        return folders(self.folder) + (folders(self.beside) if self.beside is not None else [])


def folders(home: Path) -> list[Path]:
    """Every folder that may hold a run."""
    try:
        return [place for place in home.iterdir() if place.is_dir() and not place.name.startswith(".")]
    except OSError:
        return []


def name_of(spec: RunSpec) -> str:
    """Of a run's folder: date, algorithm, world."""
    world = re.split(r"[/:]", spec.world_name.partition("?")[0])[-1] or spec.world.title or spec.world.kind
    world = re.sub(r"[^\w\-. ]+", "-", world).strip(" .-")[:40].strip(" .-")
    return f"{time.strftime('%Y-%m-%d %H.%M.%S')} {spec.algorithm} {world}".strip()


def read(folder: Path) -> Entry:
    """What run.json and the notes tell; where they are damaged, the entry says so. Never raises."""
    said = notes.read(folder)
    try:
        saved = (folder / "run.json").stat().st_mtime
    except OSError:
        saved = 0.0
    try:
        described = describe(folder)
        spec, score = described["spec"], described.get("score")
        chosen, world = algorithm(spec["algorithm"]), spec["world"]
        return Entry(
            folder, float(described.get("saved", saved)), str(world.get("title") or ""), str(world.get("title_ko") or ""),
            str(spec.get("world_name") or ""), spec["algorithm"],
            told_of(build(chosen.config, spec.get("config", {})), but=chosen.config()) | _varied(chosen.config, spec) | _common(spec),
            int(described["units"]), int(spec.get("members", 1)), None if score is None else float(score), bool(described["finished"]),
            described.get("automatic") == folder.name, said, _missing(folder, described),
        )  # fmt: skip
    except ValuescapeError as error:
        return Entry(folder, saved, notes=said, problem=error.what)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        return Entry(folder, saved, notes=said, problem="the run's description is damaged")


def set_aside(folder: Path) -> Path:
    """Move a run's folder to the trash beside it; where it is now. OSError where that is not possible."""
    trash = folder.parent / TRASH
    trash.mkdir(exist_ok=True)
    place = trash / f"{folder.name} {uuid4().hex[:6]}"
    shutil.move(folder, place)
    return place


def put_back(trashed: Path, folder: Path) -> None:
    """Undo that; OSError where the place is taken or gone."""
    if folder.exists():
        raise FileExistsError(17, "the folder exists", str(folder))
    shutil.move(trashed, folder)


def _missing(folder: Path, described: Mapping[str, object]) -> str | None:
    checkpoint = folder / Path(str(described.get("checkpoint"))).name
    return None if checkpoint.is_file() else "the run's checkpoint is missing"


def _common(spec: Mapping[str, Any]) -> dict[str, str]:
    """What every run is told beside its settings, where it was."""
    asked = {"Seed": spec.get("seed"), "Steps": spec.get("steps"), "Episodes": spec.get("episodes")}
    changes = spec.get("changes")
    asked["Changes"] = len(changes) if isinstance(changes, list) else 0
    return {title: f"{value}" for title, value in asked.items() if value}


def _varied(config: type[LearnerConfig], spec: Mapping[str, Any]) -> dict[str, str]:
    """The settings in which members differ, by title."""
    return {str(config.model_fields[name].title): ", ".join(map(str, values)) for name, values in spec.get("vary", {}).items()}


def _stamp(folder: Path) -> tuple[int, ...]:
    """When run.json and the notes were written; nothing where there is no run.json."""
    times = []
    for name in ("run.json", notes.FILE):
        try:
            times.append((folder / name).stat().st_mtime_ns)
        except OSError:
            times.append(0)
    return tuple(times) if times[0] else ()
