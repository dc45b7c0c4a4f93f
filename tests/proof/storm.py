"""Kills processes while they save, and looks at what is left: a program of its own, so that it may fork.

    python tests/proof/storm.py [KILLS [FORM ...]]

A child saves one version after another over the same files and is killed without warning after a random time. Whatever is found then must
open, and be a version no older than the last one that the child had reported as saved. Prints one JSON line.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.drafts import Draft, Drafts
from core.files import replacing
from core.learner import Budget
from core.projects.claim import Access, claim
from core.projects.left import left
from core.projects.project import unpack
from core.projects.workspace import Workspace, made, opened
from core.runs import autosave, folder, library
from core.runs.autosave import Autosave
from core.runs.session import Session
from core.runs.spec import RunSpec
from core.worlds.grid import GridWorld
from core.worlds.library import open_world
from core.worlds.world import dump, load

RUN = Path(__file__).parents[1] / "samples" / "runs" / "format-2" / "tabular"
ROW = "S" + "." * 400 + "G"


def save_world(place: Path, version: int) -> None:
    with replacing(place / "world.json") as file:
        file.write(dump(GridWorld(map=(ROW,) * 40, title=str(version))).encode())


def read_world(place: Path) -> int:
    return int(load(place / "world.json").title)


def save_draft(place: Path, version: int) -> None:
    drafts = Drafts(place / "drafts")
    drafts.keep(Draft(GridWorld(map=(ROW,) * 40, title=str(version)), "mine", None))
    for old in sorted((place / "drafts").glob("*.json")):
        if old != drafts.file:
            old.unlink()


def read_draft(place: Path) -> int:
    drafts = Drafts(place / "drafts")
    found = [int(left.draft.world.title) for left in drafts.left()]
    damaged = list((place / "drafts").glob("*.damaged"))
    drafts.close()
    assert not damaged, damaged
    return max(found)


SESSION = Session(RunSpec(world=open_world("grid/four-rooms-10x10"), algorithm="monte-carlo-prediction", seed=1))
while SESSION.units < 20_000:
    SESSION.advance(Budget(20_000 - SESSION.units))


def save_run(place: Path, version: int) -> None:
    SESSION.units = version
    folder.save(SESSION, place / "run")


def read_run(place: Path) -> int:
    return folder.resume(place / "run").units


KEEPERS: dict[int, Autosave] = {}
"""The one of each process: a child must not use the thread of its parent."""


def autosave_run(place: Path, version: int) -> None:
    home = place / "runs"
    keeper = KEEPERS.get(os.getpid())
    if keeper is None:
        keeper = KEEPERS[os.getpid()] = Autosave(home, refused=sys.exit)
        SESSION.units = -1
        keeper.begin(SESSION, next(iter(library.folders(home)), None))
    SESSION.units = version
    keeper.keep(SESSION)
    keeper.wait()
    if os.getpid() == PARENT:
        KEEPERS.pop(PARENT).close()


def read_autosaved(place: Path) -> int:
    for found in autosave.left(place / "runs"):
        found.let_go()
    (run,) = library.folders(place / "runs")
    return folder.resume(run).units


PARENT = os.getpid()
PROJECTS: dict[int, Workspace] = {}


def save_project(place: Path, version: int) -> None:
    """As a studio does that opens a project, edits its world and saves it."""
    file, workspace = place / "one.valuescape", PROJECTS.get(os.getpid())
    if workspace is None:
        workspace = opened(place / "projects", file, claim(file)) if file.exists() else made(place / "projects")
        PROJECTS[os.getpid()] = workspace
        if workspace.file is None:
            workspace.add_run(RUN)
            assert workspace.belong_to(file).access is Access.ours
    assert not workspace.read_only, "the lock of a studio that was killed is no lock"
    workspace.keep_world(GridWorld(map=(ROW,) * 40, title=str(version)), "one", next(iter(workspace.worlds), None))
    workspace.save()
    if os.getpid() == PARENT:
        PROJECTS.pop(PARENT).close()


def read_project(place: Path) -> int:
    for found in left(place / "projects"):
        found.discard()
    with tempfile.TemporaryDirectory() as out:
        damaged = unpack(place / "one.valuescape", Path(out) / "out")
        assert not damaged, damaged
        assert folder.resume(Path(out) / "out" / "runs" / RUN.name).units == 400
        return int(load(next((Path(out) / "out" / "worlds").iterdir())).title)


def edit_project(place: Path, version: int) -> None:
    """As a studio does in which a project is edited and never saved."""
    workspace = PROJECTS.get(os.getpid())
    if workspace is None:
        workspace = PROJECTS[os.getpid()] = made(place / "projects")
    workspace.keep_world(GridWorld(map=(ROW,) * 40, title=str(version)), "one", next(iter(workspace.worlds), None))
    for old in left(place / "projects"):
        old.discard()
    if os.getpid() == PARENT:
        PROJECTS.pop(PARENT).close(keep=True)


def read_edited(place: Path) -> int:
    found = []
    for each in left(place / "projects"):
        with suppress(StopIteration):  # killed before its first edit
            found.append(int(load(next(each.place.glob("worlds/*.json"))).title))
        each.lock.release()
    return max(found)


FORMS: dict[str, tuple[Callable[[Path, int], None], Callable[[Path], int], float]] = {
    "world": (save_world, read_world, 0.03), "draft": (save_draft, read_draft, 0.03), "run": (save_run, read_run, 0.12),
    "autosave": (autosave_run, read_autosaved, 0.12), "project": (save_project, read_project, 0.3),
    "edited project": (edit_project, read_edited, 0.12),
}  # fmt: skip
"""How each is saved and read, and the seconds until the kill at most."""


def storm(name: str, kills: int, place: Path, rng: random.Random) -> dict[str, int]:
    """Kill `kills` children; how many saves there were, and how many files were lost."""
    save, read, longest = FORMS[name]
    save(place, 0)
    reported, lost, strays = 0, 0, 0
    for _ in range(kills):
        receiving, sending = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(receiving)
            version = reported
            while True:
                version += 1
                save(place, version)
                os.write(sending, b"%d\n" % version)
        os.close(sending)
        time.sleep(rng.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(receiving, "rb") as pipe:
            told = [int(line) for line in pipe.read().split()]
        reported = max([reported, *told])
        try:
            found = read(place)
            lost += not reported <= found <= reported + 1
            reported = max(reported, found)
        except Exception as error:
            print(f"{name}: {error!r}", file=sys.stderr)
            lost += 1
        strays = max(strays, len(list(place.rglob(".*.tmp"))))
    for stray in place.rglob(".*.tmp"):
        os.utime(stray, (0, 0))
    save(place, reported + 1)
    remain = [stray for stray in place.rglob(".*.tmp") if stray.parent.name != "drafts"]
    return {"kills": kills, "saves": reported, "lost": lost, "most strays": strays, "strays left": len(remain)}


if __name__ == "__main__":
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    found = {}
    for name in sys.argv[2:] or FORMS:
        with tempfile.TemporaryDirectory() as place:
            found[name] = storm(name, kills, Path(place), random.Random(name))
    print(json.dumps(found))
