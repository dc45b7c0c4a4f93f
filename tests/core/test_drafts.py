"""Drafts survive a studio that is killed, and are offered once, never while their studio is open."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.drafts import Draft, Drafts
from core.worlds.grid import GridWorld
from core.worlds.library import library_world, names
from core.worlds.world import compact, dump, parse

WORLD = GridWorld(map=("S.G",), title="Mine")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "drafts"


def killed(folder: Path, keeps: int = 1) -> None:
    """A studio that keeps drafts and is killed without warning."""
    code = f"""
from pathlib import Path
from core.drafts import Draft, Drafts
from core.worlds.grid import Cell, GridWorld
drafts, world = Drafts(Path({str(folder)!r})), GridWorld(map=("S" + "." * 30 + "G",), title="Mine")
for column in range(1, {keeps} + 1):
    world = world.painted([(0, column)], Cell.trap)
    drafts.keep(Draft(world, "mine.json", Path("/somewhere/mine.json"), when=float(column)))
print("kept", flush=True)
import time; time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None and process.stdout.readline() == "kept\n"
        beside = Drafts(folder)
        assert beside.left() == []
        beside.close()
        process.send_signal(signal.SIGKILL)


def test_what_a_killed_studio_kept_is_left(folder: Path) -> None:
    killed(folder, keeps=3)
    drafts = Drafts(folder)
    (left,) = drafts.left()
    assert left.draft.name == "mine.json" and left.draft.path == Path("/somewhere/mine.json") and left.draft.when == 3.0
    assert isinstance(left.draft.world, GridWorld) and left.draft.world.map == ("STTT" + "." * 27 + "G",)
    beside = Drafts(folder)
    assert beside.left() == [], "a second studio does not offer what the first is offering"
    beside.close()
    drafts.discard(left)
    drafts.close()
    assert list(folder.iterdir()) == []


def test_a_draft_put_off_is_offered_to_the_next(folder: Path) -> None:
    killed(folder)
    first = Drafts(folder)
    assert len(first.left()) == 1
    first.close()
    assert len(Drafts(folder).left()) == 1


def test_a_studio_that_ends_as_it_should_leaves_nothing(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.keep(Draft(WORLD, "mine", None))
    assert len(list(folder.glob("*.json"))) == 1
    drafts.close()
    assert list(folder.iterdir()) == []


def test_a_damaged_draft_is_set_aside(folder: Path) -> None:
    folder.mkdir()
    (folder / "one.json").write_text('{"format": 1, "world": {"kind": "grid"')
    (folder / "two.json").write_text('{"format": 1, "name": "x", "path": null, "when": 1, "world": {"kind": "evil"}}')
    assert Drafts(folder).left() == []
    assert sorted(file.name for file in folder.glob("*.damaged")) == ["one.damaged", "two.damaged"]


def test_a_draft_that_cannot_be_read_now_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another studio may just have taken it away, or a disk be unwell."""
    killed(folder)
    drafts = Drafts(folder)

    def refused(self: Path) -> bytes:
        raise OSError(errno.EIO, "injected")

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert drafts.left() == []
    monkeypatch.undo()
    (left,) = drafts.left()
    drafts.discard(left)
    drafts.close()
    assert list(folder.iterdir()) == []


def test_what_a_studio_that_was_killed_wrote_half_is_swept_away(folder: Path) -> None:
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    for process, age in ((gone.pid, 3600), (os.getpid(), 3600)):
        stray = folder / f".one.json.{process}.tmp"
        stray.touch()
        os.utime(stray, (time.time() - age,) * 2)
    drafts = Drafts(folder)
    assert drafts.left() == []
    assert [stray.name for stray in folder.glob(".*.tmp")] == [f".one.json.{os.getpid()}.tmp"]
    drafts.close()


def test_saving_is_clearing(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.keep(Draft(WORLD, "mine", None))
    drafts.clear()
    drafts.clear()
    assert list(folder.glob("*.json")) == []
    drafts.close()


@pytest.mark.parametrize("name", names())
def test_every_library_world_is_kept_as_it_is(folder: Path, name: str) -> None:
    drafts = Drafts(folder)
    world = library_world(name)
    drafts.keep(Draft(world, name, None))
    assert parse(compact(world), name) == world == parse(dump(world), name)
    drafts.close()
